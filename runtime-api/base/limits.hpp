#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound kelvin keeps. AWS's own figures name their source; the others are ours and are listed
/// in docs/specification.md.
namespace kelvin::limits {

using namespace std::chrono_literals;

// AWS: Lambda quotas; the 100 bytes of slack were read in the Runtime Interface Emulator and in
// recorded answers.
inline constexpr std::size_t event_bytes = 6 * 1024 * 1024;
inline constexpr std::size_t response_bytes = 6 * 1024 * 1024 + 100;
inline constexpr std::size_t streamed_response_bytes = 200u * 1024 * 1024;  ///< since July 2025
inline constexpr std::size_t client_context_bytes = 3583;
inline constexpr std::size_t environment_variables_bytes = 4096;
inline constexpr unsigned memory_mib_min = 128;
inline constexpr unsigned memory_mib_max = 10240;
inline constexpr auto function_timeout_min = 1s;
inline constexpr auto function_timeout_max = 900s;
inline constexpr unsigned account_concurrency = 1000;
inline constexpr unsigned layers = 5;
inline constexpr unsigned process_descriptors = 1024;
inline constexpr unsigned process_count = 1024;             ///< processes and threads, at isolation level `lambda`
inline constexpr unsigned ephemeral_storage_mib_min = 512;  ///< /tmp; also the default
inline constexpr unsigned ephemeral_storage_mib_max = 10240;
inline constexpr std::size_t zip_unpacked_bytes = 250u * 1024 * 1024;

// AWS: Lambda execution environment lifecycle.
inline constexpr auto init_phase = 10s;

// Ours: the callers' port.
inline constexpr std::size_t caller_header_bytes = 16 * 1024;
inline constexpr std::size_t header_fields = 128;
inline constexpr std::size_t connections = 4096;
inline constexpr auto header_read = 20s;          ///< first byte of a request to the end of its header
inline constexpr auto body_read_idle = 30s;       ///< longest silence inside a body
inline constexpr auto response_write_idle = 30s;  ///< longest time a peer takes nothing of an answer
inline constexpr auto keep_alive_idle = 120s;     ///< between two requests of a caller

// Ours: Runtime API ports.
inline constexpr std::size_t runtime_header_bytes = 2 * 1024 * 1024;
inline constexpr std::size_t runtime_connections = 256;
inline constexpr std::size_t runtime_error_bytes = 1024 * 1024;
inline constexpr std::size_t discarded_body_bytes =
    256u * 1024 * 1024;  ///< what is read and dropped before an answer to an oversize body

// Ours: what of a streamed answer its reader has not taken yet; past it the function's write waits.
inline constexpr std::size_t stream_buffer_bytes = 256 * 1024;

// AWS: API Gateway and Elastic Load Balancing quotas; the bound of a streaming prelude is ours.
inline constexpr std::size_t api_request_bytes = 10 * 1024 * 1024;
inline constexpr std::size_t api_header_bytes = 10240;  ///< HTTP API: request line and fields; REST API: fields
inline constexpr std::size_t load_balancer_bytes = 1024 * 1024;  ///< a request's body; a function's answer
inline constexpr std::size_t stream_prelude_bytes = 16 * 1024;   ///< without its eight NULs
inline constexpr std::size_t answer_fields = 1000;  ///< header fields of a function's answer at a front door; ours

// AWS: HTTP API JWT authorizers (time, quotas) and Lambda authorizers (time); the other bounds are ours.
inline constexpr std::size_t token_bytes = 10 * 1024;
inline constexpr auto key_set_fetch = 1500ms;  ///< for the discovery document, and again for the keys
inline constexpr std::size_t key_set_bytes = 1024 * 1024;
inline constexpr std::size_t key_set_keys = 100;
inline constexpr auto key_set_age = 5min;    ///< older keys are fetched again
inline constexpr auto key_set_pause = 1min;  ///< between two fetches for keys that are not known
inline constexpr auto authorizer_invocation = 10s;
inline constexpr std::size_t authorizer_answer_bytes = 64 * 1024;
inline constexpr std::size_t authorizer_results = 1000;  ///< that are kept, of all authorizers

// Ours: scheduling (one function unless said otherwise).
inline constexpr std::size_t waiting_invocations = 1000;
inline constexpr auto finishing_wait = 20ms;
inline constexpr auto finishing_wait_longest = 200ms;  ///< while that environment's process waits for a CPU
inline constexpr auto queue_wait_beyond_timeout = 10s;
inline constexpr auto port_quarantine = 60s;
inline constexpr auto shutdown = 15s;  ///< to the end of every process when kelvin stops

// Asynchronous invocation. AWS: Lambda quotas and asynchronous invocation; the bounds of the queue
// are ours.
inline constexpr std::size_t asynchronous_event_bytes = 1024 * 1024;
inline constexpr unsigned asynchronous_retries_max = 2;
inline constexpr auto event_age_max = 6h;
inline constexpr std::size_t asynchronous_events = 10'000;
inline constexpr std::size_t asynchronous_queue_bytes = 256u * 1024 * 1024;

inline constexpr auto memory_sample_interval = 5ms;  ///< at the ends of invocations, at most so often

// Ours: output of functions and the log.
inline constexpr std::size_t log_line_bytes = 256 * 1024;  ///< AWS: one log event's limit
inline constexpr std::size_t log_buffer_bytes = 8u * 1024 * 1024;
inline constexpr std::size_t log_tail_bytes = 4096;  ///< AWS: X-Amz-Log-Result

}  // namespace kelvin::limits
