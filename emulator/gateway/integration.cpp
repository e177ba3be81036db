#include "emulator/gateway/integration.hpp"

#include <utility>

namespace kelvin {

std::shared_ptr<integration> integration::begin(invoker& on, task_group& tasks, invocation_request request,
                                                deadline_queue& deadlines, std::optional<steady_time> due) {
  const auto made = std::make_shared<integration>();
  if (due) {
    made->patience_ = deadlines.add(*due, [self = std::weak_ptr<integration>(made)] {
      if (const auto alive = self.lock()) {
        alive->settle(std::nullopt);
      }
    });
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
    patience_.reset();
    outcome_.set_at_last(std::move(outcome));
  }
}

}  // namespace kelvin
