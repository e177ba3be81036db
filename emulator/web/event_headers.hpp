#pragma once

#include "emulator/web/multi_value_map.hpp"
#include "emulator/web/web_request.hpp"

#include <string>
#include <string_view>

namespace kelvin::web {

enum class header_case {
  lower,    ///< `x-amzn-trace-id`
  title,    ///< `X-Amzn-Trace-Id`
  as_sent,  ///< the door's own in Title-Case
};

enum class content_length_rule {
  left_out,     ///< REST APIs
  with_a_body,  ///< as sent; a body that came in chunks gets one
  always,       ///< HTTP APIs: `0` without a body
};

struct header_rules {
  header_case names = header_case::lower;
  content_length_rule content_length = content_length_rule::with_a_body;
  bool cookies = true;  ///< false: Cookie is left out, it goes elsewhere
};

std::string lower_case(std::string_view name);
/// Each part between hyphens with one capital: `x-amzn-TRACE-id` is `X-Amzn-Trace-Id`.
std::string title_case(std::string_view name);

/// The fields of a request as a function sees them: those that belong to the connection are gone, the caller's
/// address is added to X-Forwarded-For, and X-Forwarded-Port, X-Forwarded-Proto and X-Amzn-Trace-Id are the door's.
multi_value_map event_headers(const web_request& request, const header_rules& rules);

/// The first value, empty if there is none.
std::string_view field_or_empty(const web_request& request, std::string_view name);

/// The cookies of all Cookie fields, split at `; `.
std::vector<std::string_view> cookies_of(const web_request& request);

/// `HTTP/1.1`, or as old as the request is.
std::string_view protocol_of(const web_request& request);

/// `domainPrefix`: the first label of AWS's own kind of host name (`ID.execute-api.…`, `ID.lambda-url.…`), else the
/// id of the API, since the first part of `127.0.0.1` says nothing.
std::string_view domain_prefix(const web_request& request, const web_context& context);

}  // namespace kelvin::web
