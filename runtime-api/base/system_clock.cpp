#include "runtime-api/base/system_clock.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <optional>
#include <utility>

namespace kelvin {
namespace {

using timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

/// What the timer's handler shares with the alarm, so that the alarm may die first.
struct alarm_state {
  alarm_state(boost::asio::io_context& context, std::function<void()> callback)
      : waiting(context.get_executor()), on_due(std::move(callback)) {}

  timer waiting;
  std::function<void()> on_due;
  std::optional<steady_time> due;
  std::optional<steady_time> armed;
};

void arm(const std::shared_ptr<alarm_state>& state, steady_time when) {
  state->armed = when;
  state->waiting.expires_at(when);
  state->waiting.async_wait([weak = std::weak_ptr(state)](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self) {
      return;
    }
    self->armed.reset();
    if (!self->due) {
      return;
    }
    if (*self->due > std::chrono::steady_clock::now()) {
      arm(self, *self->due);
      return;
    }
    self->due.reset();
    self->on_due();
  });
}

/// Moving the due time later leaves the armed timer as it is: it fires early, sees that nothing is
/// due and arms itself for the rest. On a busy connection that saves two system calls a request.
class system_alarm final : public alarm {
 public:
  explicit system_alarm(std::shared_ptr<alarm_state> state) : state_(std::move(state)) {}
  ~system_alarm() override {
    state_->due.reset();
    state_->waiting.cancel();
  }

  void set(steady_time due) override {
    state_->due = due;
    if (!state_->armed || *state_->armed > due) {
      arm(state_, due);
    }
  }

  void clear() override { state_->due.reset(); }

 private:
  std::shared_ptr<alarm_state> state_;
};

}  // namespace

std::unique_ptr<alarm> system_clock::make_alarm(std::function<void()> on_due) {
  return std::make_unique<system_alarm>(std::make_shared<alarm_state>(context_, std::move(on_due)));
}

}  // namespace kelvin
