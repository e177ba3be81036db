#pragma once

namespace kelvin {

class control_groups;

/// The whole life of a keeper: the process, forked from the spawner, that starts and owns one process
/// tree for kelvin. `socket` leads to kelvin; its end means that kelvin is gone or wants the tree
/// gone. Descendants that leave their session or lose their parent come back to the keeper (it is a
/// child subreaper), so that it always finds all of them. It stands in a control group of its own in each
/// hierarchy of `groups`, which its children inherit. Never returns.
/// Preconditions: as start_child; 0, 1 and 2 are open.
[[noreturn]] void run_keeper(int socket, const control_groups& groups) noexcept;

}  // namespace kelvin
