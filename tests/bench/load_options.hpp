#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

/// What bench_load is told. Exactly one of `count` and `duration_ms` is not zero.
struct load_options {
  std::uint16_t port = 0;
  std::string path = "/2015-03-31/functions/function/invocations";
  std::size_t connections = 1;
  std::size_t body_bytes = 1024;
  std::uint64_t count = 0;         ///< requests, over all connections
  std::uint64_t duration_ms = 0;   ///< requests are begun for so long; those under way are waited for
  std::uint64_t warmup_count = 0;  ///< requests before that, not reported
  int cpu = -1;                    ///< the CPU to stay on, -1: any
  bool echo = true;                ///< the answer must be the request's body
};

/// Fails the program with a sentence if the command line makes no sense.
load_options parse_load_options(int count, char** arguments);

/// A JSON document of exactly `size` bytes (at least 16).
std::string make_json_body(std::size_t size);

}  // namespace bench
