#pragma once

#include "emulator/function/api_configuration.hpp"
#include "emulator/web/function_answer.hpp"
#include "emulator/web/web_response.hpp"
#include "runtime-api/base/payload.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Pieces of a function's answer turned into pieces of an HTTP answer; which of them a door wants is its own rule.
namespace kelvin::web {

/// The status: an integer from 200 to 599, or a string of one. nullopt: anything else. Informational statuses are
/// refused, since what follows them would be taken for another answer.
std::optional<unsigned> status_of(const answer_value& value);

/// Which values a member of `headers` or `multiValueHeaders` may have. Numbers and booleans count as their text and
/// null as not there, wherever a string may stand.
enum class field_values { single, lists, single_or_lists };

/// Appends the fields, one per value, in their order; false if a value has another shape, or if there are more than
/// limits::answer_fields. Null and absent fields are no fields; names without a character are left out.
bool append_fields(std::vector<name_value>& to, const answer_fields& fields, field_values shape);

/// The cookies, each as the value of a Set-Cookie; false if they are not an array of texts. Null and absent: none.
bool append_cookies(std::vector<std::string>& to, const function_answer& answer);

/// Whether the answer says that its body is base64: true, and nothing else.
bool says_base64(const function_answer& answer);

enum class body_state { taken, not_a_string, not_base64 };

/// The body: a string, or nothing where it is null or absent. The only copy that is made of it.
body_state take_body(function_answer& answer, bool decode, payload& to);

/// Whether the session itself writes that field, or it says something about the connection.
bool is_session_field(std::string_view name);

/// `x-amzn-Remapped-<name>` for a field that REST APIs and function URLs do not send on under its own name, else
/// `name` (API Gateway Developer Guide, important notes for REST APIs; seen on function URLs, too).
std::string remapped(std::string name);

/// First value of that name in any case, null if there is none.
const std::string* find_field(const std::vector<name_value>& fields, std::string_view name);

}  // namespace kelvin::web
