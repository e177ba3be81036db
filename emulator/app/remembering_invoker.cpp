#include "emulator/app/remembering_invoker.hpp"

#include <utility>

namespace kelvin {
namespace {

invocation_request made_again(const invocation_request& from) {
  invocation_request made;
  made.function_name = from.function_name;
  made.invoked_function_arn = from.invoked_function_arn;
  made.event = from.event.clone();
  made.content_type = from.content_type;
  made.client_context = from.client_context;
  made.cognito_identity = from.cognito_identity;
  return made;
}

}  // namespace

std::optional<invocation_request> remembering_invoker::last_again() const {
  return last_ ? std::optional(made_again(*last_)) : std::nullopt;
}

awaitable<invocation_outcome> remembering_invoker::invoke(invocation_request request) {
  if (remembers_) {
    last_.reset();
    if (request.event.size() <= limits::event_bytes) {
      last_ = made_again(request);
    }
  }
  // Not a coroutine itself: the usual invocation costs no frame here.
  return next_.invoke(std::move(request));
}

}  // namespace kelvin
