#include "emulator/cli/setting_option.hpp"

#include <array>

namespace kelvin {
namespace {

result<void> apply_keep_last_good(settings& chosen, std::string_view text) {
  chosen.keep_last_good = text == "true";
  return {};
}

result<void> apply_no_keep_last_good(settings& chosen, std::string_view text) {
  chosen.keep_last_good = chosen.keep_last_good && text != "true";
  return {};
}

constexpr std::array<setting_option, 2> options = {{
    {"--keep-last-good", "KELVIN_KEEP_LAST_GOOD", "",
     "watch: code that fails its init leaves the version before serving", "on", 0, apply_keep_last_good,
     [](const settings& chosen) { return std::string(chosen.keep_last_good ? "on" : "off"); }},
    {"--no-keep-last-good", "KELVIN_NO_KEEP_LAST_GOOD", "",
     "watch: code that fails its init serves all the same, and invocations get its error as on AWS", "off", 0,
     apply_no_keep_last_good, [](const settings& chosen) { return std::string(chosen.keep_last_good ? "off" : "on"); }},
}};

}  // namespace

std::span<const setting_option> watch_options() {
  return options;
}

}  // namespace kelvin
