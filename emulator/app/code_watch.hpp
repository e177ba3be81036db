#pragma once

#include "emulator/app/load_functions.hpp"
#include "emulator/app/server.hpp"
#include "emulator/app/watched_paths.hpp"
#include "emulator/observability/status_board.hpp"
#include "emulator/watch/artifact_settling.hpp"
#include "emulator/watch/file_watcher.hpp"
#include "emulator/watch/snapshot_folder.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace kelvin {

/// Watches the code of a server's functions. A changed one is loaded anew once its files are whole and quiet, its
/// bootstrap copied, and the version put in the place of the one that serves; what is wrong with it is told, and the
/// old version serves on. How it goes stands on the board.
class code_watch final : private file_watch_observer {
 public:
  /// Watches everything, and puts a first version of each function on trial. All four must outlive this.
  /// Errors: those of describe_targets(), scratch_folder::make_folder() and file_watcher.
  static result<std::unique_ptr<code_watch>> begin(server& serves, const settings& chosen, scratch_folder& scratch,
                                                   status_board& board);

  /// Watches one function more, that is served already, and puts a version of it on trial. `from`: that function
  /// alone. Errors: those of file_watcher::watch(); it is tried all the same.
  result<void> add(const function_configuration& function, described_targets from);
  /// The function is described otherwise from now on: a version with the new settings is put on trial.
  void describe(const std::string& name, described_targets from);
  /// Watches a function no more.
  void remove(const std::string& name);
  /// Has each function's environments replaced by fresh ones of the code that serves; where newer code failed it is
  /// tried again, and what is on trial already stays so.
  void restart();

 private:
  struct watched_function {
    watched_function(std::string called, described_targets from, code_location at)
        : name(std::move(called)), described(std::move(from)), code(std::move(at)) {}

    const std::string name;
    described_targets described;  ///< this function alone
    code_location code;
    watched_artifact artifact{};  ///< as it was looked at last
    artifact_settling settling{artifact_kind::program};
    std::unique_ptr<alarm> look_again;
    bool is_removed = false;  ///< kept, since what is under way refers to it
    bool updating = false;
    bool changed_meanwhile = false;
    unsigned tried = 0;  ///< number of the last version that was put on trial
  };

  code_watch(server& serves, const settings& chosen, scratch_folder& scratch, status_board& board,
             std::string snapshots)
      : serves_(serves), chosen_(chosen), scratch_(scratch), board_(board), snapshots_(std::move(snapshots)) {}

  void on_changed(const std::string& set, const file_change& change) override;
  void on_watch_failure(const std::string& set, const failure& why) override;

  result<void> watch_files(const watched_function& at);
  void look(watched_function& at);
  static void find(watched_function& at);
  awaitable<void> update(watched_function& at);
  /// Loads, copies and puts on trial. What goes wrong is told.
  awaitable<void> try_version(watched_function& at);
  void settled(watched_function& at, served_version version, failed_init on_failure, std::optional<duration> init);
  void tell_problem(const watched_function& at, notice_level level, const std::string& what);

  server& serves_;
  const settings& chosen_;
  scratch_folder& scratch_;
  status_board& board_;
  snapshot_folder snapshots_;
  std::unique_ptr<file_watcher> files_;
  std::map<std::string, watched_function> functions_;
};

}  // namespace kelvin
