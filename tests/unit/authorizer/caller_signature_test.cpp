#include "emulator/frontdoor/authorizer/caller_signature.hpp"

#include "tests/unit/authorizer/web_call.hpp"

#include <doctest/doctest.h>

namespace kelvin::frontdoor {
namespace {

const std::string signature(64, 'a');

std::string by_field(const std::string& value) {
  test::web_call call;
  call.fields.add("Authorization", value);
  const auto caller = read_signature(call.request);
  return caller ? caller->access_key + " " + caller->region + " " + caller->service : "none";
}

std::string by_query(const std::string& query) {
  test::web_call call;
  call.request.raw_query = query;
  const auto caller = read_signature(call.request);
  return caller ? caller->access_key + " " + caller->region + " " + caller->service : "none";
}

std::string field(const std::string& credential, const std::string& headers, const std::string& signed_by) {
  return "AWS4-HMAC-SHA256 Credential=" + credential + ", SignedHeaders=" + headers + ", Signature=" + signed_by;
}

TEST_CASE("iam: a signature in the Authorization field") {
  const std::string credential = "AKIDEXAMPLE/20250101/us-east-1/execute-api/aws4_request";
  CHECK(by_field(field(credential, "host;x-amz-date", signature)) == "AKIDEXAMPLE us-east-1 execute-api");
  CHECK(by_field("AWS4-HMAC-SHA256 Signature=" + signature + ",SignedHeaders=host,Credential=" + credential) ==
        "AKIDEXAMPLE us-east-1 execute-api");
  for (const std::string& value : {std::string(),
                                   std::string("Bearer x"),
                                   std::string("AWS4-HMAC-SHA256"),
                                   std::string("AWS4-HMAC-SHA256 "),
                                   "AWS4-HMAC-SHA256X" + field(credential, "host", signature).substr(16),
                                   "AWS4-HMAC-SHA512" + field(credential, "host", signature).substr(16),
                                   field("", "host", signature),
                                   field("AKID/20250101/us-east-1/execute-api", "host", signature),
                                   field(credential + "/more", "host", signature),
                                   field("/20250101/us-east-1/execute-api/aws4_request", "host", signature),
                                   field("AKID/2025/us-east-1/execute-api/aws4_request", "host", signature),
                                   field("AKID/2025010x/us-east-1/execute-api/aws4_request", "host", signature),
                                   field("AKID/20250101//execute-api/aws4_request", "host", signature),
                                   field("AKID/20250101/us-east-1//aws4_request", "host", signature),
                                   field("AKID/20250101/us-east-1/execute-api/aws3_request", "host", signature),
                                   field("A\"K/20250101/us-east-1/execute-api/aws4_request", "host", signature),
                                   field(credential, "", signature),
                                   field(credential, "host", ""),
                                   field(credential, "host", signature.substr(1)),
                                   field(credential, "host", signature + "a"),
                                   field(credential, "host", std::string(64, 'A'))}) {
    CAPTURE(value);
    CHECK(by_field(value) == "none");
  }
}

TEST_CASE("iam: a signature in the query") {
  const std::string rest = "&X-Amz-Date=20250101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=" + signature;
  const std::string credential = "&X-Amz-Credential=AKID%2F20250101%2feu-west-1%2Flambda%2Faws4_request";
  CHECK(by_query("a=b&X-Amz-Algorithm=AWS4-HMAC-SHA256" + credential + rest) == "AKID eu-west-1 lambda");
  CHECK(by_query("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID/20250101/r/s/aws4_request" + rest) ==
        "AKID r s");
  for (const std::string& query :
       {std::string(), "X-Amz-Algorithm=AWS4-HMAC-SHA256" + rest, "X-Amz-Algorithm=other" + credential + rest,
        credential + rest, "X-Amz-Algorithm=AWS4-HMAC-SHA256" + credential,
        "X-Amz-Algorithm=AWS4-HMAC-SHA256" + credential + "&X-Amz-SignedHeaders=host&X-Amz-Signature=" + signature,
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x" + rest}) {
    CAPTURE(query);
    CHECK(by_query(query) == "none");
  }
}

TEST_CASE("iam: the caller in an event") {
  CHECK(iam_document(caller_signature{"AKID", "r", "s"}, "123456789012") ==
        R"({"accessKey":"AKID","accountId":"123456789012","callerId":"AKID","cognitoIdentity":null,)"
        R"("principalOrgId":null,"userArn":"arn:aws:iam::123456789012:user/AKID","userId":"AKID"})");
  CHECK(iam_document(std::nullopt, "123456789012") ==
        R"({"accessKey":null,"accountId":null,"callerId":null,"cognitoIdentity":null,)"
        R"("principalOrgId":null,"userArn":null,"userId":null})");
}

}  // namespace
}  // namespace kelvin::frontdoor
