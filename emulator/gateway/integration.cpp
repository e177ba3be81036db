#include "emulator/gateway/integration.hpp"

#include <utility>

namespace kelvin {

std::shared_ptr<integration> integration::begin(invoker& on, kelvin::clock& time, task_group& tasks,
                                                invocation_request request,
                                                std::optional<std::chrono::milliseconds> timeout) {
  const auto made = std::make_shared<integration>();
  if (timeout) {
    made->patience_ = time.make_alarm([self = std::weak_ptr<integration>(made)] {
      if (const auto alive = self.lock()) {
        alive->settle(std::nullopt);
      }
    });
    made->patience_->set(time.now() + *timeout);
  }
  tasks.spawn(run(on, std::move(request), made));
  return made;
}

awaitable<void> integration::run(invoker& on, invocation_request request, std::shared_ptr<integration> self) {
  const std::shared_ptr<byte_channel> stream = request.stream;
  invocation_outcome outcome = co_await on.invoke(std::move(request));
  if (stream) {
    // A refused invocation never had a stream's end.
    stream->end();
  }
  self->settle(std::move(outcome));
}

void integration::settle(std::optional<invocation_outcome> outcome) {
  if (!outcome_.is_set()) {
    if (patience_) {
      patience_->clear();
    }
    outcome_.set(std::move(outcome));
  }
}

}  // namespace kelvin
