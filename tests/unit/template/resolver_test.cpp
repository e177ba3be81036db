#include "tests/unit/template/describe.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kelvin::templates::test {
namespace {

const std::string parameters =
    "Parameters:\n  P: {Type: String, Default: p}\n  L: {Type: CommaDelimitedList, Default: 'a, b,c'}\n"
    "  N: {Type: Number, Default: 7}\n  S: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}\n  Open: {Type: "
    "String}\n";
const std::string conditions =
    "Conditions:\n  Yes: !Equals [a, a]\n  No: !Not [!Condition Yes]\n  Both: !And [!Condition Yes, !Condition No]\n"
    "  Either: !Or [!Condition No, !Equals [!Ref P, p]]\n";
const std::string mappings = "Mappings:\n  M:\n    us-east-1: {Size: big}\n    eu-west-1: {Size: small}\n";

TEST_CASE("parameters: command line, default, lists, and what only AWS knows") {
  CHECK(value_of("!Ref P", parameters) == "p");
  CHECK(value_of("!Ref N", parameters) == "7");
  CHECK(value_of("!Join ['-', !Ref L]", parameters) == "a-b-c");
  CHECK(value_of("!Select [1, !Ref L]", parameters) == "b");
  CHECK(value_of("!Ref S", parameters) == "");
  CHECK(value_of("!Ref Open", parameters) == "");
  reading with;
  with.options.facts.parameters = {{"P", "given"}, {"Open", "o"}};
  const auto made =
      with.describe(one_function("      Environment: {Variables: {AA: !Ref P, BB: !Sub '${Open}/x'}}\n", parameters));
  CHECK(made.functions[0].variables.at("AA") == "given");
  CHECK(made.functions[0].variables.at("BB") == "o/x");
}

TEST_CASE("a parameter that the template has not, or takes no such value, is an error") {
  reading with;
  with.options.facts.parameters = {{"Absent", "x"}};
  CHECK(contains(with.refuse(one_function("", parameters)), "--parameter Absent"));
  with.options.facts.parameters = {{"P", "x"}};
  const auto text = with.refuse(one_function("", "Parameters:\n  P: {Type: String, AllowedValues: [a, b]}\n"));
  CHECK(contains(text, "t.yaml:2"));
  CHECK(contains(text, "AllowedValues"));
}

TEST_CASE("pseudo parameters") {
  CHECK(value_of("!Sub '${AWS::Region} ${AWS::AccountId} ${AWS::Partition} ${AWS::StackName} ${AWS::URLSuffix}'") ==
        "us-east-1 123456789012 aws local amazonaws.com");
  reading with;
  with.options.facts.region = "eu-west-1";
  const auto made =
      with.describe(one_function("      Environment: {Variables: {AA: !Ref AWS::Region, BB: !Ref AWS::NoValue}}\n"));
  CHECK(made.functions[0].variables.at("AA") == "eu-west-1");
  CHECK_FALSE(made.functions[0].variables.contains("BB"));
}

TEST_CASE("Fn::Sub") {
  CHECK(value_of("!Sub 'a${P}b${!Literal}c'", parameters) == "apb${Literal}c");
  CHECK(value_of("!Sub ['${x}-${P}', {x: !Ref N}]", parameters) == "7-p");
  const std::string other = "  G: {Type: 'AWS::Lambda::Function', Properties: {Code: g, FunctionName: named}}\n";
  CHECK(value_of("!Sub '${G.Arn}'", "", other) == "arn:aws:lambda:us-east-1:123456789012:function:named");
  CHECK(value_of("!Sub 'open ${'") == "open ${");
  CHECK(value_of("{'Fn::Sub': '${G}'}", "", other) == "named");
}

TEST_CASE("Fn::Join, Fn::Split, Fn::Select, Fn::Base64, Fn::GetAZs, Fn::Length") {
  CHECK(value_of("!Join ['', [a, !Ref N, !Ref P]]", parameters) == "a7p");
  CHECK(value_of("!Select [2, !Split ['|', 'a|b||c']]") == "");
  CHECK(value_of("!Select ['3', !Split ['|', 'a|b||c']]") == "c");
  CHECK(value_of("{'Fn::Base64': 'kelvin'}") == "a2Vsdmlu");
  CHECK(value_of("!Base64 'ab'") == "YWI=");
  CHECK(value_of("!Base64 'a'") == "YQ==");
  CHECK(value_of("!Base64 ''") == "");
  CHECK(value_of("!Select [0, !GetAZs '']") == "us-east-1a");
  CHECK(value_of("{'Fn::Length': [a, b]}") == "2");
}

TEST_CASE("Fn::FindInMap") {
  CHECK(value_of("!FindInMap [M, !Ref AWS::Region, Size]", mappings) == "big");
  CHECK(value_of("!FindInMap [M, nowhere, Size, {DefaultValue: d}]", mappings) == "d");
  reading with;
  CHECK(contains(with.refuse(one_function("      Handler: !FindInMap [M, nowhere, Size]\n", mappings)),
                 "M.nowhere.Size"));
}

TEST_CASE("conditions nest, choose values and take resources away") {
  const std::string before = parameters + conditions;
  CHECK(value_of("!If [Yes, a, b]", before) == "a");
  CHECK(value_of("!If [No, a, b]", before) == "b");
  CHECK(value_of("!If [Both, a, b]", before) == "b");
  CHECK(value_of("!If [Either, a, b]", before) == "a");
  reading with;
  const auto made = with.describe(one_function(
      "", before, "  G:\n    Type: AWS::Serverless::Function\n    Condition: No\n    Properties: {CodeUri: g}\n"));
  CHECK(made.functions.size() == 1);
  CHECK(contains(with.refuse(one_function("      Handler: !If [Absent, a, b]\n", before)), "no condition `Absent`"));
}

TEST_CASE("what refers to itself is named with its chain") {
  reading with;
  const auto text = with.refuse(one_function(
      "    Condition: A\n", "Conditions:\n  A: !Not [!Condition B]\n  B: !Or [!Condition A, !Equals [a, b]]\n"));
  CHECK(contains(text, "A -> B -> A"));
  CHECK(contains(text, "t.yaml:2"));
  const auto circle =
      with.refuse(one_function("      Environment: {Variables: {QQ: !Sub '${Q.Arn}'}}\n", "",
                               "  Q:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !Ref F}\n"));
  CHECK(contains(circle, "F (line 2) -> Q (line 8) -> F"));
  const auto order =
      with.refuse(one_function("    DependsOn: [Q]\n", "", "  Q: {Type: 'AWS::SQS::Queue', DependsOn: F}\n"));
  CHECK(contains(order, "F (line 2) -> Q (line 8) -> F"));
  const auto own =
      with.refuse(one_function("      Environment: {Variables: {VV: !GetAtt S.Value}}\n", "",
                               "  S:\n    Type: AWS::SSM::Parameter\n    Properties: {Value: !GetAtt S.Value}\n"));
  CHECK(contains(own, "S"));
}

TEST_CASE("what SAM moves to other resources makes no circle") {
  reading with;
  const auto made = with.describe(
      one_function("      Events: {E: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Api}}}\n", "",
                   "  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: v1\n"
                   "      Auth: {DefaultAuthorizer: A, Authorizers: {A: {FunctionArn: !GetAtt F.Arn}}}\n"));
  CHECK(only_api(made).authorizers.at(0).function_name == "F");
}

TEST_CASE("references to resources are what AWS would give") {
  const std::string behind =
      "  Q: {Type: 'AWS::SQS::Queue'}\n  T: {Type: 'AWS::SNS::Topic', Properties: {TopicName: news}}\n"
      "  B: {Type: 'AWS::S3::Bucket'}\n  D: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: !Sub "
      "'t-${AWS::Region}'}}\n"
      "  Pool: {Type: 'AWS::Cognito::UserPool'}\n  Par: {Type: 'AWS::SSM::Parameter', Properties: {Value: v}}\n"
      "  Al: {Type: 'AWS::Lambda::Alias', Properties: {FunctionName: G, Name: live}}\n";
  CHECK(value_of("!Ref Q", "", behind) == "https://sqs.us-east-1.amazonaws.com/123456789012/Q");
  CHECK(value_of("!GetAtt Q.Arn", "", behind) == "arn:aws:sqs:us-east-1:123456789012:Q");
  CHECK(value_of("!GetAtt Q.QueueName", "", behind) == "Q");
  CHECK(value_of("!Ref T", "", behind) == "arn:aws:sns:us-east-1:123456789012:news");
  CHECK(value_of("!Ref B", "", behind) == "b");
  CHECK(value_of("!GetAtt B.Arn", "", behind) == "arn:aws:s3:::b");
  CHECK(value_of("!Ref D", "", behind) == "t-us-east-1");
  CHECK(value_of("!GetAtt [D, StreamArn]", "", behind)
            .starts_with("arn:aws:dynamodb:us-east-1:123456789012:table/t-us-east-1/stream/"));
  CHECK(value_of("!GetAtt Par.Value", "", behind) == "v");
  CHECK(value_of("!Ref Al", "", behind) == "arn:aws:lambda:us-east-1:123456789012:function:G");
  CHECK(value_of("!GetAtt FRole.Arn", "", behind) == "arn:aws:iam::123456789012:role/FRole");
  CHECK(value_of("!Ref Pool", "", behind) == "");
  CHECK(value_of("!ImportValue x") == "");
  CHECK(value_of("'{{resolve:ssm:x}}'") == "");
}

TEST_CASE("an unknown intrinsic function is an error wherever it stands") {
  reading with;
  const auto text = with.refuse(
      one_function("", "", "  R:\n    Type: AWS::IAM::Role\n    Properties:\n      X: {'Fn::Joined': []}\n"));
  CHECK(contains(text, "dir/t.yaml:10"));
  CHECK(contains(text, "Fn::Joined"));
  CHECK(contains(with.refuse(one_function("", "", "  'Fn::ForEach::L': [x, [a], {}]\n"), errc::unsupported),
                 "Fn::ForEach"));
}

TEST_CASE("an intrinsic function with the wrong arguments is an error with its line") {
  reading with;
  for (const char* call : {"!Join [a]", "!Split [a]", "!Select [9, [a]]", "!Select [x, [a]]", "!If [a]",
                           "!GetAtt plain", "!Ref [a]", "!Sub [a, b, c]", "!Base64 [a]"}) {
    CAPTURE(call);
    CHECK(contains(with.refuse(one_function(std::string("      Handler: ") + call + "\n")), "dir/t.yaml:7"));
  }
}

TEST_CASE("a value that doubles at every level is stopped") {
  std::string value = "{'Fn::Sub': ['${v}', {v: xxxxxxxxxxxxxxxx}]}";
  for (int level = 0; level < 24; ++level) {
    value = "{'Fn::Sub': ['${v}${v}', {v: " + value + "}]}";
  }
  reading with;
  CHECK(contains(with.refuse(one_function("      Handler: " + value + "\n"), errc::limit_reached), "1 MB"));
}

}  // namespace
}  // namespace kelvin::templates::test
