#pragma once

#include "emulator/web/web_request.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kelvin::test {

/// A request at an API, with all that the views in it point to.
struct web_call {
  explicit web_call(api_kind kind = api_kind::http) {
    api.kind = kind;
    api.id = "abc123";
    api.stages = {{"prod", {}}};
    request.method = "GET";
    request.raw_path = "/prod/pets/7";
    request.fields = &fields;
    request.source_ip = "192.0.2.1";
    request.domain_name = "abc123.example.com";
    context.account_id = "123456789012";
    context.region = "us-east-1";
    context.api_id = "abc123";
    context.stage = "prod";
    context.stage_path = "/pets/7";
    context.method = "GET";
    context.resource = "/pets/{id}";
    context.request_id = "request";
    context.extended_request_id = "extended";
    context.api = &api;
  }
  web_call(const web_call&) = delete;
  web_call& operator=(const web_call&) = delete;

  api_configuration api;
  http::field_list fields;
  web::web_request request;
  web::web_context context;
};

}  // namespace kelvin::test
