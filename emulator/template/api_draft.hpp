#pragma once

#include "emulator/function/api_configuration.hpp"
#include "emulator/template/model.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::templates {

/// The name by which routes ask for AWS_IAM.
inline constexpr const char* iam_authorizer = "AWS_IAM";

/// One API while it is being put together: everything that is added is checked against what is there.
class api_draft {
 public:
  api_draft(const model& in, std::string id, api_kind kind, place at);

  api_configuration& api() noexcept { return api_; }
  const api_configuration& api() const noexcept { return api_; }
  const model& in() const noexcept { return in_; }
  api_kind kind() const noexcept { return api_.kind; }

  /// Adds a route; an error if one of that method and path is there already, with both places.
  void add_route(api_route route, place at);
  bool has_route(const std::string& method, const std::string& path) const;
  /// Adds a stage unless there is one of that name.
  void add_stage(std::string name, std::vector<name_value> variables);
  void add_authorizer(authorizer_configuration authorizer, place at);
  /// The authorizer AWS_IAM, which needs nothing said about it.
  void add_iam_authorizer(place at);
  /// An authorizer that this version has not: routes that name it are left out, with a warning each.
  void add_missing_authorizer(const std::string& name) { missing_.push_back(name); }
  const authorizer_configuration* find_authorizer(const std::string& name) const;

  /// What routes have that say nothing of their own.
  std::string default_authorizer;
  std::map<std::string, std::vector<std::string>> scopes;  ///< by authorizer
  bool api_key_required = false;
  node definition;                    ///< its OpenAPI document, resolved; null: none
  bool guards_preflight = true;       ///< AddDefaultAuthorizerToCorsPreflight
  std::vector<name_value> preflight;  ///< header fields of the OPTIONS methods that a REST API's Cors asks for

  /// Adds a REST API's OPTIONS methods, and checks that every authorizer exists. Then it is complete.
  api_configuration finish();

 private:
  void add_preflights();
  void leave_out_unguarded();

  const model& in_;
  api_configuration api_;
  place at_;
  std::vector<std::string> missing_;
  std::map<std::pair<std::string, std::string>, place> seen_;  ///< method and path without names of variables
};

/// `/pets/{id}` and `/pets/{name}` are one path: both become `/pets/{}`.
std::string without_names(const std::string& path);

std::optional<std::chrono::milliseconds> timeout_in(const model& in, const node* value);
std::vector<name_value> variables_in(const model& in, const node* value);
/// CorsConfiguration in SAM's and CloudFormation's words, or in OpenAPI's (the same ones in lower case).
cors_configuration cors_in(const model& in, const node& value);
/// `method.request.header.X` and the like in an HTTP API's form, `$request.header.X`.
std::string identity_source_of(std::string_view rest_form);
/// `'X'` without its quotes.
std::string unquoted(std::string text);

}  // namespace kelvin::templates
