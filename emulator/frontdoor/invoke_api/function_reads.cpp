#include "emulator/frontdoor/invoke_api/function_reads.hpp"

#include "emulator/frontdoor/invoke_api/function_document.hpp"
#include "emulator/frontdoor/invoke_api/function_name.hpp"
#include "runtime-api/base/base64.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace kelvin::frontdoor {
namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view latest = "$LATEST";
// AWS Lambda API, ListFunctions: MaxItems may be up to 10,000, a page holds at most 50.
constexpr unsigned items_max = 10'000;
constexpr std::size_t page_items = 50;
// AWS Lambda API, ListTags.
constexpr std::string_view resource_pattern =
    R"(arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+)"
    R"((:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|)"
    R"(event-source-mapping:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))";
// AWS Lambda quotas, for GetAccountSettings.
constexpr std::uint64_t code_bytes_total = 80'530'636'800;
constexpr std::uint64_t code_bytes_unzipped = 262'144'000;
constexpr std::uint64_t code_bytes_zipped = 52'428'800;

std::string text_of(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

service_error missing(std::string message) {
  return {exception::resource_not_found, std::move(message)};
}

/// The function a read names.
struct found_function {
  const function_configuration* function;
  std::string qualifier;  ///< empty: none
};

service_error not_found_text(operation_kind kind, const std::string& arn) {
  switch (kind) {
    // AWS has words of its own for these.
    case operation_kind::get_function_event_invoke_config: return missing("The function doesn't exist.");
    case operation_kind::get_function_url_config: return missing("The resource you requested does not exist.");
    default: return missing("Function not found: " + arn);
  }
}

/// The error text of parse_function_name() speaks of Invoke.
service_error about(service_error error, std::string_view operation_name) {
  constexpr std::string_view invoke = "lambda:InvokeFunction";
  for (std::size_t at = error.message.find(invoke); at != std::string::npos; at = error.message.find(invoke, at + 1)) {
    error.message.replace(at, invoke.size(), "lambda:" + std::string(operation_name));
  }
  return error;
}

std::variant<found_function, service_error> find_function(const function_registry& functions, const operation& asked,
                                                          std::string_view query) {
  const std::string name = percent_decoded(asked.function_segment);
  const auto qualifier = query_value(query, "Qualifier");
  std::vector<std::string> violations;
  if (asked.kind == operation_kind::list_tags && !name.starts_with("arn:")) {
    violations.push_back(violation(name, "resource",
                                   "Member must satisfy regular expression pattern: " + std::string(resource_pattern)));
  } else {
    check_function_name(name, violations);
  }
  if (qualifier) {
    check_qualifier(*qualifier, violations);
  }
  if (!violations.empty()) {
    return validation_error(violations);
  }
  const account_configuration& account = functions.account();
  auto parsed = parse_function_name(name, qualifier, account.region, account.account_id);
  if (auto* error = std::get_if<service_error>(&parsed)) {
    return about(std::move(*error), asked.name);
  }
  const auto& named = std::get<function_reference>(parsed);
  const function_configuration* function = functions.resolve(named.name);
  if (function == nullptr || (named.qualifier && *named.qualifier != latest)) {
    std::string arn = function_arn(account, named.name);
    if (named.qualifier) {
      arn.append(":").append(*named.qualifier);
    }
    return not_found_text(asked.kind, arn);
  }
  return found_function{function, named.qualifier.value_or("")};
}

/// MaxItems, or the ValidationException.
std::variant<std::size_t, service_error> page_size(std::string_view query) {
  const auto text = query_value(query, "MaxItems");
  if (!text) {
    return page_items;
  }
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool is_number = error == std::errc() && end == text->data() + text->size();
  if (is_number && number >= 1 && number <= items_max) {
    return std::min<std::size_t>(number, page_items);
  }
  const bool too_great = is_number && number > items_max;
  return validation_error({violation(*text, "maxItems",
                                     too_great ? "Member must have value less than or equal to 10000"
                                               : "Member must have value greater than or equal to 1")});
}

service_error bad_marker(const std::string& marker) {
  return {exception::invalid_parameter_value, "Invalid Marker: '" + marker + "' is not a NextMarker of this call."};
}

service_error unreadable(const failure& why) {
  return {exception::service, why.detail};
}

}  // namespace

/// Stays the same for as long as the code does.
std::string function_reads::revision_id(const function_configuration& function, const code_artifact& code) {
  const auto [place, added] = revisions_.try_emplace(function.name);
  if (added || place->second.code_sha256 != code.sha256) {
    place->second = {code.sha256, request_id::generate()};
  }
  return std::string(place->second.id.text());
}

