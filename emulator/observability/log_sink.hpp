#pragma once

#include "emulator/observability/log_writer.hpp"
#include "runtime-api/base/lifecycle_sink.hpp"
#include "runtime-api/base/log_format.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kelvin {

/// Whether text to this descriptor may be coloured: it is a terminal and NO_COLOR is not set.
bool wants_colour(int descriptor);

struct log_sink_options {
  bool several_functions = false;           ///< `[name] ` before each line of a function
  notice_level level = notice_level::info;  ///< notices below it are left out; functions' lines never
  bool colour = wants_colour(2);            ///< colour the level of notices
  logging_configuration logging = {};       ///< in JSON format every line but the function's own is an envelope
  std::function<wall_time()> now = [] { return std::chrono::system_clock::now(); };  ///< for the envelopes
};

/// The log as its reader sees it: the lines AWS would write to the function's log, and what kelvin
/// itself has to say (`kelvin: warning: …`). The writer must outlive it.
class log_sink final : public lifecycle_sink {
 public:
  explicit log_sink(log_writer& writer, log_sink_options options = {});
  ~log_sink() override;

  void report(const lifecycle_event& event) override;
  void set_several_functions(bool several) noexcept { options_.several_functions = several; }

 private:
  class notices;

  void report_json(const lifecycle_event& event);
  void append_named(std::string_view function_name);

  log_writer& writer_;
  log_sink_options options_;
  std::string lines_;
  std::string named_;
  std::unique_ptr<notices> notices_;
};

}  // namespace kelvin
