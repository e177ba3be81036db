#pragma once

#include "emulator/app/build_plan.hpp"
#include "emulator/builder/build_queue.hpp"
#include "emulator/builder/build_run.hpp"
#include "emulator/builder/source_filter.hpp"
#include "emulator/observability/status_board.hpp"
#include "emulator/watch/artifact_facts.hpp"
#include "emulator/watch/file_watcher.hpp"
#include "runtime-api/base/lifecycle_event.hpp"
#include "runtime-api/base/task_group.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// What builds need; all must outlive them.
struct build_services {
  boost::asio::io_context& context;
  kelvin::clock& clock;
  posix_sandbox_factory& sandboxes;
  status_board& board;
  std::function<void(notice_level, std::string_view)> tell;
  bool serves = true;  ///< older code serves while builds run and where they fail
};

/// Builds functions when their sources change: as many builds at once as the machine has cores, each one anew when its
/// sources change meanwhile. Output and outcomes are told, and stand on the board. What a build has made is for others
/// to take up.
class build_watch final : private file_watch_observer {
 public:
  using built_callback = std::function<void(const std::string& build, bool good)>;

  /// Watches the sources of all builds; those of kind `none` are told alone. Sources that cannot be watched are told
  /// too, and then build on rebuild() alone. `on_built`: called on the loop after each build that came to its end, with
  /// its name and whether it was good; it may call this, but not destroy it. Errors: those of file_watcher::open().
  static result<std::unique_ptr<build_watch>> begin(build_services with, std::vector<planned_build> plans,
                                                    built_callback on_built = {});

  /// Goes on with these builds: those that have the same command and folder as before are kept, with the functions and
  /// sources that they have now; new ones are watched, others ended and forgotten.
  void update(std::vector<planned_build> plans);
  /// Builds what is out of date.
  void build_what_is_old();
  /// Builds a function now, and anew if it is being built. False: nothing is known to build it.
  bool rebuild(const std::string& function);

  /// Whether a build runs or waits.
  bool is_busy() const;
  /// Has all builds end (SIGTERM, a moment later SIGKILL) and starts no more.
  void stop();
  /// Waits until no build runs. To be called after stop().
  awaitable<void> ended() { return runs_.wait_empty(); }

 private:
  struct watched_build {
    std::string id;  ///< for the queue and the watcher: names may come again
    planned_build plan;
    bool retired = false;                ///< forgotten once it has ended
    std::vector<source_filter> filters;  ///< one for each folder of sources
    std::unique_ptr<build_run> run;      ///< while it runs
    std::unique_ptr<alarm> progress;     ///< while it runs
    std::unique_ptr<alarm> postponed;    ///< for one that is started by its own doings
    steady_time began{};
    std::optional<steady_time> ended;
    unsigned in_a_row = 0;  ///< changes on end that came while it ran or right behind it
    std::map<std::string, artifact_facts> before;
  };

  build_watch(build_services with, built_callback on_built);

  void on_changed(const std::string& set, const file_change& change) override;
  void on_watch_failure(const std::string& set, const failure& why) override;

  void add(planned_build plan);
  void assign(watched_build& build, planned_build plan);
  void retire(watched_build& build);
  result<void> watch_sources(watched_build& build);
  bool is_source(watched_build& build, const std::string& path, bool is_folder);
  /// Sources that change with every build would keep it going for ever: such a build waits a while each time.
  bool is_postponed(watched_build& build, const file_change& change);
  void request(watched_build& build);
  void carry_out(const result<build_actions>& actions);
  awaitable<void> run(watched_build& build);
  void finish(watched_build& build, const result<build_outcome>& ran);
  void tell_good(watched_build& build, const std::string& sentence);
  void tell_failed(watched_build& build, const std::string& sentence);
  void tell_progress(watched_build& build);
  void remember_artifacts(watched_build& build);
  void show(watched_build& build, const std::function<void(function_build&)>& how);
  std::string serving_on(const watched_build& build) const;
  void tell(const watched_build& build, notice_level level, const std::string& what);

  build_services with_;
  built_callback on_built_;
  disk_project_files disk_;
  build_queue queue_;
  std::map<std::string, watched_build> builds_;  ///< by id
  unsigned last_id_ = 0;
  std::set<std::string> told_;  ///< why functions are not built, once each
  std::unique_ptr<file_watcher> files_;
  task_group runs_;
  bool stopping_ = false;
};

}  // namespace kelvin
