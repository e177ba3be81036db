#include "emulator/event_source/asynchronous/check_destinations.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace kelvin;
using namespace kelvin::test;

namespace {

event_destination file(const std::string& path) {
  return {event_destination::kind_type::file, path};
}
event_destination function(const std::string& name) {
  return {event_destination::kind_type::function, name};
}

}  // namespace

TEST_CASE("destinations are checked before anything is served") {
  const temporary_folder folder;
  const auto with = [](event_destination destination) {
    std::vector<function_configuration> one(1);
    one.front().name = "f";
    one.front().event_invoke.on_failure = std::move(destination);
    return function_registry({}, std::move(one));
  };
  CHECK(succeeds(check_destinations(with(function("f")))));
  CHECK(succeeds(check_destinations(with(file(folder / "records")))));
  CHECK(contains(failure_text(check_destinations(with(function("h"))), errc::not_found),
                 "--on-failure function:h: there is no such function"));
  CHECK(contains(failure_text(check_destinations(with(file(folder / "no/records"))), errc::system_failure),
                 "--on-failure: cannot write to"));
}
