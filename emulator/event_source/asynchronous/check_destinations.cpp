#include "emulator/event_source/asynchronous/check_destinations.hpp"

#include "emulator/event_source/asynchronous/record_file.hpp"

#include <optional>
#include <string>
#include <utility>

namespace kelvin {
namespace {

result<void> check_destination(const function_registry& functions, std::string_view option,
                               const std::optional<event_destination>& destination) {
  if (!destination) {
    return {};
  }
  if (destination->kind == event_destination::kind_type::function) {
    if (functions.find(destination->name) == nullptr) {
      return fail(errc::not_found, std::string(option) + " function:" + destination->name +
                                       ": there is no such function; `kelvin config` lists those there are");
    }
    return {};
  }
  if (const auto writable = check_record_file(destination->name); !writable) {
    return fail(writable.error().code, std::string(option) + ": " + writable.error().detail);
  }
  return {};
}

}  // namespace

result<void> check_destinations(const function_registry& functions) {
  for (const function_configuration& each : functions.functions()) {
    const event_invoke_configuration& of = each.event_invoke;
    for (const auto& [option, destination] : {std::pair(destination_option::on_success, &of.on_success),
                                              std::pair(destination_option::on_failure, &of.on_failure),
                                              std::pair(destination_option::dead_letter, &of.dead_letter)}) {
      if (const auto good = check_destination(functions, option, *destination); !good) {
        return good.error();
      }
    }
  }
  return {};
}

}  // namespace kelvin
