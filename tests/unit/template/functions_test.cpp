#include "tests/unit/template/describe.hpp"

#include <doctest/doctest.h>

namespace kelvin::templates::test {
namespace {

const function_description& only_function(const project& made) {
  REQUIRE(made.functions.size() == 1);
  return made.functions.front();
}

TEST_CASE("a function's properties, and the line each is from") {
  reading with;
  const auto made = with.describe(
      one_function("      FunctionName: named\n      Handler: main\n      MemorySize: 512\n      Timeout: 30\n"
                   "      EphemeralStorage: {Size: 1024}\n      ReservedConcurrentExecutions: 0\n"
                   "      LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: DEBUG, SystemLogLevel: WARN}\n"));
  const auto& function = only_function(made);
  CHECK(function.logical_id == "F");
  CHECK(function.name == "named");
  CHECK(function.origin == "dir/t.yaml:2");
  CHECK(function.handler == "main");
  CHECK(function.runtime == "provided.al2023");
  CHECK(function.runs_bootstrap());
  REQUIRE(function.code);
  CHECK(function.code->path == "dir/f/");
  CHECK(function.code->origin == "dir/t.yaml:5");
  CHECK(function.memory_mib == 512);
  CHECK(function.timeout == std::chrono::seconds(30));
  CHECK(function.ephemeral_storage_mib == 1024);
  CHECK(function.reserved_concurrency == 0);
  REQUIRE(function.logging);
  CHECK(function.logging->format == log_format::json);
  CHECK(function.logging->application_level == log_level::debug);
  CHECK(function.logging->system_level == log_level::warn);
  const auto memory = std::find_if(function.values.begin(), function.values.end(),
                                   [](const auto& each) { return each.name == "MemorySize"; });
  REQUIRE(memory != function.values.end());
  CHECK(memory->value == "512");
  CHECK(memory->origin == "dir/t.yaml:9");
  CHECK(made.warnings.empty());
}

TEST_CASE("what a function does not say is as on AWS, and no size is chosen") {
  reading with;
  const auto made = with.describe("Resources:\n  F: {Type: 'AWS::Serverless::Function'}\n");
  const auto& function = only_function(made);
  CHECK(function.code->path == "dir/");
  CHECK_FALSE(function.memory_mib);
  CHECK_FALSE(function.logging);
  CHECK(function.timeout == std::chrono::seconds(3));
  CHECK(function.handler == "bootstrap");
  CHECK(function.architecture == "x86_64");
  CHECK(with.describe(one_function("      Architectures: [arm64]\n")).functions.at(0).architecture == "arm64");
}

TEST_CASE("numbers out of range, and no numbers, are errors with their line") {
  reading with;
  CHECK(contains(with.refuse(one_function("      MemorySize: 127\n")), "dir/t.yaml:7: MemorySize: 127"));
  CHECK(contains(with.refuse(one_function("      MemorySize: much\n")), "much"));
  CHECK(contains(with.refuse(one_function("      Timeout: 901\n")), "from 1 to 900"));
  CHECK(contains(with.refuse(one_function("      EphemeralStorage: {Size: 511}\n")), "512"));
  CHECK(contains(with.refuse(one_function("      Architectures: [mips]\n")), "Architectures"));
  CHECK(contains(with.refuse(one_function("      FunctionName: 'a b'\n")), "cannot be a function's name"));
  CHECK(contains(with.refuse(one_function("      Environment: {Variables: {AWS_REGION: x}}\n")), "AWS_REGION"));
}

TEST_CASE("several errors are told together, in the order of their lines") {
  reading with;
  const auto text = with.refuse(one_function("      MemorySize: 1\n      Timeout: 0\n"));
  CHECK(text.find("t.yaml:7") < text.find("t.yaml:8"));
}

TEST_CASE("Globals: own scalars count, maps are merged, lists put together") {
  reading with;
  const auto made = with.describe(
      one_function("      Timeout: 9\n      Environment: {Variables: {BB: own, CC: own}}\n      Layers: [!Ref L2]\n",
                   "Globals:\n  Function:\n    Timeout: 5\n    MemorySize: 256\n    Layers: [!Ref L1]\n"
                   "    Environment: {Variables: {AA: global, BB: global}}\n",
                   "  L1: {Type: 'AWS::Serverless::LayerVersion', Properties: {ContentUri: l1}}\n"
                   "  L2: {Type: 'AWS::Lambda::LayerVersion', Properties: {Content: l2, LayerName: other}}\n"));
  const auto& function = only_function(made);
  CHECK(function.timeout == std::chrono::seconds(9));
  CHECK(function.memory_mib == 256);
  CHECK(function.variables == std::map<std::string, std::string>{{"AA", "global"}, {"BB", "own"}, {"CC", "own"}});
  REQUIRE(function.layers.size() == 2);
  CHECK(function.layers[0].path == "dir/l1");
  CHECK(function.layers[1].path == "dir/l2");
}

TEST_CASE("Globals are not for functions of CloudFormation") {
  reading with;
  const auto made = with.describe(
      "Globals: {Function: {Timeout: 5}}\nResources:\n  F: {Type: 'AWS::Lambda::Function', Properties: {Code: f}}\n");
  CHECK(only_function(made).timeout == std::chrono::seconds(3));
}

TEST_CASE("code of CloudFormation and CDK") {
  reading with;
  const std::string hash(64, 'a');
  auto made = with.describe(
      "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Metadata: {'aws:asset:path': asset.x}\n"
      "    Properties: {Code: {S3Bucket: b, S3Key: k}}\n");
  CHECK(only_function(made).code->path == "dir/asset.x");
  made = with.describe(
      "Resources:\n  F: {Type: 'AWS::Lambda::Function', Properties: {Code: {S3Bucket: b, S3Key: " + hash + ".zip}}}\n");
  CHECK(only_function(made).code->path == "dir/asset." + hash);
  made =
      with.describe("Resources:\n  F: {Type: 'AWS::Lambda::Function', Properties: {Code: {S3Bucket: b, S3Key: k}}}\n");
  CHECK_FALSE(only_function(made).code);
  CHECK(warned(made, "t.yaml:2", "lies on AWS"));
  made = with.describe("Resources:\n  F: {Type: 'AWS::Lambda::Function', Properties: {Code: {ZipFile: x}}}\n");
  CHECK(warned(made, "ZipFile", "not supported in this version"));
  made = with.describe(
      one_function("", "", "  G: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: s3://b/k}}\n"));
  CHECK(warned(made, "t.yaml:7", "lies on AWS"));
  CHECK(contains(with.refuse("Resources:\n  F: {Type: 'AWS::Lambda::Function'}\n"), "F has no Code"));
}

TEST_CASE("images and inline code are left out by name") {
  reading with;
  auto made = with.describe(
      one_function("", "", "  G:\n    Type: AWS::Serverless::Function\n    Properties:\n      PackageType: Image\n"));
  CHECK(made.functions.size() == 1);
  CHECK(warned(made, "t.yaml:10", "PackageType Image"));
  made = with.describe(one_function("", "", "  G: {Type: 'AWS::Serverless::Function', Properties: {InlineCode: x}}\n"));
  CHECK(made.functions.size() == 1);
  CHECK(warned(made, "t.yaml:7", "InlineCode", "not supported in this version"));
}

TEST_CASE("layers that lie on AWS are left out by name") {
  reading with;
  const auto made = with.describe(one_function("      Layers: ['arn:aws:lambda:us-east-1:1:layer:x:1']\n"));
  CHECK(only_function(made).layers.empty());
  CHECK(warned(made, "t.yaml:7", "layer:x:1", "without it"));
  CHECK(contains(with.refuse(one_function("      Layers: [a, b, c, d, e, f]\n")), "at most 5 layers"));
}

TEST_CASE("variables: texts as written, truth values in lower case, what is no text is empty") {
  CHECK(value_of("1.50") == "1.50");
  CHECK(value_of("0123") == "0123");
  CHECK(value_of("True") == "true");
  CHECK(value_of("off") == "false");
  CHECK(value_of("'yes'") == "yes");
  CHECK(value_of("[a]") == "");
  reading with;
  const auto made = with.describe(one_function("      Environment: {Variables: {VV: !ImportValue x}}\n"));
  CHECK(warned(made, "t.yaml:7", "VV", "known on AWS only"));
}

TEST_CASE("variables: file over shell over template, only declared ones, options over all") {
  reading with;
  with.options.variables.shell = {{"AA", "shell"}, {"BB", "shell"}, {"CC", "shell"}, {"XX", "shell"}};
  with.options.variables.files = {
      {"Parameters", {{"BB", "all"}, {"CC", "all"}}}, {"F", {{"CC", "file"}, {"YY", "file"}}}, {"Nobody", {}}};
  with.options.variables.options = {{"ZZ", "option"}};
  const auto made = with.describe(one_function("      Environment: {Variables: {AA: t, BB: t, CC: t, DD: t}}\n"));
  CHECK(only_function(made).variables ==
        std::map<std::string, std::string>{
            {"AA", "shell"}, {"BB", "all"}, {"CC", "file"}, {"DD", "t"}, {"ZZ", "option"}});
  CHECK(warned(made, "YY", "does not declare"));
  CHECK(warned(made, "Nobody", "no function of this template"));
}

TEST_CASE("unknown and unsupported properties are named once, with their lines") {
  reading with;
  const auto made =
      with.describe(one_function("      MemorySzie: 512\n      SnapStart: {ApplyOn: None}\n      Role: r\n"
                                 "      Policies: []\n      Tags: {a: b}\n      KmsKeyArn: k\n      VpcConfig: {}\n"));
  REQUIRE(made.warnings.size() == 2);
  CHECK(warned(made, "t.yaml:7", "unknown property MemorySzie"));
  CHECK(warned(made, "t.yaml:8", "property SnapStart", "not supported in this version"));
}

TEST_CASE("resources that are not served are told in one line") {
  reading with;
  const auto made =
      with.describe(one_function("", "",
                                 "  Q1: {Type: 'AWS::SQS::Queue'}\n  Q2: {Type: 'AWS::SQS::Queue'}\n"
                                 "  R: {Type: 'AWS::IAM::Role'}\n  M: {Type: 'AWS::CDK::Metadata'}\n"
                                 "  L: {Type: 'AWS::Logs::LogGroup'}\n  P: {Type: 'AWS::Lambda::Permission'}\n"
                                 "  S: {Type: 'AWS::CloudFormation::Stack'}\n"));
  REQUIRE(made.warnings.size() == 1);
  CHECK(warned(made, "t.yaml:7", "AWS::SQS::Queue (2)", "AWS::CloudFormation::Stack"));
}

TEST_CASE("asynchronous invocations: EventInvokeConfig and dead letters") {
  const std::string other = "  G: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: g}}\n";
  reading with;
  auto made = with.describe(
      one_function("      EventInvokeConfig:\n        MaximumRetryAttempts: 1\n        MaximumEventAgeInSeconds: 60\n  "
                   "      DestinationConfig:\n"
                   "          OnSuccess: {Type: Lambda, Destination: !GetAtt G.Arn}\n          OnFailure: {Type: SQS}\n"
                   "      DeadLetterQueue: {Type: SNS, TargetArn: 'arn:aws:sns:us-east-1:1:t'}\n",
                   "", other));
  const auto& invoke = made.functions.at(0).event_invoke;
  CHECK(invoke.maximum_retry_attempts == 1);
  CHECK(invoke.maximum_event_age == std::chrono::seconds(60));
  REQUIRE(invoke.on_success);
  CHECK(invoke.on_success->name == "G");
  CHECK_FALSE(invoke.on_failure);
  CHECK(warned(made, "t.yaml:12", "OnFailure SQS", "not supported"));
  CHECK(warned(made, "dead-letter queue", "--dead-letter"));
  made = with.describe(
      one_function("", "",
                   other + "  C:\n    Type: AWS::Lambda::EventInvokeConfig\n    Properties: {FunctionName: !Ref G, "
                           "Qualifier: $LATEST, MaximumRetryAttempts: 0}\n"));
  CHECK(made.functions.at(1).event_invoke.maximum_retry_attempts == 0);
  CHECK_FALSE(made.functions.at(0).event_invoke.maximum_retry_attempts);
}

TEST_CASE("event sources are kept, and named as not served yet") {
  reading with;
  const auto made = with.describe(
      one_function("      Events:\n        Tick: {Type: Schedule, Properties: {Schedule: rate(5 minutes)}}\n"
                   "        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}\n",
                   "",
                   "  Q: {Type: 'AWS::SQS::Queue'}\n  E:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties: "
                   "{FunctionName: !Ref F, EventSourceArn: x}\n"));
  REQUIRE(made.event_sources.size() == 3);
  CHECK(made.event_sources[0].type == "Schedule");
  CHECK(made.event_sources[0].function_name == "F");
  CHECK(made.event_sources[0].origin == "dir/t.yaml:8");
  CHECK(made.event_sources[1].properties.find("Queue")->text == "arn:aws:sqs:us-east-1:123456789012:Q");
  CHECK(made.event_sources[2].type == "EventSourceMapping");
  CHECK(warned(made, "t.yaml:8", "Schedule", "not served yet"));
  CHECK(warned(made, "event source mapping E"));
}

TEST_CASE("what is no template is said so") {
  reading with;
  CHECK(contains(with.refuse("a: 1\n"), "has no Resources"));
  CHECK(contains(with.refuse("Resources: {F: {}}\n"), "has no Type"));
  CHECK(contains(with.refuse("Resources:\n  F: {Type: 'AWS::Serverless::Function', Properties: {FunctionName: n}}\n"
                             "  G: {Type: 'AWS::Serverless::Function', Properties: {FunctionName: n}}\n"),
                 "two functions are called n"));
  const auto made = with.describe("Transform: [AWS::Serverless-2016-10-31, Mine]\n" + one_function(""));
  CHECK(warned(made, "t.yaml:1", "Mine"));
}

}  // namespace
}  // namespace kelvin::templates::test
