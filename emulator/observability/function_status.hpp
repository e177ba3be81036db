#pragma once

#include "runtime-api/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin {

/// One version of a function's code that has served.
struct served_version {
  unsigned number = 0;  ///< 0: the code as it was at the start
  std::optional<duration> init;
  std::uint64_t size_bytes = 0;  ///< of its bootstrap; 0: not known
};

/// What is known of a build of a function.
struct function_build {
  enum class state { none, waiting, running, failed, good };
  state is = state::none;
  std::string command;
  std::optional<steady_time> began;     ///< while it runs
  std::string sentence;                 ///< how the last one ended
  std::vector<std::string> last_lines;  ///< of its output
};

/// A watched function, as its users see it.
struct function_status {
  std::string name;
  served_version serving;
  std::optional<served_version> before;    ///< what it is compared with
  std::optional<steady_time> trial_began;  ///< a newer version is in its init phase
  std::string problem;                     ///< why newer code does not serve; empty: there is none
  function_build build;
};

/// The one word for it.
enum class status_word { building, starting, ready, failed };

/// building while a build waits or runs; else starting while a version is on trial; else failed after a failed build or
/// with a problem; else ready.
status_word word_of(const function_status& status);
/// `building`, `starting`, `ready`, `failed`.
std::string_view name_of(status_word word);

/// `none`, `waiting`, `running`, `failed`, `good`.
std::string_view name_of(function_build::state state);

/// `20.9 ms`, `2.41 s`.
std::string duration_text(duration time);
/// `0.3 KB`, `5.19 MB`.
std::string size_text(std::uint64_t bytes);
/// What is different against the version before: `init 20.9 ms (+3.5 ms), bootstrap 0.3 KB (same size)`; what is not
/// known is left out, so it may be empty.
std::string version_text(const function_status& status);

}  // namespace kelvin