awaitable<function_reads::answer> function_reads::read(operation asked, std::string_view query) {
  switch (asked.kind) {
    case operation_kind::list_functions: co_return co_await list(query);
    case operation_kind::list_event_source_mappings:
      co_return text_of({{"EventSourceMappings", json::array()}, {"NextMarker", nullptr}});
    case operation_kind::get_account_settings: co_return co_await account_settings();
    default: break;
  }
  auto found = find_function(functions_, asked, query);
  if (auto* error = std::get_if<service_error>(&found)) {
    co_return std::move(*error);
  }
  auto& named = std::get<found_function>(found);
  const function_configuration& function = *named.function;
  switch (asked.kind) {
    case operation_kind::get_function_code_signing_config: co_return text_of({{"FunctionName", function.name}});
    case operation_kind::get_function_concurrency: {
      json document = json::object();
      if (function.reserved_concurrency) {
        document["ReservedConcurrentExecutions"] = *function.reserved_concurrency;
      }
      co_return text_of(document);
    }
    case operation_kind::get_function_url_config:
    case operation_kind::get_policy: co_return missing("The resource you requested does not exist.");
    case operation_kind::list_tags: co_return text_of({{"Tags", json::object()}});
    case operation_kind::list_versions_by_function: co_return co_await list_versions(function, query);
    default: co_return co_await read_function(asked.kind, function, std::move(named.qualifier));
  }
}

/// The reads that show a function's configuration.
awaitable<function_reads::answer> function_reads::read_function(operation_kind kind,
                                                                const function_configuration& function,
                                                                std::string qualifier) {
  if (kind == operation_kind::get_function_event_invoke_config && !function.event_invoke.is_set()) {
    co_return missing("The function " + function_arn(functions_.account(), function.name) +
                      ":$LATEST doesn't have an EventInvokeConfig");
  }
  const auto code = co_await artifacts_.measure(function);
  if (!code) {
    co_return unreadable(code.error());
  }
  const function_facts facts{functions_.account(), *code, std::move(qualifier), revision_id(function, *code)};
  switch (kind) {
    case operation_kind::get_function_event_invoke_config: co_return text_of(event_invoke_document(function, facts));
    case operation_kind::get_function: co_return text_of(function_with_code(function, facts));
    default: co_return text_of(function_document(function, facts));
  }
}

awaitable<function_reads::answer> function_reads::list(std::string_view query) {
  auto size = page_size(query);
  if (auto* error = std::get_if<service_error>(&size)) {
    co_return std::move(*error);
  }
  const auto version = query_value(query, "FunctionVersion");
  if (version && *version != "ALL") {
    co_return validation_error({violation(*version, "functionVersion", "Member must satisfy enum value set: [ALL]")});
  }
  const auto& all = functions_.functions();
  auto next = all.begin();
  if (const auto marker = query_value(query, "Marker")) {
    const auto name = base64_decode(*marker, base64_padding::optional);
    next = std::find_if(all.begin(), all.end(), [&](const auto& each) { return name && each.name == *name; });
    if (next == all.end()) {
      co_return bad_marker(*marker);
    }
  }
  // Copied: one may be taken out while another one's code is measured.
  const std::size_t left = static_cast<std::size_t>(std::distance(next, all.end()));
  const std::size_t count = std::min(left, std::get<std::size_t>(size));
  const std::vector<function_configuration> shown(next, std::next(next, static_cast<std::ptrdiff_t>(count)));
  const std::string marker_behind =
      count < left ? std::next(next, static_cast<std::ptrdiff_t>(count))->name : std::string();
  json listed = json::array();
  for (const function_configuration& function : shown) {
    const auto code = co_await artifacts_.measure(function);
    if (!code) {
      co_return unreadable(code.error());
    }
    const function_facts facts{functions_.account(), *code, version ? std::string(latest) : std::string(),
                               revision_id(function, *code)};
    listed.push_back(listed_function_document(function, facts));
  }
  json document;
  document["Functions"] = std::move(listed);
  document["NextMarker"] = marker_behind.empty() ? json() : json(base64_encode(marker_behind));
  co_return text_of(document);
}

awaitable<function_reads::answer> function_reads::list_versions(const function_configuration& function,
                                                                std::string_view query) {
  if (auto size = page_size(query); std::holds_alternative<service_error>(size)) {
    co_return std::get<service_error>(std::move(size));
  }
  if (const auto marker = query_value(query, "Marker")) {
    co_return bad_marker(*marker);  // there is only one page
  }
  const auto code = co_await artifacts_.measure(function);
  if (!code) {
    co_return unreadable(code.error());
  }
  const function_facts facts{functions_.account(), *code, std::string(latest), revision_id(function, *code)};
  json document;
  document["Versions"] = json::array({listed_function_document(function, facts)});
  document["NextMarker"] = nullptr;
  co_return text_of(document);
}

awaitable<function_reads::answer> function_reads::account_settings() {
  std::uint64_t code_bytes = 0;
  unsigned unreserved = functions_.account().max_concurrency;
  // Copied, for the same reason as in list().
  const std::vector<function_configuration> all(functions_.functions().begin(), functions_.functions().end());
  for (const function_configuration& each : all) {
    unreserved -= std::min(unreserved, each.reserved_concurrency.value_or(0));
    const auto code = co_await artifacts_.measure(each);
    if (!code) {
      co_return unreadable(code.error());
    }
    code_bytes += code->size_bytes;
  }
  json document;
  document["AccountLimit"] = {{"TotalCodeSize", code_bytes_total},
                              {"CodeSizeUnzipped", code_bytes_unzipped},
                              {"CodeSizeZipped", code_bytes_zipped},
                              {"ConcurrentExecutions", functions_.account().max_concurrency},
                              {"UnreservedConcurrentExecutions", unreserved}};
  document["AccountUsage"] = {{"TotalCodeSize", code_bytes}, {"FunctionCount", all.size()}};
  co_return text_of(document);
}

}  // namespace kelvin::frontdoor
