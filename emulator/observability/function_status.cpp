#include "emulator/observability/function_status.hpp"

#include <array>
#include <cstdio>

namespace kelvin {
namespace {

std::string init_difference(duration now, duration before) {
  return now >= before ? "+" + duration_text(now - before) : "-" + duration_text(before - now);
}

std::string size_difference(std::uint64_t now_bytes, std::uint64_t before_bytes) {
  if (now_bytes == before_bytes) {
    return "same size";
  }
  const bool more = now_bytes > before_bytes;
  return (more ? "+" : "-") + size_text(more ? now_bytes - before_bytes : before_bytes - now_bytes);
}

std::string number_text(const char* format, double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

}  // namespace

status_word word_of(const function_status& status) {
  using build_state = function_build::state;
  if (status.build.is == build_state::waiting || status.build.is == build_state::running) {
    return status_word::building;
  }
  if (status.trial_began) {
    return status_word::starting;
  }
  return status.build.is == build_state::failed || !status.problem.empty() ? status_word::failed : status_word::ready;
}

std::string_view name_of(status_word word) {
  switch (word) {
    case status_word::building: return "building";
    case status_word::starting: return "starting";
    case status_word::ready: return "ready";
    case status_word::failed: return "failed";
  }
  return {};
}

std::string_view name_of(function_build::state state) {
  switch (state) {
    case function_build::state::none: return "none";
    case function_build::state::waiting: return "waiting";
    case function_build::state::running: return "running";
    case function_build::state::failed: return "failed";
    case function_build::state::good: return "good";
  }
  return {};
}

std::string duration_text(duration time) {
  const double milliseconds = std::chrono::duration<double, std::milli>(time).count();
  return milliseconds < 1000 ? number_text("%.1f ms", milliseconds) : number_text("%.2f s", milliseconds / 1000);
}

std::string size_text(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  return bytes >= 1'000'000 ? number_text("%.2f MB", size / 1e6) : number_text("%.1f KB", size / 1e3);
}

std::string version_text(const function_status& status) {
  std::string text;
  if (status.serving.init) {
    text += "init " + duration_text(*status.serving.init);
    if (status.before && status.before->init) {
      text += " (" + init_difference(*status.serving.init, *status.before->init) + ")";
    }
  }
  if (status.serving.size_bytes != 0) {
    text += (text.empty() ? "" : ", ") + ("bootstrap " + size_text(status.serving.size_bytes));
    if (status.before && status.before->size_bytes != 0) {
      text += " (" + size_difference(status.serving.size_bytes, status.before->size_bytes) + ")";
    }
  }
  return text;
}

}  // namespace kelvin
