#pragma once

#include "emulator/app/build_watch.hpp"
#include "emulator/app/code_watch.hpp"
#include "emulator/app/project_watch.hpp"
#include "emulator/app/server.hpp"
#include "emulator/app/watch_terminal.hpp"

#include <functional>
#include <memory>

namespace kelvin {

/// All that `watch` has beyond `run`, in the order in which it depends on each other.
class watching {
 public:
  /// Begins everything. `quit` is what the key for it does. All must outlive this. Errors: those of its parts.
  static result<std::unique_ptr<watching>> begin(server& serves, const settings& chosen, scratch_folder& scratch,
                                                 std::function<void()> quit);

  /// Has builds end, and starts none any more.
  void stop() { builds_->stop(); }
  /// Waits until no build runs. To be called after stop().
  awaitable<void> ended() { return builds_->ended(); }
  /// Gives the terminal back as it was.
  void end_terminal() { terminal_.reset(); }

 private:
  watching(server& serves, settings chosen) : serves_(serves), current_(std::move(chosen)) {}

  result<void> begin_builds();
  result<std::vector<planned_build>> plan() const;
  void update_builds();
  void rebuild();

  server& serves_;
  settings current_;  ///< as files of variables say now
  std::unique_ptr<code_watch> code_;
  std::unique_ptr<build_watch> builds_;
  std::unique_ptr<project_watch> project_;
  std::unique_ptr<watch_terminal> terminal_;
};

}  // namespace kelvin
