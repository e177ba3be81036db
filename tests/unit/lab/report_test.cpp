#include "emulator/lab/baseline.hpp"
#include "emulator/lab/number_text.hpp"
#include "emulator/lab/report_csv.hpp"
#include "emulator/lab/report_json.hpp"
#include "emulator/lab/report_junit.hpp"
#include "tests/unit/lab/lab_samples.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>

namespace kelvin::test {
namespace {

using doctest::Approx;
using nlohmann::json;

lab::cold_start start(std::size_t position, double init_ms) {
  lab::cold_start made;
  made.position = position;
  made.init_ms = init_ms;
  made.spawn_ms = 0.25;
  made.exec_to_connect_ms = init_ms / 2;
  made.connect_to_next_ms = init_ms / 2;
  return made;
}

lab::bench_report report() {
  lab::bench_report made;
  made.kelvin_version = "0.1.0";
  made.time = "2026-11-24T04:00:00Z";
  made.seed = 18'446'744'073'709'551'615U;
  made.machine = {"x86_64", "Some \"Processor\" 3", 2, 7'940, "6.18.0", "lambda"};
  made.warnings = {"other processes used 12 %"};
  lab::bench_target api;
  api.name = "api";
  api.path = "/home/me/api";
  api.memory_mib = 128;
  api.warm_invoke_ms = {0.5, 0.25};
  api.cold = {start(0, 12.5), start(3, 0.1), start(4, 14)};
  api.cold[1].first_invoke_ms = 3.5;
  api.cold[1].major_page_faults = 0;
  api.evicted = {start(6, 40), start(7, 41)};
  lab::bench_target other;
  other.name = "other";
  other.path = "b";
  other.memory_mib = 512;
  other.cold = {start(1, 2), start(2, 2)};
  made.targets = {api, other};
  return made;
}

std::string text_of(const lab::bench_report& made) {
  auto text = lab::report_json(made);
  REQUIRE(succeeds(text));
  return *text;
}

/// Why the document is refused when it was changed so.
std::string refused(const std::function<void(json&)>& change) {
  json document = json::parse(text_of(report()));
  change(document);
  const std::string detail = failure_text(lab::read_report(document.dump(), "base.json"), errc::invalid_argument);
  CHECK(contains(detail, "base.json"));
  CHECK(contains(detail, "kelvin bench --json base.json"));
  return detail;
}

TEST_CASE("JSON: a run is read back as it was written, every sample to the last digit") {
  const lab::bench_report made = report();
  const auto read = lab::read_report(text_of(made), "base.json");
  REQUIRE(succeeds(read));
  CHECK(*read == made);
}

TEST_CASE("JSON: targets have their starts and summaries under the names that scripts use") {
  const json document = json::parse(text_of(report()));
  CHECK(document["schema_version"] == 1);
  CHECK(document["machine"]["processors"] == 2);
  CHECK(document["seed"] == 18'446'744'073'709'551'615U);
  const json& api = document["targets"][0];
  CHECK(api["name"] == "api");
  CHECK(api["cold"].size() == 3);
  CHECK(api["cold"][0]["init_ms"] == 12.5);
  CHECK(api["cold"][0]["spawn_ms"] == 0.25);
  CHECK(api["cold"][0]["exec_to_connect_ms"] == 6.25);
  CHECK(api["cold"][0]["connect_to_next_ms"] == 6.25);
  CHECK_FALSE(api["cold"][0].contains("first_invoke_ms"));
  CHECK(api["cold"][1]["first_invoke_ms"] == 3.5);
  CHECK(api["init_ms"]["p50"] == 12.5);
  CHECK(api["init_ms"]["n"] == 3);
  CHECK(api["init_ms"]["p50_low"] <= 12.5);
  CHECK(api["init_ms"]["p50_high"] >= 12.5);
  CHECK(api["first_invoke_ms"]["n"] == 1);
  CHECK(api["evicted"]["cold"].size() == 2);
  CHECK(api["evicted"]["init_ms"]["p50"] == 40.5);
  CHECK(api["warm"] == json::array({0.5, 0.25}));
  CHECK(api["warm_invoke_ms"]["p50"] == 0.375);
  CHECK_FALSE(document["targets"][1].contains("evicted"));
  CHECK_FALSE(document["targets"][1].contains("warm"));
}

TEST_CASE("JSON: what is not a finite number is not written, and bytes that are no text are replaced") {
  lab::bench_report made = report();
  made.targets[0].cold[2].init_ms = std::nan("");
  CHECK(contains(failure_text(lab::report_json(made), errc::invalid_argument), "api: init_ms: sample 3 of 3"));
  made = report();
  made.targets[0].warm_invoke_ms[0] = HUGE_VAL;
  CHECK(contains(failure_text(lab::report_json(made), errc::invalid_argument), "warm_invoke_ms: sample 1"));
  made = report();
  made.targets[0].name = "a\xFFz";
  CHECK(json::parse(text_of(made))["targets"][0]["name"] == "a\xEF\xBF\xBDz");
}

TEST_CASE("baseline: another schema version and what is no report are refused") {
  CHECK(contains(failure_text(lab::read_report("{", "base.json"), errc::invalid_argument), "base.json is no JSON"));
  CHECK(contains(failure_text(lab::read_report("", "base.json"), errc::invalid_argument), "is no JSON"));
  CHECK(contains(refused([](json& document) { document["schema_version"] = 2; }),
                 "has schema version 2, and this kelvin reads schema version 1"));
  CHECK(contains(refused([](json& document) { document.erase("schema_version"); }), "has no schema version"));
  CHECK(contains(refused([](json& document) { document["schema_version"] = "1"; }), "has no schema version"));
  CHECK(contains(refused([](json& document) { document = json::array(); }), "has no schema version"));
  CHECK(contains(refused([](json& document) { document = nullptr; }), "has no schema version"));
}

TEST_CASE("baseline: every member that is missing or of another kind is named") {
  for (const char* name : {"kelvin_version", "time", "seed", "machine", "warnings", "targets"}) {
    CHECK(contains(refused([&](json& document) { document.erase(name); }), std::string("lacks `") + name + "`"));
    CHECK(contains(refused([&](json& document) { document[name] = true; }), name));
  }
  for (const char* name : {"architecture", "processor", "processors", "memory_mib", "kernel", "isolation"}) {
    CHECK(contains(refused([&](json& document) { document["machine"].erase(name); }),
                   std::string("machine lacks `") + name + "`"));
    CHECK(contains(refused([&](json& document) { document["machine"][name] = -1; }), name));
  }
  for (const char* name : {"name", "path", "memory_mib", "cold"}) {
    CHECK(contains(refused([&](json& document) { document["targets"][1].erase(name); }),
                   std::string("lacks `") + name + "`"));
    CHECK(contains(refused([&](json& document) { document["targets"][1][name] = -1.5; }), name));
  }
  for (const char* name : {"position", "init_ms", "spawn_ms", "exec_to_connect_ms", "connect_to_next_ms"}) {
    CHECK(contains(refused([&](json& document) { document["targets"][0]["cold"][2].erase(name); }),
                   std::string("target 1 `api` start 3 lacks `") + name + "`"));
    for (const json& odd : {json(-1), json("1"), json(nullptr)}) {
      CHECK(contains(refused([&](json& document) { document["targets"][0]["cold"][2][name] = odd; }),
                     std::string("start 3 has a `") + name + "`"));
    }
  }
}

TEST_CASE("baseline: figures and lists that cannot be are refused") {
  CHECK(contains(refused([](json& document) { document["targets"][0]["cold"][0]["init_ms"] = 0; }), "not over 0"));
  CHECK(contains(refused([](json& document) { document["targets"][0]["cold"][0]["user_cpu_ms"] = "x"; }),
                 "`user_cpu_ms` that is no number"));
  CHECK(contains(refused([](json& document) { document["targets"][0]["cold"] = json::array(); }), "has no starts"));
  CHECK(contains(refused([](json& document) { document["targets"][0]["evicted"]["cold"][0].erase("init_ms"); }),
                 "`api` evicted start 1 lacks `init_ms`"));
  CHECK(contains(refused([](json& document) { document["targets"][0]["evicted"] = 3; }), "evicted is no object"));
  CHECK(contains(refused([](json& document) { document["targets"][0]["warm"][0] = -1; }), "`warm`"));
  CHECK(contains(refused([](json& document) { document["targets"][1]["name"] = "api"; }), "two targets `api`"));
  CHECK(contains(refused([](json& document) { document["targets"][0] = "api"; }), "target 1 is no object"));
  CHECK(contains(refused([](json& document) { document["warnings"][0] = 1; }), "warning that is no text"));
  CHECK(contains(refused([](json& document) {
                   const json one = document["targets"][0]["cold"][0];
                   document["targets"][0]["cold"] = std::vector<json>(10'001, one);
                 }),
                 "list of at most 10000"));
  std::string text = text_of(report());
  text.replace(text.find("12.5"), 4, "1e999");
  CHECK(contains(failure_text(lab::read_report(text, "base.json"), errc::invalid_argument), "no JSON"));
}

TEST_CASE("baseline: summaries are not believed, and what is not known is ignored") {
  json document = json::parse(text_of(report()));
  document["targets"][0]["init_ms"] = "nonsense";
  document["targets"][0]["cold"][0]["colour"] = "blue";
  document["more"] = {1, 2};
  const auto read = lab::read_report(document.dump(), "base.json");
  REQUIRE(succeeds(read));
  CHECK(*read == report());
}

TEST_CASE("baseline: deep nesting is refused like any other text") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(lab::read_report(deep, "base.json").has_error());
  CHECK(lab::read_report("{\"schema_version\":" + deep + "}", "base.json").has_error());
}

TEST_CASE("baseline: that of another machine is refused unless any will do") {
  const lab::bench_report baseline = report();
  CHECK(lab::check_machine(baseline, baseline.machine, "base.json", false).has_value());
  lab::machine_description here = baseline.machine;
  here.memory_mib = 7'700;
  CHECK(lab::check_machine(baseline, here, "base.json", false).has_value());
  const auto differs = [&](auto change, const std::string& phrase) {
    lab::machine_description other = baseline.machine;
    change(other);
    CHECK(lab::machine_differences(baseline.machine, other) == std::vector<std::string>{phrase});
    const std::string detail =
        failure_text(lab::check_machine(baseline, other, "base.json", false), errc::invalid_argument);
    CHECK(contains(detail, "base.json was measured on another machine or otherwise (" + phrase + ")"));
    CHECK(contains(detail, "make the baseline here"));
    CHECK(lab::check_machine(baseline, other, "base.json", true).has_value());
  };
  differs([](auto& other) { other.architecture = "aarch64"; }, "architecture `x86_64`, not `aarch64`");
  differs([](auto& other) { other.processor = "Else"; }, "processor `Some \"Processor\" 3`, not `Else`");
  differs([](auto& other) { other.processors = 4; }, "processors `2`, not `4`");
  differs([](auto& other) { other.memory_mib = 16'000; }, "memory `7940 MiB`, not `16000 MiB`");
  differs([](auto& other) { other.memory_mib = 0; }, "memory `7940 MiB`, not `0 MiB`");
  differs([](auto& other) { other.kernel = "6.19.1"; }, "kernel `6.18.0`, not `6.19.1`");
  differs([](auto& other) { other.isolation = "host"; }, "isolation `lambda`, not `host`");
}

TEST_CASE("CSV: a line for every start, quoted where a name needs it") {
  lab::bench_report made = report();
  made.targets[1].name = "a,\"b\"\n";
  CHECK(lab::report_csv(made) ==
        "target,page_cache,position,init_ms,spawn_ms,exec_to_connect_ms,connect_to_next_ms,first_invoke_ms,user_cpu_ms,"
        "system_cpu_ms,cpu_wait_ms,minor_page_faults,major_page_faults,read_kib,peak_memory_kib\r\n"
        "api,warm,0,12.5,0.25,6.25,6.25,,,,,,,,\r\n"
        "api,warm,3,0.1,0.25,0.05,0.05,3.5,,,,,0,,\r\n"
        "api,warm,4,14,0.25,7,7,,,,,,,,\r\n"
        "api,evicted,6,40,0.25,20,20,,,,,,,,\r\n"
        "api,evicted,7,41,0.25,20.5,20.5,,,,,,,,\r\n"
        "\"a,\"\"b\"\"\n\",warm,1,2,0.25,1,1,,,,,,,,\r\n"
        "\"a,\"\"b\"\"\n\",warm,2,2,0.25,1,1,,,,,,,,\r\n");
}

TEST_CASE("JUnit: a regression is a failure, an undecided one an error") {
  const auto decided = [](double candidate, std::size_t starts) {
    return *lab::decide_regression(samples(std::vector<double>(starts, 10.0)),
                                   samples(std::vector<double>(starts, candidate)), {});
  };
  const std::vector<lab::gated_target> targets = {
      {"good", decided(10, 9)}, {"<\"slow\" & \x01\xFF\xEF\xBF\xBF\n>", decided(20, 9)}, {"few", decided(10, 3)}};
  CHECK(lab::report_junit(targets) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"kelvin bench\" tests=\"3\" failures=\"1\" errors=\"1\">\n"
        "  <testcase classname=\"kelvin bench\" name=\"good\"/>\n"
        "  <testcase classname=\"kelvin bench\" name=\"&lt;&quot;slow&quot; &amp; \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
        "&#10;&gt;\"><failure type=\"regression\" message=\"" +
            describe(targets[1].decision) + "\"/></testcase>\n" +
            "  <testcase classname=\"kelvin bench\" name=\"few\"><error type=\"undecided\" message=\"" +
            describe(targets[2].decision) + "\"/></testcase>\n</testsuite>\n");
  CHECK(contains(lab::report_junit({}), "tests=\"0\" failures=\"0\" errors=\"0\""));
}

TEST_CASE("numbers in sentences have four digits, in files all of them") {
  CHECK(lab::short_number(12.3456) == "12.35");
  CHECK(lab::short_number(0.98124) == "0.9812");
  CHECK(lab::short_number(1.1) == "1.1");
  CHECK(lab::short_number(0) == "0");
  CHECK(lab::short_number(25'000.4) == "25000");
  CHECK(lab::short_number(-1'234.5) == "-1235");
  CHECK(lab::short_number(0.00012346) == "0.0001235");
  CHECK(lab::short_number(HUGE_VAL) == "inf");
  CHECK(lab::exact_number(0.1) == "0.1");
  CHECK(lab::exact_number(1.0 / 3) == "0.3333333333333333");
}

}  // namespace
}  // namespace kelvin::test
