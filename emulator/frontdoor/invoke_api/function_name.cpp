#include "emulator/frontdoor/invoke_api/function_name.hpp"

#include <algorithm>
#include <utility>

namespace kelvin::frontdoor {
namespace {

// AWS Lambda API, Invoke: the patterns and lengths of FunctionName and Qualifier.
constexpr std::string_view function_name_pattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?)"
    R"(([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?)";
constexpr std::string_view qualifier_pattern = R"(\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+)";
constexpr std::size_t function_name_length_max = 256;
constexpr std::size_t qualifier_length_max = 128;

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}
bool is_lower(char character) {
  return character >= 'a' && character <= 'z';
}
bool is_word(char character) {
  return is_digit(character) || is_lower(character) || (character >= 'A' && character <= 'Z') || character == '-' ||
         character == '_';
}

bool is_qualifier_of_name(std::string_view text) {
  return text == "$LATEST" || text == "$LATEST.PUBLISHED" ||
         (!text.empty() && std::all_of(text.begin(), text.end(), is_word));
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), is_digit);
}

/// `xx[-gov|-iso?]-word-N`, `eusc-` before it.
bool is_region(std::string_view text) {
  if (text.starts_with("eusc-")) {
    text.remove_prefix(5);
  }
  if (text.size() < 2 || !is_lower(text[0]) || !is_lower(text[1])) {
    return false;
  }
  text.remove_prefix(2);
  const auto is_place = [](std::string_view place) {
    return place.size() >= 4 && place[0] == '-' && place[place.size() - 2] == '-' && is_digit(place.back()) &&
           std::all_of(place.begin() + 1, place.end() - 2, is_lower);
  };
  if (is_place(text)) {
    return true;
  }
  if (text.starts_with("-gov")) {
    return is_place(text.substr(4));
  }
  return text.starts_with("-iso") &&
         (is_place(text.substr(4)) || (text.size() > 4 && is_lower(text[4]) && is_place(text.substr(5))));
}

struct parts {
  std::string_view region;
  std::string_view account;
  std::string_view name;
  std::string_view qualifier;
};

/// What may stand in a FunctionName, in this order; all but the name may be missing.
enum class part { arn, region, account, function_word, name_and_qualifier };

/// The size of `arn:` and a partition and `:lambda:`, 0 if `text` does not begin with them.
std::size_t size_of_arn_prefix(std::string_view text) {
  const std::size_t colon = text.starts_with("arn:") ? text.find(":lambda:", 4) : std::string_view::npos;
  if (colon == std::string_view::npos) {
    return 0;
  }
  const std::string_view partition = text.substr(4, colon - 4);
  const bool is_letters_and_dashes = std::all_of(partition.begin(), partition.end(), [](char character) {
    return is_word(character) && !is_digit(character) && character != '_';
  });
  return is_letters_and_dashes && (partition.empty() || partition.starts_with("aws")) ? colon + 8 : 0;
}

/// Takes an optional part, colon included, off the front of `text` into `found`. False if it is not there.
bool take(part wanted, std::string_view& text, parts& found) {
  if (wanted == part::arn || wanted == part::function_word) {
    const std::size_t size =
        wanted == part::arn ? size_of_arn_prefix(text) : (text.starts_with("function:") ? std::size_t{9} : 0);
    text.remove_prefix(size);
    return size != 0;
  }
  const std::size_t colon = text.find(':');
  const std::string_view piece = text.substr(0, colon);
  if (colon == std::string_view::npos || !(wanted == part::region ? is_region(piece) : is_account(piece))) {
    return false;
  }
  (wanted == part::region ? found.region : found.account) = piece;
  text.remove_prefix(colon + 1);
  return true;
}

std::optional<parts> with_name(std::string_view text, parts found) {
  const std::size_t colon = text.find(':');
  found.name = text.substr(0, colon);
  const bool name_is_valid = !found.name.empty() && std::all_of(found.name.begin(), found.name.end(),
                                                                [](char c) { return is_word(c) || c == '.'; });
  if (!name_is_valid) {
    return std::nullopt;
  }
  if (colon != std::string_view::npos) {
    found.qualifier = text.substr(colon + 1);
    if (!is_qualifier_of_name(found.qualifier)) {
      return std::nullopt;
    }
  }
  return found;
}

/// Follows the pattern from `next` on. It prefers an optional part to be there, and does without where the rest would
/// not fit any more: `123456789012:x` is the function x of an account, `123456789012:$LATEST` a name and its qualifier.
std::optional<parts> follow(part next, std::string_view text, const parts& found) {
  if (next == part::name_and_qualifier) {
    return with_name(text, found);
  }
  const part behind = static_cast<part>(static_cast<int>(next) + 1);
  std::string_view rest = text;
  parts taken = found;
  if (take(next, rest, taken)) {
    if (const auto whole = follow(behind, rest, taken)) {
      return whole;
    }
  }
  return follow(behind, text, found);
}

