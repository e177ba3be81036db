#include "emulator/gateway/integration.hpp"

#include <utility>

namespace kelvin {

std::shared_ptr<integration> integration::begin(invoker& on, task_group& tasks, invocation_request request) {
  const auto made = std::make_shared<integration>();
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
  self->outcome_.set_at_last(std::move(outcome));
}

}  // namespace kelvin
