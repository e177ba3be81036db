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

TEST_CASE("reads and InvokeAsync are found with what they name") {
  struct row {
    http::method method;
    const char* path;
    const char* name;
    operation_kind kind;
    const char* segment;
  };
  using enum operation_kind;
  const row rows[] = {
      {method::post, "/2014-11-13/functions/f/invoke-async", "InvokeAsync", invoke_async, "f"},
      {method::post, "/2014-11-13/functions/f/invoke-async/", "InvokeAsync", invoke_async, "f"},
      {method::get, "/2015-03-31/functions/", "ListFunctions", list_functions, ""},
      {method::get, "/2015-03-31/functions", "ListFunctions", list_functions, ""},
      {method::get, "/2015-03-31/functions/f", "GetFunction", get_function, "f"},
      {method::get, "/2015-03-31/functions/f/configuration", "GetFunctionConfiguration", get_function_configuration,
       "f"},
      {method::get, "/2015-03-31/functions/f/versions", "ListVersionsByFunction", list_versions_by_function, "f"},
      {method::get, "/2015-03-31/functions/f/policy", "GetPolicy", get_policy, "f"},
      {method::get, "/2019-09-30/functions/f/concurrency", "GetFunctionConcurrency", get_function_concurrency, "f"},
      {method::get, "/2020-06-30/functions/f/code-signing-config", "GetFunctionCodeSigningConfig",
       get_function_code_signing_config, "f"},
      {method::get, "/2019-09-25/functions/f/event-invoke-config", "GetFunctionEventInvokeConfig",
       get_function_event_invoke_config, "f"},
      {method::get, "/2021-10-31/functions/f/url", "GetFunctionUrlConfig", get_function_url_config, "f"},
      {method::get, "/2017-03-31/tags/arn%3Aaws%3Alambda", "ListTags", list_tags, "arn%3Aaws%3Alambda"},
      {method::get, "/2015-03-31/event-source-mappings/", "ListEventSourceMappings", list_event_source_mappings, ""},
      {method::get, "/2016-08-19/account-settings", "GetAccountSettings", get_account_settings, ""},
  };
  for (const row& each : rows) {
    CAPTURE(each.path);
    const operation found = find_operation(each.method, each.path);
    CHECK(found.kind == each.kind);
    CHECK(found.name == each.name);
    CHECK(found.function_segment == each.segment);
  }
}

TEST_CASE("what this version does not serve is known by its name") {
  struct row {
    http::method method;
    const char* path;
    const char* name;
  };
  const row rows[] = {
      {method::post, "/2015-03-31/functions", "CreateFunction"},
      {method::put, "/2015-03-31/functions/f/code", "UpdateFunctionCode"},
      {method::put, "/2015-03-31/functions/f/configuration", "UpdateFunctionConfiguration"},
      {method::delete_, "/2015-03-31/functions/f", "DeleteFunction"},
      {method::post, "/2015-03-31/functions/f/versions", "PublishVersion"},
      {method::put, "/2017-10-31/functions/f/concurrency", "PutFunctionConcurrency"},
      {method::put, "/2019-09-25/functions/f/event-invoke-config", "PutFunctionEventInvokeConfig"},
      {method::post, "/2017-03-31/tags/arn%3Aaws%3Alambda", "TagResource"},
      {method::get, "/2015-03-31/functions/f/aliases/a", "GetAlias"},
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
