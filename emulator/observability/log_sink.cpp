#include "emulator/observability/log_sink.hpp"

#include "emulator/observability/json_lines.hpp"
#include "emulator/observability/log_lines.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <unistd.h>

namespace kelvin {
namespace {

/// Hands spdlog's finished lines to the log writer, so that notices and functions' lines keep their
/// order in one stream.
class writer_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  writer_sink(log_writer& writer, bool colour) : writer_(writer), colour_(colour) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    const std::string_view text(line.data(), line.size());
    if (!colour_ || message.color_range_end <= message.color_range_start) {
      writer_.append(text);
      return;
    }
    std::string coloured(text.substr(0, message.color_range_start));
    coloured.append(colour_of(message.level));
    coloured.append(text.substr(message.color_range_start, message.color_range_end - message.color_range_start));
    coloured.append("\x1b[0m").append(text.substr(message.color_range_end));
    writer_.append(coloured);
  }

  void flush_() override {}

 private:
  static std::string_view colour_of(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::err: return "\x1b[31m";
      case spdlog::level::warn: return "\x1b[33m";
      case spdlog::level::info: return "\x1b[32m";
      default: return "\x1b[36m";
    }
  }

  log_writer& writer_;
  bool colour_;
};

spdlog::level::level_enum spdlog_level(notice_level level) {
  switch (level) {
    case notice_level::debug: return spdlog::level::debug;
    case notice_level::info: return spdlog::level::info;
    case notice_level::warning: return spdlog::level::warn;
    case notice_level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

class log_sink::notices {
 public:
  notices(log_writer& writer, const log_sink_options& options)
      : logger_("kelvin", std::make_shared<writer_sink>(writer, options.colour)) {
    logger_.set_pattern("%n: %^%l%$: %v");
    logger_.set_level(spdlog_level(options.level));
  }

  void add(const notice& event) {
    logger_.log(spdlog_level(event.level), spdlog::string_view_t(event.text.data(), event.text.size()));
  }

 private:
  spdlog::logger logger_;
};

bool wants_colour(int descriptor) {
  const char* refused = std::getenv("NO_COLOR");
  return (!refused || *refused == '\0') && ::isatty(descriptor) == 1;
}

log_sink::log_sink(log_writer& writer, log_sink_options options)
    : writer_(writer), options_(std::move(options)), notices_(std::make_unique<notices>(writer, options_)) {}

log_sink::~log_sink() = default;

void log_sink::report(const lifecycle_event& event) {
  if (options_.logging.format == log_format::json) {
    report_json(event);
    return;
  }
  if (const auto* said = std::get_if<notice>(&event)) {
    notices_->add(*said);
    return;
  }
  lines_.clear();
  append_log_lines(lines_, event);
  if (lines_.empty()) {
    return;
  }
  if (!options_.several_functions) {
    writer_.append(lines_);
    return;
  }
  std::visit(
      [this](const auto& one) {
        if constexpr (requires { one.environment; }) {
          append_named(one.environment.function_name);
        }
      },
      event);
}

void log_sink::report_json(const lifecycle_event& event) {
  if (const auto* said = std::get_if<notice>(&event); said && said->level < options_.level) {
    return;
  }
  lines_.clear();
  append_json_lines(lines_, event, options_.now(),
                    {options_.logging.application_level, options_.logging.system_level, options_.several_functions});
  if (!lines_.empty()) {
    writer_.append(lines_);
  }
}

/// Writes lines_ with the function's name before each line.
void log_sink::append_named(std::string_view function_name) {
  named_.clear();
  std::string_view rest = lines_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    named_.append("[").append(function_name).append("] ").append(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  writer_.append(named_);
}

}  // namespace kelvin
