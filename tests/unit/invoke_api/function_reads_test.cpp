#include "emulator/frontdoor/invoke_api/function_reads.hpp"

#include "tests/support/run_coroutine.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/stat.h>

using namespace kelvin;
using namespace kelvin::frontdoor;
using namespace kelvin::test;
using json = nlohmann::ordered_json;

namespace {

constexpr const char* functions_path = "/2015-03-31/functions/";
const std::string arn = "arn:aws:lambda:us-east-1:123456789012:function:f";

/// Some functions whose bootstrap is a file of three bytes.
struct fixture {
  explicit fixture(
      std::size_t count = 1,
      const std::function<void(function_configuration&)>& change = [](function_configuration&) {})
      : registry({}, functions(count, change)), reads(registry) {}

  std::vector<function_configuration> functions(std::size_t count,
                                                const std::function<void(function_configuration&)>& change) {
    const std::string bootstrap = folder.write("boot strap", "abc", 0755);
    const timespec times[2] = {{1'767'323'045, 0}, {1'767'323'045, 0}};
    REQUIRE(utimensat(AT_FDCWD, bootstrap.c_str(), times, 0) == 0);
    std::vector<function_configuration> made(count);
    for (std::size_t index = 0; index < count; ++index) {
      made[index].name = index == 0 ? "f" : "f" + std::to_string(index);
      made[index].target = bootstrap;
      made[index].bootstrap = bootstrap;
      made[index].code_folder = folder.path();
      change(made[index]);
    }
    return made;
  }

  function_reads::answer ask(std::string_view path, std::string_view query = "") {
    const operation asked = find_operation(http::method::get, path);
    REQUIRE(!asked.name.empty());
    return run_coroutine(context, reads.read(asked, query));
  }
  json get(std::string_view path, std::string_view query = "") {
    auto answer = ask(path, query);
    if (const auto* error = std::get_if<service_error>(&answer)) {
      FAIL(error->message);
    }
    return json::parse(std::get<std::string>(answer));
  }
  service_error refuse(std::string_view path, std::string_view query = "") {
    auto answer = ask(path, query);
    REQUIRE(std::holds_alternative<service_error>(answer));
    return std::get<service_error>(answer);
  }

  temporary_folder folder;
  boost::asio::io_context context{1};
  function_registry registry;
  function_reads reads;
};

std::string function_path(std::string_view name, std::string_view rest = "") {
  return functions_path + std::string(name) + std::string(rest);
}

}  // namespace

TEST_CASE("a configuration has all keys that AWS returns for a zip function") {
  fixture all;
  json found = all.get(function_path("f", "/configuration"));
  CHECK(found["RevisionId"].get<std::string>().size() == request_id::length);
  CHECK((found["Architectures"] == json{"x86_64"} || found["Architectures"] == json{"arm64"}));
  found.erase("RevisionId");
  found.erase("Architectures");
  CHECK(found == json::parse(R"({"FunctionName":"f","FunctionArn":")" + arn + R"(","Runtime":"provided.al2023",
      "Role":"arn:aws:iam::123456789012:role/kelvin","Handler":"bootstrap","CodeSize":3,"Description":"","Timeout":3,
      "MemorySize":128,"LastModified":"2026-01-02T03:04:05.000+0000",
      "CodeSha256":"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=","Version":"$LATEST",
      "TracingConfig":{"Mode":"PassThrough"},"PackageType":"Zip","EphemeralStorage":{"Size":512},
      "SnapStart":{"ApplyOn":"None","OptimizationStatus":"Off"},
      "LoggingConfig":{"LogFormat":"Text","LogGroup":"/aws/lambda/f"},"State":"Active","LastUpdateStatus":"Successful",
      "RuntimeVersionConfig":{"RuntimeVersionArn":
      "arn:aws:lambda:us-east-1::runtime:0000000000000000000000000000000000000000000000000000000000000000"}})"));
}

TEST_CASE("what was configured shows") {
  fixture all(1, [](function_configuration& one) {
    one.handler = "main.handler";
    one.memory_mib = 512;
    one.timeout = std::chrono::seconds(7);
    one.variables = {{"A", "1"}};
    one.logging = {log_format::json, log_level::debug, log_level::warn};
    one.reserved_concurrency = 5;
    one.event_invoke.dead_letter = event_destination{event_destination::kind_type::file, "/tmp/dead"};
  });
  const json found = all.get(function_path("f"));
  const json& configuration = found["Configuration"];
  CHECK(configuration["Handler"] == "main.handler");
  CHECK(configuration["MemorySize"] == 512);
  CHECK(configuration["Timeout"] == 7);
  CHECK(configuration["Environment"] == json{{"Variables", {{"A", "1"}}}});
  CHECK(configuration["LoggingConfig"] == json{{"LogFormat", "JSON"},
                                               {"ApplicationLogLevel", "DEBUG"},
                                               {"SystemLogLevel", "WARN"},
                                               {"LogGroup", "/aws/lambda/f"}});
  CHECK(configuration["DeadLetterConfig"] == json{{"TargetArn", "file:///tmp/dead"}});
  CHECK(found["Concurrency"] == json{{"ReservedConcurrentExecutions", 5}});
  CHECK(all.get("/2019-09-30/functions/f/concurrency") == json{{"ReservedConcurrentExecutions", 5}});
}

