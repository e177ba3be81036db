#pragma once

#include "emulator/app/code_watch.hpp"
#include "emulator/app/load_functions.hpp"
#include "emulator/app/project_change.hpp"
#include "emulator/app/server.hpp"
#include "emulator/watch/file_watcher.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kelvin {

/// Watches what describes the functions: templates, what they include, and files of variables. When that changes,
/// functions come and go, those that are described otherwise are put on trial with their new settings, and routes are
/// served as they stand there now; who is not concerned notices nothing. What cannot be read is told, and all is served
/// on as it was.
class project_watch final : private file_watch_observer {
 public:
  /// `current`: what functions are loaded by; its variables are kept as their files say. `on_taken_up` is called when a
  /// change has been. All must outlive this.
  /// Errors: those of file_watcher.
  static result<std::unique_ptr<project_watch>> begin(server& serves, settings& current, scratch_folder& scratch,
                                                      code_watch& code, std::function<void()> on_taken_up);

 private:
  project_watch(server& serves, settings& current, scratch_folder& scratch, code_watch& code,
                std::function<void()> on_taken_up)
      : serves_(serves), current_(current), scratch_(scratch), code_(code), on_taken_up_(std::move(on_taken_up)) {}

  void on_changed(const std::string& set, const file_change& change) override;
  void on_watch_failure(const std::string& set, const failure& why) override;

  /// Reads everything again, and takes it up.
  result<void> reload();
  result<void> watch_files();
  void add_described(const std::vector<std::string>& names);
  void change_plain_functions();
  void serve_apis();
  /// What the templates describe without what leads to functions that are not there; `warnings` get what they say.
  std::vector<api_configuration> apis(std::vector<std::string>& warnings) const;
  std::vector<std::string> routes() const;

  server& serves_;
  settings& current_;
  scratch_folder& scratch_;
  code_watch& code_;
  const std::function<void()> on_taken_up_;
  described_targets described_;
  std::set<std::string> absent_;  ///< described, but not to be run
  std::set<std::string> told_;    ///< warnings
  std::unique_ptr<file_watcher> files_;
};

}  // namespace kelvin
