#pragma once

#include "emulator/gateway/gateway.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// One request on its way through the gateway.
struct gateway::call {
  call(http::exchange& of, const served_api& by) : exchange(of), api(by) {}

  http::exchange& exchange;
  const served_api& api;
  const api_route* route = nullptr;
  payload body;
  std::string full_path;  ///< what request.raw_path views where the stage was not in the caller's path
  web::web_request request;
  web::web_context context;
  web::authorization authorized;  ///< what context.authorized points to, where there is an authorizer
  request_id invocation = request_id::generate();
};

}  // namespace kelvin
