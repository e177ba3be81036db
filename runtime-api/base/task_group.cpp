#include "runtime-api/base/task_group.hpp"

#include "runtime-api/base/one_shot.hpp"

#include <boost/asio/co_spawn.hpp>

#include <list>
#include <utility>
#include <variant>

namespace kelvin {

struct task_group::state {
  std::function<void(std::exception_ptr)> on_exception;
  std::size_t running = 0;
  std::list<one_shot<std::monostate>> waiting;

  void end(const std::exception_ptr& escaped) {
    --running;
    if (escaped && on_exception) {
      on_exception(escaped);
    }
    if (running == 0) {
      auto woken = std::exchange(waiting, {});
      for (auto& each : woken) {
        each.set({});
      }
    }
  }
};

task_group::task_group(boost::asio::io_context& context, std::function<void(std::exception_ptr)> on_exception)
    : context_(context), state_(std::make_shared<state>()) {
  state_->on_exception = std::move(on_exception);
}

task_group::~task_group() {
  state_->on_exception = nullptr;
}

void task_group::spawn(awaitable<void> task) {
  ++state_->running;
  boost::asio::co_spawn(context_.get_executor(), std::move(task),
                        [shared = state_](std::exception_ptr escaped) { shared->end(escaped); });
}

std::size_t task_group::size() const noexcept {
  return state_->running;
}

awaitable<void> task_group::wait_empty() {
  while (state_->running != 0) {
    co_await state_->waiting.emplace_back().wait();
  }
}

}  // namespace kelvin
