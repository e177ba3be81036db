#pragma once

#include "emulator/web/event_writer.hpp"
#include "emulator/web/multi_value_map.hpp"
#include "emulator/web/web_request.hpp"

#include <string_view>
#include <vector>

/// Parts of the first event format, which REST APIs and HTTP APIs with payload format 1.0 have in common.
namespace kelvin::web {

enum class parameter_text {
  decoded,
  as_sent,  ///< still percent-encoded
};

/// `pathParameters`, `stageVariables`: an object, or null without any.
void write_parameters(event_writer& event, event_key name, const std::vector<name_value>& parameters,
                      parameter_text text);

/// `queryStringParameters` and `multiValueQueryStringParameters`: objects, or null without a parameter.
void write_query(event_writer& event, const multi_value_map& query);

/// `identity`: who the caller is. Of a caller whose signature was checked, what that showed. Without a User-Agent
/// `userAgent` is null, or empty.
enum class absent_user_agent { null, empty };
void write_identity(event_writer& event, const web_request& request, const authorization* authorized,
                    absent_user_agent absent);

/// `authorizer` after a Lambda authorizer: its context with every value a string, `principalId` and
/// `integrationLatency`.
void write_lambda_authorizer(event_writer& event, const authorization& authorized);

/// The stage's variables, none if the context has none.
const std::vector<name_value>& stage_variables_of(const web_context& context);

}  // namespace kelvin::web
