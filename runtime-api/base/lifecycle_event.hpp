#pragma once

#include "runtime-api/base/clock.hpp"
#include "runtime-api/base/request_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace kelvin {

/// What happens to execution environments and invocations, named as the Telemetry API names its
/// platform events. Views last for the duration of the call that carries them.
enum class phase { init, invoke, shutdown };
enum class completion_status { success, failure, error, timeout };
enum class output_stream { standard_output, standard_error };
enum class notice_level { debug, info, warning, error };

/// Which execution environment an event concerns.
struct environment_label {
  std::string_view function_name;
  std::string_view log_stream_name;  ///< unique per environment, `YYYY/MM/DD/[$LATEST]<32 hex>`
};

/// The parts of a measured init (contract: cold starts, section 1). Init Duration is the sum of the
/// last two; `spawn` is kelvin's own cost and reported apart.
struct init_measurement {
  duration spawn{};            ///< asked for → exec called
  duration exec_to_connect{};  ///< exec called → first connection to the Runtime API
  duration connect_to_next{};  ///< first connection → first `next`
  duration init() const noexcept { return exec_to_connect + connect_to_next; }
};

struct platform_init_start {
  environment_label environment;
  kelvin::phase phase;
};

/// The runtime is at its first `next`.
struct platform_init_runtime_done {
  environment_label environment;
  kelvin::phase phase;
  init_measurement measured;
};

/// An init that failed or timed out: the INIT_REPORT line.
struct platform_init_report {
  environment_label environment;
  kelvin::phase phase;
  duration init_duration;
  completion_status status;
  std::string_view error_type;  ///< empty for a timeout
};

struct platform_start {
  environment_label environment;
  kelvin::request_id request_id;
  std::string_view version;
};

/// The END line.
struct platform_runtime_done {
  environment_label environment;
  kelvin::request_id request_id;
  completion_status status;
};

/// The REPORT line.
struct platform_report {
  environment_label environment;
  kelvin::request_id request_id;
  duration invoke_duration;
  std::optional<duration> init_duration;  ///< only on the first invocation after a good init phase
  std::uint64_t billed_duration_ms;
  unsigned memory_mib;
  unsigned max_memory_used_mib;
  completion_status status;
  std::string_view error_type;  ///< empty unless status is error
};

/// A platform-made message between START and END, e.g. `RequestId: … Error: Runtime exited …`.
struct platform_fault {
  environment_label environment;
  kelvin::request_id request_id;
  std::string_view message;  ///< whole text, its newlines included, none at the end
};

/// One line that the function wrote, without its newline.
struct function_output {
  environment_label environment;
  output_stream stream;
  std::string_view line;
};

/// An invocation was answered 429; it never had an environment.
struct invocation_throttled {
  std::string_view function_name;
};

/// The environment's processes are gone for good.
struct environment_ended {
  environment_label environment;
};

/// Something kelvin itself has to say to its user.
struct notice {
  notice_level level;
  std::string_view text;
};

using lifecycle_event = std::variant<platform_init_start, platform_init_runtime_done, platform_init_report,
                                     platform_start, platform_runtime_done, platform_report, platform_fault,
                                     function_output, invocation_throttled, environment_ended, notice>;

}  // namespace kelvin
