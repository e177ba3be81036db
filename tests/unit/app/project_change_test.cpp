#include "emulator/app/project_change.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <utility>

using namespace kelvin;
using templates::function_description;

namespace {

function_description described(const std::string& name) {
  function_description made;
  made.logical_id = name;
  made.name = name;
  made.origin = "template.yaml:1";
  made.code = templates::named_path{"code", "template.yaml:2"};
  return made;
}

described_targets targets_of(std::vector<function_description> functions) {
  described_targets made;
  templates::project project;
  project.file = "template.yaml";
  project.functions = std::move(functions);
  project.apis.emplace_back();
  made.all.push_back({{"", "template.yaml"}, std::move(project)});
  return made;
}

}  // namespace

TEST_CASE("a project's functions are added, changed and removed by their names") {
  auto changed = described("changed");
  changed.handler = "other";
  const auto before = targets_of({described("same"), described("changed"), described("removed")});
  const auto after = targets_of({described("added"), described("same"), changed});
  CHECK(compare(before, after) == project_change{{"added"}, {"changed"}, {"removed"}});
  CHECK(compare(before, before) == project_change{});
  CHECK(change_text(compare(before, after)) == "1 function added (added), 1 changed (changed), 1 removed (removed)");
  CHECK(change_text(compare({}, targets_of({described("a"), described("b")}))) == "2 functions added (a, b)");
  CHECK(change_text({}) == "");
}

TEST_CASE("each setting of a function is a change of it, and where it stands is none") {
  const std::vector<std::function<void(function_description&)>> changes = {
      [](auto& of) { of.logical_id = "other"; },
      [](auto& of) { of.runtime = "provided.al2"; },
      [](auto& of) { of.handler = "other"; },
      [](auto& of) { of.code->path = "other"; },
      [](auto& of) { of.code.reset(); },
      [](auto& of) {
        of.layers.push_back({"layer", ""});
      },
      [](auto& of) { of.memory_mib = 512; },
      [](auto& of) { of.ephemeral_storage_mib = 1024; },
      [](auto& of) { of.timeout = std::chrono::seconds(4); },
      [](auto& of) { of.reserved_concurrency = 1; },
      [](auto& of) { of.variables["NAME"] = "value"; },
      [](auto& of) { of.event_invoke.maximum_retry_attempts = 0; },
      [](auto& of) { of.logging = logging_configuration{}; },
  };
  for (std::size_t index = 0; index < changes.size(); ++index) {
    CAPTURE(index);
    auto after = described("f");
    changes[index](after);
    CHECK(compare(targets_of({described("f")}), targets_of({after})) == project_change{{}, {"f"}, {}});
  }
  auto moved = described("f");
  moved.origin = "template.yaml:7";
  moved.code->origin = "template.yaml:8";
  moved.values.push_back({"Timeout", "3", "template.yaml:9"});
  CHECK(compare(targets_of({described("f")}), targets_of({moved})) == project_change{});
}

TEST_CASE("a function's own target is the one it comes from, without the others and without their APIs") {
  const auto all = targets_of({described("a"), described("b")});
  const auto b = alone("b", all);
  REQUIRE(b.all.size() == 1);
  REQUIRE(b.all.front().described);
  CHECK(b.all.front().described->functions.size() == 1);
  CHECK(b.all.front().described->functions.front().name == "b");
  CHECK(b.all.front().described->apis.empty());
  CHECK(alone("c", all).all.empty());

  described_targets plain;
  plain.all = {{{"x", "folder"}, std::nullopt}, {{"y", "folder"}, std::nullopt}, {{"", "other"}, std::nullopt}};
  function_configuration function;
  function.target = "folder";
  function.name = "y";
  REQUIRE(alone(function, plain).all.size() == 1);
  CHECK(alone(function, plain).all.front().plain.name == "y");
  function.target = "other";
  function.name = "called";
  REQUIRE(alone(function, plain).all.size() == 1);
  CHECK(alone(function, plain).all.front().plain.name == "called");
  CHECK(alone(function, plain).all.front().plain.path == "other");
}
