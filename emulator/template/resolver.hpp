#pragma once

#include "emulator/template/diagnostics.hpp"
#include "emulator/template/node.hpp"
#include "emulator/template/resource.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::templates {

/// What the template's own values depend on.
struct resolver_facts {
  std::map<std::string, std::string> parameters;  ///< given on the command line
  std::string region = "us-east-1";
  std::string account_id = "123456789012";
};

/// Puts values in the place of intrinsic functions (contract: sam-template, section 6). What only AWS knows gets
/// the logical id, and is marked as unresolved.
class resolver {
 public:
  /// All of it must outlive the resolver. `resources` may still grow until the first call.
  resolver(const node& document, const std::vector<resource>& resources, const resolver_facts& facts,
           diagnostics& notes);

  /// The value with everything inside resolved; nullopt for AWS::NoValue.
  std::optional<node> resolve(const node& value);
  /// A property of a resource, resolved; null if it is not there or has no value.
  node property(const resource& of, std::string_view name);
  /// Whether the condition of that name holds.
  bool holds(const std::string& condition, place at);
  /// A function's name, a queue's …: its own if it is given one and that can be known, else the logical id.
  std::string physical_name(const resource& of);
  const resolver_facts& facts() const noexcept { return facts_; }

 private:
  using arguments = const std::vector<node>&;

  void read_parameters(const node& document);
  void read_parameter(const member& declared);
  std::optional<node> resolve_map(const node& value);
  std::optional<node> call(std::string_view function, const node& argument, place at);
  std::optional<node> call_on_list(std::string_view function, const node& argument, place at);
  std::optional<node> choose(const node& argument, place at);
  std::optional<node> reference(const std::string& name, place at);
  std::optional<node> pseudo_parameter(std::string_view name, place at) const;
  node attribute(const node& argument, place at);
  node attribute(const std::string& id, const std::string& name, place at);
  node substitute(const node& argument, place at);
  node join(arguments given, place at);
  node split(arguments given, place at);
  node select(arguments given, place at);
  node find_in_map(arguments given, place at);
  bool evaluate(const node& condition);
  bool evaluate_call(std::string_view function, const node& argument, place at);
  /// A resource's own property that others take values from.
  node own_text(const resource& of, std::string_view property_name);
  std::optional<std::string> value_of(const resource& of, std::string_view attribute_name);
  std::string arn(std::string_view service, std::string_view rest, bool with_account = true) const;
  node unresolved(std::string text, place at) const;
  node malformed(std::string_view function, std::string_view takes, place at);
  void bound(node& text);

  const node& document_;
  const std::vector<resource>& resources_;
  const resolver_facts& facts_;
  diagnostics& notes_;
  std::map<std::string, node> parameters_;
  std::map<std::string, bool> conditions_;
  std::vector<std::string> evaluating_;  ///< conditions, outermost first
  std::map<std::string, node> own_texts_;
  std::vector<std::string> naming_;  ///< `Resource.Property` that are being resolved, outermost first
};

}  // namespace kelvin::templates
