#include "emulator/app/watch_terminal.hpp"

#include "emulator/app/outcome_text.hpp"

#include <utility>

namespace kelvin {

std::unique_ptr<watch_terminal> watch_terminal::begin(server& serves, const settings& chosen, watch_actions actions) {
  if (chosen.log_format != log_format::text) {
    return nullptr;
  }
  std::unique_ptr<watch_terminal> made(new watch_terminal(serves, std::move(actions)));
  watch_screen_services services{serves.context(), serves.clock(), serves.log(), serves.statuses()};
  made->screen_ = watch_screen::begin(services, [at = made.get()](key_action action) { at->on_key(action); });
  if (!made->screen_) {
    return nullptr;
  }
  if (made->screen_->has_keys()) {
    serves.invocations().begin_remembering();
  }
  return made;
}

void watch_terminal::on_key(key_action action) {
  switch (action) {
    case key_action::quit: actions_.quit(); break;
    case key_action::restart:
      serves_.tell(notice_level::info, "restarting: each function gets fresh execution environments");
      actions_.restart();
      break;
    case key_action::rebuild: rebuild(); break;
    case key_action::invoke_again: invoke_again(); break;
    case key_action::help:
      for (const std::string_view each : key_help()) {
        serves_.tell(notice_level::info, each);
      }
      break;
  }
}

void watch_terminal::rebuild() {
  if (actions_.rebuild) {
    actions_.rebuild();
  } else {
    serves_.tell(notice_level::info, "nothing is built here: code is taken up when its files change");
  }
}

void watch_terminal::invoke_again() {
  if (invoking_) {
    serves_.tell(notice_level::info, "the event that was invoked again has no answer yet");
    return;
  }
  auto request = serves_.invocations().last_again();
  if (!request) {
    serves_.tell(notice_level::info, "there is no last event to invoke again: invoke a function first");
    return;
  }
  if (!serves_.registry().find(request->function_name)) {
    serves_.tell(notice_level::warning, "function " + request->function_name + ", which had the last event, is gone");
    return;
  }
  serves_.tell(notice_level::info, "function " + request->function_name + ": invoking the last event again (" +
                                       std::to_string(request->event.size()) + " bytes)");
  invoking_ = true;
  serves_.tasks().spawn(invoke(std::move(*request)));
}

awaitable<void> watch_terminal::invoke(invocation_request request) {
  const std::string name = request.function_name;
  const invocation_outcome outcome = co_await serves_.invocations().invoke(std::move(request));
  invoking_ = false;
  const outcome_line line = outcome_text(outcome);
  serves_.tell(line.level, "function " + name + ": " + line.text);
}

}  // namespace kelvin