TEST_CASE("GetFunction adds where the code is, as a URL") {
  fixture all;
  const json found = all.get(function_path("f"));
  CHECK(found["Code"]["RepositoryType"] == "S3");
  CHECK(found["Code"]["Location"] == "file://" + all.folder.path() + "/boot%20strap");
  CHECK_FALSE(found.contains("Concurrency"));
}

TEST_CASE("every form of the name is taken; the ARN carries a qualifier that was given") {
  fixture all;
  const auto arn_of = [&all](const std::string& name, std::string_view query = "") {
    return all.get(function_path(name, "/configuration"), query)["FunctionArn"].get<std::string>();
  };
  CHECK(arn_of("f") == arn);
  CHECK(arn_of("function") == arn);
  CHECK(arn_of("123456789012%3Afunction%3Af") == arn);
  CHECK(arn_of("arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af") == arn);
  CHECK(arn_of("f:%24LATEST") == arn + ":$LATEST");
  CHECK(arn_of("f", "Qualifier=%24LATEST") == arn + ":$LATEST");
}

TEST_CASE("the revision stays while the code does") {
  fixture all;
  const auto revision = [&all] { return all.get(function_path("f", "/configuration"))["RevisionId"]; };
  const json first = revision();
  CHECK(revision() == first);
  all.folder.write("boot strap", "abcd", 0755);
  CHECK(revision() != first);
}

TEST_CASE("what is unknown is a 404 in AWS's words, without $LATEST") {
  fixture all;
  const std::string unknown = "arn:aws:lambda:us-east-1:123456789012:function:g";
  for (const std::string& path :
       {function_path("g"), function_path("g", "/configuration"), function_path("g", "/versions"),
        function_path("g", "/policy"), std::string("/2019-09-30/functions/g/concurrency"),
        std::string("/2020-06-30/functions/g/code-signing-config"),
        std::string("/2017-03-31/tags/arn:aws:lambda:us-east-1:123456789012:function:g")}) {
    CAPTURE(path);
    const service_error error = all.refuse(path);
    CHECK(error.kind == exception::resource_not_found);
    CHECK(error.message == "Function not found: " + unknown);
  }
  CHECK(all.refuse(function_path("f"), "Qualifier=7").message == "Function not found: " + arn + ":7");
  CHECK(all.refuse("/2019-09-25/functions/g/event-invoke-config").message == "The function doesn't exist.");
  CHECK(all.refuse("/2021-10-31/functions/g/url").message == "The resource you requested does not exist.");
}

TEST_CASE("what a function has not is a 404 too, or empty") {
  fixture all;
  CHECK(all.refuse(function_path("f", "/policy")).message == "The resource you requested does not exist.");
  CHECK(all.refuse("/2021-10-31/functions/f/url").message == "The resource you requested does not exist.");
  CHECK(all.refuse("/2019-09-25/functions/f/event-invoke-config").message ==
        "The function " + arn + ":$LATEST doesn't have an EventInvokeConfig");
  CHECK(all.get("/2019-09-30/functions/f/concurrency") == json::object());
  CHECK(all.get("/2020-06-30/functions/f/code-signing-config") == json{{"FunctionName", "f"}});
  CHECK(all.get("/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af") ==
        json{{"Tags", json::object()}});
  CHECK(all.get("/2015-03-31/event-source-mappings/") ==
        json{{"EventSourceMappings", json::array()}, {"NextMarker", nullptr}});
}

TEST_CASE("what does not match AWS's patterns is a ValidationException") {
  fixture all;
  CHECK(all.refuse(function_path("a%20b")).kind == exception::validation);
  CHECK(all.refuse(function_path("f"), "Qualifier=a%20b").kind == exception::validation);
  const service_error tags = all.refuse("/2017-03-31/tags/f");
  CHECK(tags.kind == exception::validation);
  CHECK(
      tags.message.starts_with("1 validation error detected: Value 'f' at 'resource' failed to satisfy constraint: "
                               "Member must satisfy regular expression pattern: arn:(aws"));
  CHECK(all.refuse(function_path("f:1"), "Qualifier=2").kind == exception::invalid_parameter_value);
  CHECK(all.refuse("/2015-03-31/functions/", "FunctionVersion=SOME").message ==
        "1 validation error detected: Value 'SOME' at 'functionVersion' failed to satisfy constraint: Member must "
        "satisfy enum value set: [ALL]");
  for (const auto& [query, bound] :
       {std::pair("MaxItems=0", "greater than or equal to 1"), std::pair("MaxItems=x", "greater than or equal to 1"),
        std::pair("MaxItems=-1", "greater than or equal to 1"),
        std::pair("MaxItems=10001", "less than or equal to 10000")}) {
    CAPTURE(query);
    CHECK(all.refuse("/2015-03-31/functions/", query).message.ends_with(bound));
    CHECK(all.refuse(function_path("f", "/versions"), query).message.ends_with(bound));
  }
}

