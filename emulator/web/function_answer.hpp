#pragma once

#include "runtime-api/base/payload.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::web {

enum class value_kind { absent, null, boolean, number, string, array, object };

struct answer_value {
  value_kind kind = value_kind::absent;
  std::string text;  ///< a string's characters; numbers and booleans as they were written
};

/// One member of `headers` or `multiValueHeaders`.
struct answer_field {
  std::string name;
  value_kind kind = value_kind::absent;
  std::vector<answer_value> values;  ///< an array's elements, else the one value
};

struct answer_fields {
  value_kind kind = value_kind::absent;  ///< fields are there only if it is an object
  std::vector<answer_field> fields;
};

/// A string that may have megabytes: a view of the answer where nothing in it was escaped, else unescaped once.
struct answer_text {
  value_kind kind = value_kind::absent;
  std::string_view view() const noexcept { return is_unescaped ? unescaped.view() : in_place; }

  std::string_view in_place;
  payload unescaped;
  bool is_unescaped = false;
};

/// A function's answer taken apart as far as doors for HTTP look into it, without a rule of any door. Of a key that
/// is there twice the last one counts.
struct function_answer {
  /// Of the whole; absent: the answer is not JSON, and nothing else is filled in. Whitespace around it is allowed.
  answer_text whole;

  // Members of an object.
  answer_value status_code;
  answer_value status_description;
  answer_fields headers;
  answer_fields multi_value_headers;
  answer_value cookies_kind;          ///< the kind alone
  std::vector<answer_value> cookies;  ///< elements of an array
  answer_text body;
  answer_value is_base64_encoded;  ///< also `base64Encoded`
  std::string unknown_key;         ///< the first key that is none of these; empty: there is none
};

/// Reads `answer`, building nothing but what is kept. The result may view `answer`, which must outlive it.
function_answer read_function_answer(std::string_view answer);
/// The same by the JSON parser alone, which takes several times as long for a large body with escapes.
function_answer read_whole_answer(std::string_view answer);

/// Appends `json`, which must be valid, without the white space between its tokens.
void append_compact_json(payload& to, std::string_view json);

}  // namespace kelvin::web