std::optional<parts> split(std::string_view text) {
  return follow(part::arn, text, {});
}

int hexadecimal_value(char character) {
  if (is_digit(character)) {
    return character - '0';
  }
  const char lower = static_cast<char>(character | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] == '%' && index + 2 < text.size()) {
      const int high = hexadecimal_value(text[index + 1]);
      const int low = hexadecimal_value(text[index + 2]);
      if (high >= 0 && low >= 0) {
        decoded.push_back(static_cast<char>(high << 4 | low));
        index += 2;
        continue;
      }
    }
    decoded.push_back(text[index]);
  }
  return decoded;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (percent_decoded(pair.substr(0, equals)) == name) {
      return percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
    }
  }
  return std::nullopt;
}

std::string violation(std::string_view value, std::string_view member, std::string_view constraint) {
  std::string text = "Value '";
  text.append(value).append("' at '").append(member).append("' failed to satisfy constraint: ").append(constraint);
  return text;
}

void check_function_name(std::string_view function_name, std::vector<std::string>& violations) {
  if (function_name.size() > function_name_length_max) {
    violations.push_back(
        violation(function_name, "functionName",
                  "Member must have length less than or equal to " + std::to_string(function_name_length_max)));
  }
  if (!split(function_name)) {
    violations.push_back(
        violation(function_name, "functionName",
                  "Member must satisfy regular expression pattern: " + std::string(function_name_pattern)));
  }
}

void check_qualifier(std::string_view qualifier, std::vector<std::string>& violations) {
  if (qualifier.empty()) {
    violations.push_back(violation(qualifier, "qualifier", "Member must have length greater than or equal to 1"));
  }
  if (qualifier.size() > qualifier_length_max) {
    violations.push_back(
        violation(qualifier, "qualifier",
                  "Member must have length less than or equal to " + std::to_string(qualifier_length_max)));
  }
  const bool matches = qualifier == "$LATEST.PUBLISHED" ||
                       (!qualifier.empty() &&
                        std::all_of(qualifier.begin(), qualifier.end(), [](char c) { return is_word(c) || c == '$'; }));
  if (!matches) {
    violations.push_back(violation(
        qualifier, "qualifier", "Member must satisfy regular expression pattern: " + std::string(qualifier_pattern)));
  }
}

service_error validation_error(const std::vector<std::string>& violations) {
  std::string message = std::to_string(violations.size());
  message.append(violations.size() == 1 ? " validation error detected: " : " validation errors detected: ");
  for (std::size_t index = 0; index < violations.size(); ++index) {
    message.append(index == 0 ? "" : "; ").append(violations[index]);
  }
  return {exception::validation, std::move(message)};
}

std::variant<function_reference, service_error> parse_function_name(std::string_view function_name,
                                                                    std::optional<std::string> qualifier,
                                                                    std::string_view region,
                                                                    std::string_view account_id) {
  const auto found = split(function_name);
  if (!found) {
    std::vector<std::string> violations;
    check_function_name(function_name, violations);
    return validation_error(violations);
  }
  if (!found->region.empty() && found->region != region) {
    return service_error{exception::resource_not_found, "Functions from '" + std::string(found->region) +
                                                            "' are not reachable in this region ('" +
                                                            std::string(region) + "')"};
  }
  if (!found->account.empty() && found->account != account_id) {
    // The function of another account could only be reached through a resource-based policy.
    std::string message = "User: arn:aws:iam::";
    message.append(account_id).append(":root is not authorized to perform: lambda:InvokeFunction on resource: ");
    message.append("arn:aws:lambda:").append(region).append(":").append(found->account);
    message.append(":function:").append(found->name);
    if (!found->qualifier.empty()) {
      message.append(":").append(found->qualifier);
    }
    message.append(" because no resource-based policy allows the lambda:InvokeFunction action");
    return service_error{exception::access_denied, std::move(message)};
  }
  if (!found->qualifier.empty() && qualifier && *qualifier != found->qualifier) {
    return service_error{exception::invalid_parameter_value,
                         "The derived qualifier from the function name does not match the specified qualifier."};
  }
  function_reference reference{std::string(found->name), std::move(qualifier)};
  if (!found->qualifier.empty()) {
    reference.qualifier.emplace(found->qualifier);
  }
  return reference;
}

}  // namespace kelvin::frontdoor
