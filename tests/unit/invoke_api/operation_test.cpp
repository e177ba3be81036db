#include "emulator/frontdoor/invoke_api/operation.hpp"

#include <doctest/doctest.h>

using namespace kelvin;
using namespace kelvin::frontdoor;
using http::method;

TEST_CASE("Invoke is found with its function's segment") {
  const std::pair<const char*, const char*> rows[] = {
      {"/2015-03-31/functions/f/invocations", "f"},
      {"/2015-03-31/functions/f/invocations/", "f"},
      {"/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af/invocations",
       "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af"},
      {"/2015-03-31/functions/invocations/invocations", "invocations"},
  };
  for (const auto& [path, segment] : rows) {
    const operation found = find_operation(method::post, path);
    CHECK(found.kind == operation_kind::invoke);
    CHECK(found.function_segment == segment);
  }
}

TEST_CASE("what this version does not serve is known by its name") {
  struct row {
    http::method method;
    const char* path;
    const char* name;
  };
  const row rows[] = {
      {method::post, "/2021-11-15/functions/f/response-streaming-invocations", "InvokeWithResponseStream"},
      {method::post, "/2014-11-13/functions/f/invoke-async", "InvokeAsync"},
      {method::post, "/2014-11-13/functions/f/invoke-async/", "InvokeAsync"},
      {method::get, "/2015-03-31/functions/", "ListFunctions"},
      {method::get, "/2015-03-31/functions", "ListFunctions"},
      {method::get, "/2015-03-31/functions/f", "GetFunction"},
      {method::get, "/2015-03-31/functions/f/configuration", "GetFunctionConfiguration"},
      {method::get, "/2015-03-31/functions/f/versions", "ListVersionsByFunction"},
      {method::get, "/2015-03-31/functions/f/policy", "GetPolicy"},
      {method::get, "/2019-09-30/functions/f/concurrency", "GetFunctionConcurrency"},
      {method::get, "/2020-06-30/functions/f/code-signing-config", "GetFunctionCodeSigningConfig"},
      {method::get, "/2019-09-25/functions/f/event-invoke-config", "GetFunctionEventInvokeConfig"},
      {method::get, "/2021-10-31/functions/f/url", "GetFunctionUrlConfig"},
      {method::get, "/2017-03-31/tags/arn%3Aaws%3Alambda", "ListTags"},
      {method::get, "/2015-03-31/event-source-mappings/", "ListEventSourceMappings"},
      {method::get, "/2016-08-19/account-settings", "GetAccountSettings"},
  };
  for (const row& each : rows) {
    CAPTURE(each.path);
    const operation found = find_operation(each.method, each.path);
    CHECK(found.kind == operation_kind::unsupported);
    CHECK(found.name == each.name);
  }
}

TEST_CASE("below the service's prefixes the rest is an unknown operation") {
  for (const char* path :
       {"/2015-03-31/functions/f/invocation", "/2015-03-31/functions/a/b/invocations",
        "/2015-03-31/functions//invocations", "/2015-03-31/", "/2030-01-01/functions/f/invocations"}) {
    CAPTURE(path);
    CHECK(find_operation(method::post, path).kind == operation_kind::unknown);
  }
  CHECK(find_operation(method::get, "/2015-03-31/functions/f/invocations").kind == operation_kind::unknown);
  CHECK(find_operation(method::delete_, "/2015-03-31/functions/f/invocations").kind == operation_kind::unknown);
  CHECK(find_operation(method::other, "/2015-03-31/functions").kind == operation_kind::unknown);
}

TEST_CASE("other paths are left to other front doors") {
  for (const char* path : {"", "/", "/pets/7", "/_kelvin/health", "/2015-03-31", "/2015-3-31/functions/f/invocations",
                           "/lambda-url/f/", "2015-03-31/functions/f/invocations", "/20150331/functions"}) {
    CAPTURE(path);
    CHECK(find_operation(method::post, path).kind == operation_kind::not_ours);
    CHECK(find_operation(method::get, path).kind == operation_kind::not_ours);
  }
}
