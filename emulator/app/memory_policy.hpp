#pragma once

#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/lifecycle_sink.hpp"

#include <memory>

namespace kelvin {

/// Keeps the memory of large payloads for the next ones while invocations go on, and gives it back to
/// the system soon after the last. Without that each 5 MB event costs thousands of page faults.
class memory_policy final : public lifecycle_sink {
 public:
  explicit memory_policy(clock& time);
  void report(const lifecycle_event& event) override;

 private:
  clock& clock_;
  std::unique_ptr<alarm> give_back_;
};

}  // namespace kelvin
