#pragma once

#include "emulator/template/api_draft.hpp"

#include <string>
#include <vector>

namespace kelvin::templates {

/// An integration, however it is written: OpenAPI, AWS::ApiGatewayV2::Integration or AWS::ApiGateway::Method.
struct integration_facts {
  std::string type;                       ///< `AWS_PROXY`, `MOCK`, …, in any case
  const node* uri = nullptr;              ///< of a function
  const node* payload_version = nullptr;  ///< not given: 1.0
  const node* timeout = nullptr;
  const node* transfer_mode = nullptr;
  const node* responses = nullptr;  ///< a mock's: OpenAPI's map by status, or CloudFormation's list
};

/// Gives the route its function or mock. False, and something said, if it has neither here.
bool apply_integration(const api_draft& draft, const integration_facts& facts, api_route& route, place at);

/// An authorizer, however it is written.
struct authorizer_facts {
  std::string name;
  std::string type;                           ///< `jwt`, `request`, `token`, …, in any case
  std::string uri;                            ///< of a function
  std::vector<std::string> identity_sources;  ///< in either API's form, also several by commas
  std::string validation;
  const node* ttl = nullptr;
  const node* payload_version = nullptr;
  const node* simple_responses = nullptr;
  const node* issuer = nullptr;
  const node* audience = nullptr;
};

/// Adds it to the API; one of another type is named, and routes that need it are left out.
void add_authorizer(api_draft& draft, const authorizer_facts& facts, place at);

}  // namespace kelvin::templates
