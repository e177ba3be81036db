#pragma once

#include "emulator/template/api_draft.hpp"
#include "emulator/template/node.hpp"

namespace kelvin::templates {

/// The OpenAPI document of an API: given in the template, by AWS::Include, or as a file. Its intrinsic functions are
/// resolved. Null, and something said, if it is not there.
node read_definition(const model& in, const node* body, const node* uri);

/// Adds what an OpenAPI document says by API Gateway's extensions: routes, authorizers, CORS, binary media types.
/// Operations without an integration are left to events.
void add_open_api(api_draft& draft, const node& definition);

/// Names the operations of the document that have no integration, and no event gave them one.
void check_open_api(const api_draft& draft, const node& definition);

}  // namespace kelvin::templates
