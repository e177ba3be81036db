#include "emulator/template/load_project.hpp"

#include "emulator/function/scratch_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/template/describe.hpp"

#include <doctest/doctest.h>

namespace kelvin::templates::test {
namespace {

using kelvin::test::failure_text;
using kelvin::test::succeeds;
using kelvin::test::temporary_folder;

struct fixture {
  temporary_folder folder;
  scratch_folder scratch{folder.path()};
  project_options options;
  template_options reading;

  fixture() {
    options.scratch = &scratch;
    reading.files = [](const std::string& path) { return result<std::string>(fail(errc::not_found, path)); };
    folder.write_script("f/bootstrap");
  }
  result<loaded_functions> load(const std::string& text) {
    const auto described = describe_template(text, folder / "t.yaml", reading);
    REQUIRE(succeeds(described));
    return load_project(*described, options);
  }
};

TEST_CASE_FIXTURE(fixture, "a function as described is ready to run") {
  options.environments = 3;
  options.event_invoke.maximum_retry_attempts = 0;
  options.event_invoke.maximum_event_age = std::chrono::seconds(70);
  options.logging.format = log_format::json;
  const auto loaded = load(one_function(
      "      MemorySize: 200\n      FunctionName: named\n      EphemeralStorage: {Size: 600}\n"
      "      EventInvokeConfig: {MaximumRetryAttempts: 2}\n",
      "", "  G: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: f, LoggingConfig: {LogFormat: Text}}}\n"));
  REQUIRE(succeeds(loaded));
  REQUIRE(loaded->functions.size() == 2);
  const auto& function = loaded->functions[0];
  CHECK(function.name == "named");
  CHECK(function.logical_id == "F");
  CHECK(function.bootstrap == folder / "f/bootstrap");
  CHECK(function.memory_mib == 200);
  CHECK(function.memory_chosen);
  CHECK(function.ephemeral_storage_mib == 600);
  CHECK(function.environments == 3);
  CHECK(function.event_invoke.maximum_retry_attempts == 2);
  CHECK(function.event_invoke.maximum_event_age == std::chrono::seconds(70));
  CHECK(function.logging.format == log_format::json);
  CHECK_FALSE(loaded->functions[1].memory_chosen);
  CHECK(loaded->functions[1].logging.format == log_format::text);
}

TEST_CASE_FIXTURE(fixture, "layers are put together once for all that share them") {
  folder.write("l1/a", "1");
  folder.write("l2/b", "2");
  const std::string layers = "Layers: [!Ref L1, !Ref L2]";
  const auto loaded =
      load(one_function("      " + layers + "\n", "",
                        "  G: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: f, " + layers +
                            "}}\n"
                            "  L1: {Type: 'AWS::Serverless::LayerVersion', Properties: {ContentUri: l1}}\n"
                            "  L2: {Type: 'AWS::Serverless::LayerVersion', Properties: {ContentUri: l2}}\n"));
  REQUIRE(succeeds(loaded));
  REQUIRE(loaded->functions[0].layer_folder);
  CHECK(loaded->functions[0].layer_folder == loaded->functions[1].layer_folder);
  CHECK(std::filesystem::exists(*loaded->functions[0].layer_folder + "/b"));
}

TEST_CASE_FIXTURE(fixture, "code and layers that are not there are errors with their place") {
  auto text = failure_text(
      load("Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: none\n"),
      errc::not_found);
  CHECK(contains(text, "t.yaml:5: function F"));
  CHECK(contains(text, "none, does not exist"));
  folder.make_folder("empty");
  text =
      failure_text(load("Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Metadata: {BuildMethod: makefile}\n"
                        "    Properties: {CodeUri: empty}\n"),
                   errc::not_found);
  CHECK(contains(text, "t.yaml:5"));
  CHECK(contains(text, "run `sam build`"));
  text =
      failure_text(load(one_function("      Layers: [!Ref L]\n", "",
                                     "  L: {Type: 'AWS::Serverless::LayerVersion', Properties: {ContentUri: no}}\n")),
                   errc::not_found);
  CHECK(contains(text, "t.yaml:8"));
}

TEST_CASE_FIXTURE(fixture, "routes of functions that are left out go with them") {
  folder.make_folder("p");
  const auto loaded = load(one_function(
      "      Events:\n        Open: {Type: HttpApi, Properties: {Path: /open, Method: get, ApiId: !Ref Api, Auth: "
      "{Authorizer: NONE}}}\n"
      "        Shut: {Type: HttpApi, Properties: {Path: /shut, Method: get, ApiId: !Ref Api}}\n",
      "",
      "  P:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: p\n      Runtime: python3.12\n      "
      "Handler: a.b\n"
      "      Events: {E: {Type: HttpApi, Properties: {Path: /p, Method: get, ApiId: !Ref Api, Auth: {Authorizer: "
      "NONE}}}}\n"
      "  Api:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      Auth:\n        DefaultAuthorizer: A\n"
      "        Authorizers: {A: {FunctionArn: !GetAtt P.Arn, AuthorizerPayloadFormatVersion: '2.0'}}\n"));
  REQUIRE(succeeds(loaded));
  CHECK(loaded->functions.size() == 1);
  REQUIRE(loaded->apis.size() == 1);
  REQUIRE(loaded->apis[0].routes.size() == 1);
  CHECK(loaded->apis[0].routes[0].path == "/open");
  REQUIRE(loaded->warnings.size() == 3);
  CHECK(contains(loaded->warnings[0], "runtime is python3.12"));
  CHECK(contains(loaded->warnings[1], "GET /shut is left out"));
  CHECK(contains(loaded->warnings[2], "GET /p is left out"));
}

TEST_CASE_FIXTURE(fixture, "another runtime whose folder has a bootstrap is served") {
  const auto loaded = load(
      "Resources:\n  P: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: f, Runtime: go1.x, Handler: x}}\n");
  REQUIRE(succeeds(loaded));
  CHECK(loaded->functions.size() == 1);
}

TEST_CASE_FIXTURE(fixture, "a template without a function that can be run is an error") {
  CHECK(contains(failure_text(load("Resources:\n  Q: {Type: 'AWS::SQS::Queue'}\n"), errc::unsupported),
                 "no function that can be run here"));
}

}  // namespace
}  // namespace kelvin::templates::test
