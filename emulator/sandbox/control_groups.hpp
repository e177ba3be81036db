#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace kelvin {

struct control_group_place;

enum class group_controller { cpu, memory, processes };

/// What a run of kelvin would hold its functions to, if it may.
struct group_wish {
  bool cpu = false;
  bool memory = false;
  bool processes = true;  ///< only beside one of the others

  /// Joining a group holds up every fork on the machine for milliseconds: not for a bound on processes alone.
  bool is_worth_groups() const noexcept { return cpu || memory; }
};

/// The control groups of one kelvin: a folder of its own in each hierarchy, `kelvin-<process>`, and in it a
/// group for each keeper and the tree below it, named by the keeper's process number. A keeper makes and
/// joins its own while it is parked; the spawner removes it when the keeper is gone, and all at kelvin's
/// end. A plain value: the same in kelvin, the spawner and the keepers.
class control_groups {
 public:
  /// None at all.
  control_groups() = default;
  /// Makes the folders, as far as this machine and user permit; removes those of kelvins that are gone.
  static control_groups make(const group_wish& wish);
  /// The same for given hierarchies; `owner` is this kelvin's process.
  static control_groups make(const group_wish& wish, const std::vector<control_group_place>& places, pid_t owner);

  /// Which version offers this controller to kelvin's groups; empty: none does.
  std::optional<int> version(group_controller which) const noexcept;
  bool empty() const noexcept { return hierarchies_.empty(); }
  /// The folder of a keeper's group that has this controller.
  std::string folder(group_controller which, pid_t keeper) const;

  /// Makes the groups of this process, a keeper that has no children yet, and moves it there; bounds the
  /// processes in them to limits::process_count. What fails is done without. Takes about 11 ms of waiting
  /// with version 1.
  bool join() const;
  /// Removes the groups of a keeper that is gone. False: not yet.
  bool remove(pid_t keeper) const;
  /// Removes everything; waits for processes that are about to end, briefly. For the spawner at kelvin's end.
  void remove_all() const;

 private:
  struct hierarchy {
    std::string base;      ///< kelvin's folder
    std::string own_leaf;  ///< version 2: where kelvin itself stands, for a group with groups holds no process
    bool unified = false;
    std::vector<group_controller> controllers;
  };

  bool add_version_1(const control_group_place& place, std::vector<group_controller> wanted, const std::string& name);
  bool add_unified(const control_group_place& place, std::vector<group_controller> wanted, const std::string& name);

  std::vector<hierarchy> hierarchies_;
};

/// All that a file holds; empty where it cannot be read.
std::string read_group_file(const std::string& path);
/// Writes a value to a file of a control group. Returns 0 or errno.
int write_group_file(const std::string& path, const std::string& value) noexcept;

}  // namespace kelvin
