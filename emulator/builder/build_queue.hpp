#pragma once

#include "runtime-api/base/result.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace kelvin {

/// Where one build is.
enum class build_state {
  idle,        ///< nothing has changed yet, or it was given up
  waiting,     ///< something changed; it waits for a free place
  running,     ///< its command runs
  cancelling,  ///< its command was told to end
  failed,      ///< the last command failed; the old code serves
  good,        ///< the last command succeeded
};

/// What the queue wants done. Each is answered: a start and a cancel by one finished().
struct build_action {
  enum class kind { start, cancel };
  kind what;
  std::string build;
  bool operator==(const build_action&) const = default;
};

using build_actions = std::vector<build_action>;

/// Decides which builds run now: at most so many at once, each at most once, of those with a common place one at a
/// time; a change during a build cancels it and starts it again. Pure: calls in, actions out. Functions that one
/// command builds share a build.
class build_queue {
 public:
  /// Precondition: at_once > 0.
  explicit build_queue(std::size_t at_once);

  /// Makes a build known; `place` (its folder, say) may be common to several. Errors: invalid_state if it is known.
  result<void> add(const std::string& build, std::string place);
  /// Its sources have changed, or its first build is wanted. Changes while it waits, or is being cancelled, are one.
  /// Where changes have cancelled it limits::build_restarts times on end, it runs to its end before it starts again: so
  /// a project whose build writes among its own sources is built all the same. Errors: not_found.
  result<build_actions> changed(const std::string& build);
  /// Its command has ended, by itself or as it was told to. Errors: not_found; invalid_state if none runs.
  result<build_actions> finished(const std::string& build, bool good);
  /// It is not wanted any more: gives it up, and what runs is cancelled. Errors: not_found; invalid_state if it neither
  /// waits nor runs.
  result<build_actions> give_up(const std::string& build);
  /// Forgets a build. Errors: not_found; invalid_state while it waits, runs or is cancelled (give_up() goes before).
  result<void> remove(const std::string& build);

  /// Errors: not_found.
  result<build_state> state(const std::string& build) const;
  /// How often on end a change came while it ran: 0 once it has ended without one. Many, and nobody is typing: the
  /// build itself changes its sources. Errors: not_found.
  result<unsigned> restarts(const std::string& build) const;
  /// Builds whose command runs, those being cancelled included.
  std::size_t running() const noexcept;

 private:
  struct entry {
    std::string place;
    build_state state = build_state::idle;
    bool again = false;     ///< running or cancelling: to wait when it has ended
    unsigned restarts = 0;  ///< changes on end that came while it ran
  };

  result<entry*> find(const std::string& build);
  void begin_waiting(const std::string& build, entry& which);
  bool place_taken(const std::string& place) const;
  build_actions start_what_can();

  std::size_t at_once_;
  std::map<std::string, entry> builds_;
  std::deque<std::string> waiting_;  ///< first come first served
};

}  // namespace kelvin
