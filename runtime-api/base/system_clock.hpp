#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/clock.hpp"

namespace kelvin {

/// The real clock; its alarms run on `context`, which must outlive it.
class system_clock final : public clock {
 public:
  explicit system_clock(boost::asio::io_context& context) : context_(context) {}
  steady_time now() const override { return std::chrono::steady_clock::now(); }
  wall_time wall_now() const override { return std::chrono::system_clock::now(); }
  std::unique_ptr<alarm> make_alarm(std::function<void()> on_due) override;

 private:
  boost::asio::io_context& context_;
};

}  // namespace kelvin
