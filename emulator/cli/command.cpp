#include "emulator/cli/command.hpp"

#include "emulator/app/application.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <numeric>
#include <vector>

namespace kelvin {
namespace {

/// Levenshtein distance.
std::size_t difference(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t at = 0; at < left.size(); ++at) {
    std::size_t diagonal = row[0];
    row[0] = at + 1;
    for (std::size_t to = 0; to < right.size(); ++to) {
      const std::size_t changed = diagonal + (left[at] == right[to] ? 0 : 1);
      diagonal = row[to + 1];
      row[to + 1] = std::min({changed, row[to] + 1, row[to + 1] + 1});
    }
  }
  return row.back();
}

std::vector<std::string> option_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames())
      names.push_back("--" + name);
  }
  return names;
}

/// Help without a usage line, which every command words itself.
class help_formatter final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App*, std::string) const override { return {}; }
};

int report_extra(CLI::App& app, const std::string& extra) {
  if (!extra.starts_with('-'))
    return usage_error(app.get_name(), "unexpected argument `" + extra + "`");
  const auto names = option_names(app);
  const auto meant = nearest(extra.substr(0, extra.find('=')), names);
  return usage_error(app.get_name(),
                     "unknown option " + extra + (meant.empty() ? "" : "; did you mean " + meant + "?"));
}

}  // namespace

std::string nearest(std::string_view text, std::span<const std::string> candidates) {
  constexpr std::size_t close_enough = 3;
  std::string found;
  std::size_t least = std::min(close_enough, (text.size() + 1) / 2) + 1;
  for (const auto& candidate : candidates) {
    if (const auto differs = difference(text, candidate); differs < least) {
      least = differs;
      found = candidate;
    }
  }
  return found;
}

int usage_error(std::string_view command, std::string_view message) {
  std::fprintf(stderr, "kelvin: error: %.*s\nSee: kelvin%s%.*s --help\n", static_cast<int>(message.size()),
               message.data(), command.empty() ? "" : " ", static_cast<int>(command.size()), command.data());
  return exit_code::usage;
}

std::optional<int> parse_arguments(CLI::App& app, std::string_view synopsis, command_arguments arguments) {
  app.allow_extras();
  app.set_help_flag("-h,--help", "print this help and exit");
  app.formatter(std::make_shared<help_formatter>());
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    std::printf("Usage: kelvin %s %.*s\n\n%s", app.get_name().c_str(), static_cast<int>(synopsis.size()),
                synopsis.data(), app.help().c_str());
    return exit_code::success;
  } catch (const CLI::ParseError& error) {
    return usage_error(app.get_name(), error.what());
  }
  for (const auto& extra : app.remaining()) {
    // What stands behind `--` was taken as it is; the mark itself is left over.
    if (extra != "--")
      return report_extra(app, extra);
  }
  return std::nullopt;
}

}  // namespace kelvin
