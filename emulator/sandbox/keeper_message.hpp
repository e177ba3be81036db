#pragma once

#include "emulator/sandbox/sandbox.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What kelvin and a keeper say to each other over their SOCK_SEQPACKET socket. Both ends are the same
/// program image, so structures travel as they are in memory.
namespace kelvin {

enum class order_kind : std::uint8_t {
  prepare,    ///< get ready for the start to come; `isolated` as it is expected to be
  start,      ///< run a program; descriptors: standard input (commands only), output, error, [tmp], [text file]
  terminate,  ///< SIGTERM to the first process's group
  signal,     ///< `number` to the first process alone
  stop,       ///< ask the whole tree to end for `number` ms, kill what is left, report `gone` and exit
};

enum class child_kind : std::uint8_t {
  sandbox,  ///< own process group, no terminal, /dev/null as standard input, bounded descriptors
  command,  ///< joins kelvin's process group, so that the terminal's job control concerns it
};

/// Which file a path leads to, whatever namespace it is looked up in.
struct file_identity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;  ///< 0: none
  bool operator==(const file_identity&) const = default;
};

/// Heads every message to a keeper. Behind a start's header follow, each ended by a NUL: the program,
/// argument_count arguments (argv[0] included), variable_count variables, the working directory and, if
/// isolated, the code folder and the layer folder (may be empty); in a file descriptor of their own where
/// they are too long for a packet.
struct keeper_order {
  order_kind kind{};
  child_kind child{};
  bool text_in_file = false;
  bool isolated = false;
  bool with_tmp = false;    ///< a kept /tmp comes along
  bool stopped = false;     ///< of a start that is not isolated
  std::int32_t number = 0;  ///< a signal; of a stop the grace in ms; of a command's start the process group to join
  std::uint32_t argument_count = 0;
  std::uint32_t variable_count = 0;
  std::uint32_t text_bytes = 0;
  std::uint64_t tmp_bytes = 0;
  file_identity code_identity;  ///< of an isolated start; filled in by the keeper for its init
  file_identity layer_identity;
};

/// A start's text up to this size travels inside the packet.
inline constexpr std::size_t inline_text_bytes = 32 * 1024;

/// Which step of a start failed.
enum class start_step : std::uint8_t {
  none,
  read_order,
  fork,
  parent_death_signal,
  process_group,
  standard_streams,
  working_directory,
  descriptor_limit,
  stop_at_begin,
  execute,
  // Of isolation level `lambda`, in their order.
  namespaces,
  user_mapping,
  private_mounts,
  new_root,
  bind_folder,
  code_folder,
  layer_folder,
  program_snapshot,
  devices,
  read_only,
  process_file_system,
  private_tmp,
  change_root,
  capabilities,
  process_limit,
  first_process,
};

enum class report_kind : std::uint8_t {
  started,  ///< exec is done
  failed,   ///< `step` failed with `error`; the keeper takes another start
  exited,   ///< the first process ended
  gone,     ///< no process of the tree is left; the keeper exits
};

struct keeper_report {
  report_kind kind{};
  start_step step = start_step::none;
  std::int32_t error = 0;        ///< errno
  std::int32_t process_id = 0;   ///< of the first process, as kelvin sees it
  std::int32_t reaper = 0;       ///< with started: who takes in the tree's orphans
  std::int32_t group = 0;        ///< with started: the keeper, if it stands in control groups of its own
  std::int32_t wait_status = 0;  ///< as wait() gives it
  std::int64_t executed_ns = 0;  ///< CLOCK_MONOTONIC
  std::int64_t cpu_user_us = 0;
  std::int64_t cpu_system_us = 0;
  std::int64_t max_resident_kib = 0;
  char subject[96] = {};  ///< what the failed step was about, a path; may be cut
};

/// A start as kelvin sees it. Views and references last for the call.
struct start_request {
  child_kind child = child_kind::sandbox;
  std::int32_t process_group = 0;  ///< to join, for a command
  std::string_view program;
  std::string_view name;  ///< argv[0]
  const std::vector<std::string>& arguments;
  const std::vector<std::string>& variables;
  std::string_view working_directory;
  const isolation_specification* isolation = nullptr;
  bool stopped = false;  ///< as in a process_specification
};

/// Header and text, ready to be sent. Precondition: no string holds a NUL.
std::string encode_start(const start_request& request);

/// Sends one packet with descriptors. Never raises SIGPIPE, never blocks. Returns 0 or errno.
int send_packet(int socket, std::string_view bytes, std::span<const int> descriptors = {}) noexcept;

/// What receive_packet found.
struct received_packet {
  ssize_t bytes = -1;  ///< 0: the peer is gone; -1: `error` says why not
  int error = 0;
  std::size_t descriptor_count = 0;
};

/// Receives one packet and the descriptors with it, which become the caller's and close on exec.
/// More descriptors than there is room for are closed.
received_packet receive_packet(int socket, std::span<char> buffer, std::span<int> descriptors, int flags) noexcept;

}  // namespace kelvin
