#pragma once

#include "emulator/invoke/invoker.hpp"
#include "emulator/invoke/tail_buffer.hpp"
#include "runtime-api/base/lifecycle_sink.hpp"
#include "runtime-api/base/log_format.hpp"

#include <string>
#include <vector>

namespace kelvin {

/// Collects the log of invocations that asked for its end: a sink among the others.
class log_tail_collector final : public lifecycle_sink {
 public:
  /// One invocation's log, from START to REPORT, for as long as it lives.
  class collection {
   public:
    collection(log_tail_collector& owner, request_id id);
    ~collection();
    collection(const collection&) = delete;
    collection& operator=(const collection&) = delete;
    std::string text() const { return tail_.text(); }

   private:
    friend class log_tail_collector;
    log_tail_collector& owner_;
    request_id id_;
    std::string log_stream_name_;  ///< empty until START tells the environment, and behind REPORT
    tail_buffer tail_;
  };

  explicit log_tail_collector(logging_configuration logging = {}) : logging_(logging) {}

  void report(const lifecycle_event& event) override;

 private:
  logging_configuration logging_;
  std::vector<collection*> collecting_;
  std::string lines_;
};

/// Adds the end of the log to the answers of those who asked for it (X-Amz-Log-Type: Tail).
class log_tail_invoker final : public invoker {
 public:
  log_tail_invoker(invoker& next, log_tail_collector& collector) : next_(next), collector_(collector) {}

  awaitable<invocation_outcome> invoke(invocation_request request) override;

 private:
  awaitable<invocation_outcome> invoke_with_tail(invocation_request request);

  invoker& next_;
  log_tail_collector& collector_;
};

}  // namespace kelvin
