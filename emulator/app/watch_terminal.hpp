#pragma once

#include "emulator/app/server.hpp"
#include "emulator/app/settings.hpp"
#include "emulator/terminal/watch_screen.hpp"

#include <functional>
#include <memory>

namespace kelvin {

/// What keys of a terminal have done.
struct watch_actions {
  std::function<void()> quit;
  std::function<void()> restart;
  std::function<void()> rebuild;  ///< null: nothing is built
};

/// The terminal of `kelvin watch`: status lines below the log, and what its keys do.
class watch_terminal {
 public:
  /// Null: lines stay plain, as in the JSON format and where stderr is not a terminal. The server must outlive it, and
  /// not run any more when it goes.
  static std::unique_ptr<watch_terminal> begin(server& serves, const settings& chosen, watch_actions actions);

 private:
  watch_terminal(server& serves, watch_actions actions) : serves_(serves), actions_(std::move(actions)) {}

  void on_key(key_action action);
  void rebuild();
  /// One at a time: the next may ask again when the answer is there.
  void invoke_again();
  awaitable<void> invoke(invocation_request request);

  server& serves_;
  const watch_actions actions_;
  bool invoking_ = false;
  std::unique_ptr<watch_screen> screen_;
};

}  // namespace kelvin