TEST_CASE("another account's function is refused for the call that was made") {
  fixture all;
  const service_error error = all.refuse(function_path("210987654321%3Afunction%3Af"));
  CHECK(error.kind == exception::access_denied);
  CHECK(error.message.find("lambda:GetFunction on resource") != std::string::npos);
  CHECK(error.message.find("InvokeFunction") == std::string::npos);
}

TEST_CASE("lists leave out what AWS leaves out") {
  fixture all;
  const json found = all.get("/2015-03-31/functions/");
  REQUIRE(found["Functions"].size() == 1);
  const json& listed = found["Functions"][0];
  CHECK(listed["FunctionArn"] == arn);
  CHECK(listed["CodeSize"] == 3);
  for (const char* absent : {"State", "LastUpdateStatus", "RuntimeVersionConfig", "Environment"}) {
    CHECK_FALSE(listed.contains(absent));
  }
  CHECK(found["NextMarker"].is_null());
  CHECK(all.get("/2015-03-31/functions/", "FunctionVersion=ALL")["Functions"][0]["FunctionArn"] == arn + ":$LATEST");
  const json versions = all.get(function_path("f", "/versions"));
  REQUIRE(versions["Versions"].size() == 1);
  CHECK(versions["Versions"][0]["Version"] == "$LATEST");
  CHECK(versions["Versions"][0]["FunctionArn"] == arn + ":$LATEST");
}

TEST_CASE("every page size walks through all functions once") {
  fixture all(120);
  for (const std::size_t items : {std::size_t{1}, std::size_t{7}, std::size_t{50}, std::size_t{10'000}}) {
    std::vector<std::string> names;
    std::string marker;
    do {
      const json page = all.get("/2015-03-31/functions/",
                                "MaxItems=" + std::to_string(items) + (marker.empty() ? "" : "&Marker=" + marker));
      CHECK(page["Functions"].size() <= std::min<std::size_t>(items, 50));
      for (const json& each : page["Functions"]) {
        names.push_back(each["FunctionName"]);
      }
      marker = page["NextMarker"].is_null() ? "" : page["NextMarker"].get<std::string>();
    } while (!marker.empty());
    REQUIRE(names.size() == 120);
    for (std::size_t index = 0; index < names.size(); ++index) {
      CHECK(names[index] == std::next(all.registry.functions().begin(), static_cast<std::ptrdiff_t>(index))->name);
    }
  }
  CHECK(all.refuse("/2015-03-31/functions/", "Marker=bm9uZQ%3D%3D").kind == exception::invalid_parameter_value);
  CHECK(all.refuse("/2015-03-31/functions/", "Marker=%25").kind == exception::invalid_parameter_value);
}

TEST_CASE("the event invoke configuration shows once something is set") {
  fixture all(2, [](function_configuration& one) {
    one.event_invoke.maximum_retry_attempts = 1;
    one.event_invoke.maximum_event_age = std::chrono::seconds(120);
    one.event_invoke.on_failure = event_destination{event_destination::kind_type::function, "f1"};
  });
  CHECK(all.get("/2019-09-25/functions/f/event-invoke-config") ==
        json{{"LastModified", 1'767'323'045.0},
             {"FunctionArn", arn + ":$LATEST"},
             {"MaximumRetryAttempts", 1},
             {"MaximumEventAgeInSeconds", 120},
             {"DestinationConfig",
              {{"OnSuccess", json::object()},
               {"OnFailure", {{"Destination", "arn:aws:lambda:us-east-1:123456789012:function:f1"}}}}}});
}

TEST_CASE("the account's settings count what is there") {
  fixture all(3, [](function_configuration& one) { one.reserved_concurrency = 100; });
  const json found = all.get("/2016-08-19/account-settings");
  CHECK(found["AccountLimit"]["ConcurrentExecutions"] == 1000);
  CHECK(found["AccountLimit"]["UnreservedConcurrentExecutions"] == 700);
  CHECK(found["AccountLimit"]["CodeSizeZipped"] == 52'428'800);
  CHECK(found["AccountUsage"] == json{{"TotalCodeSize", 9}, {"FunctionCount", 3}});
}

TEST_CASE("code that is gone is a service error that names it") {
  fixture all;
  std::filesystem::remove(all.folder / "boot strap");
  const service_error error = all.refuse(function_path("f"));
  CHECK(error.kind == exception::service);
  CHECK(error.message.find("boot strap: No such file") != std::string::npos);
}
