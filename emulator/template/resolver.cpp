#include "emulator/template/resolver.hpp"

#include "emulator/template/read_document.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin::templates {
namespace {

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string()
                                         : std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

node list_of(std::string_view text, place at) {
  node list;
  list.kind = node_kind::list;
  list.at = at;
  for (std::size_t begin = 0; !text.empty() && begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    list.items.push_back(make_scalar(trimmed(text.substr(begin, end - begin)), at));
    begin = end + 1;
  }
  return list;
}

}  // namespace

resolver::resolver(const node& document, const std::vector<resource>& resources, const resolver_facts& facts,
                   diagnostics& notes)
    : document_(document), resources_(resources), facts_(facts), notes_(notes) {
  read_parameters(document);
}

void resolver::read_parameters(const node& document) {
  const node* declared = document.find("Parameters");
  if (declared != nullptr) {
    for (const member& each : declared->members) {
      read_parameter(each);
    }
  }
  for (const auto& [name, value] : facts_.parameters) {
    if (!parameters_.contains(name)) {
      notes_.fail({}, errc::invalid_argument, "--parameter " + name + ": the template has no parameter of that name");
    }
  }
}

void resolver::read_parameter(const member& declared) {
  const node* type = declared.value.find("Type");
  const node* preset = declared.value.find("Default");
  const std::string type_name = type != nullptr && type->is_scalar() ? type->text : "String";
  const auto given = facts_.parameters.find(declared.name);
  node value;
  if (given != facts_.parameters.end()) {
    value = make_scalar(given->second, declared.at);
    value.quoted = true;
    const node* allowed = declared.value.find("AllowedValues");
    const auto same = [&](const node& each) { return each.text == given->second; };
    if (allowed != nullptr && std::none_of(allowed->items.begin(), allowed->items.end(), same)) {
      notes_.fail(allowed->at, errc::invalid_argument,
                  "--parameter " + declared.name + "=" + given->second + " is none of the AllowedValues");
    }
  } else if (preset != nullptr && preset->is_scalar()) {
    value = *preset;
    value.unresolved = type_name.starts_with("AWS::SSM::");
  } else if (preset != nullptr && preset->is_list()) {
    value = *preset;
  } else {
    value = unresolved(declared.name, declared.at);
  }
  if (value.is_scalar() && !value.unresolved && (type_name == "CommaDelimitedList" || type_name.starts_with("List<"))) {
    value = list_of(value.text, value.at);
  }
  parameters_.insert_or_assign(declared.name, std::move(value));
}

node resolver::unresolved(std::string text, place at) const {
  node made = make_scalar(std::move(text), at);
  made.unresolved = true;
  return made;
}

node resolver::malformed(std::string_view function, std::string_view takes, place at) {
  notes_.fail(at, errc::invalid_argument, std::string(function) + " takes " + std::string(takes));
  return unresolved("", at);
}

void resolver::bound(node& text) {
  if (text.text.size() > document_bytes) {
    notes_.fail(text.at, errc::limit_reached, "the value is longer than 1 MB");
    text = unresolved("", text.at);
  }
}

std::optional<node> resolver::resolve(const node& value) {
  if (value.is_map()) {
    return resolve_map(value);
  }
  node made = value;
  if (value.is_scalar()) {
    // A dynamic reference: AWS looks it up.
    made.unresolved = value.unresolved || value.text.find("{{resolve:") != std::string::npos;
    return made;
  }
  made.items.clear();
  for (const node& each : value.items) {
    if (auto item = resolve(each)) {
      made.items.push_back(std::move(*item));
    }
  }
  return made;
}

std::optional<node> resolver::resolve_map(const node& value) {
  const std::string_view name = value.only_name();
  if (name == "Ref" || name.starts_with("Fn::")) {
    const node& argument = value.members.front().value;
    auto made = call(name, argument, value.at);
    if (made) {
      made->at = value.at;
    }
    return made;
  }
  node made;
  made.kind = node_kind::map;
  made.at = value.at;
  for (const member& each : value.members) {
    if (auto inner = resolve(each.value)) {
      made.members.push_back({each.name, each.at, std::move(*inner)});
    }
  }
  return made;
}

node resolver::property(const resource& of, std::string_view name) {
  const node* found = of.properties.find(name);
  auto value = found == nullptr ? std::nullopt : resolve(*found);
  return value ? std::move(*value) : node();
}

std::optional<node> resolver::pseudo_parameter(std::string_view name, place at) const {
  if (name == "AWS::NotificationARNs") {
    return list_of("", at);
  }
  const std::array<std::pair<std::string_view, std::string>, 6> values = {{
      {"AWS::Region", facts_.region},
      {"AWS::AccountId", facts_.account_id},
      {"AWS::Partition", "aws"},
      {"AWS::StackName", "local"},
      {"AWS::StackId", arn("cloudformation", "stack/local/00000000-0000-0000-0000-000000000000")},
      {"AWS::URLSuffix", "amazonaws.com"},
  }};
  for (const auto& [known, value] : values) {
    if (known == name) {
      return make_scalar(value, at);
    }
  }
  return std::nullopt;
}

std::optional<node> resolver::reference(const std::string& name, place at) {
  if (name == "AWS::NoValue") {
    return std::nullopt;
  }
  if (auto pseudo = pseudo_parameter(name, at)) {
    return pseudo;
  }
  if (const auto found = parameters_.find(name); found != parameters_.end()) {
    return found->second;
  }
  // The APIs that SAM adds by itself, and the versions and aliases that are written as attributes.
  if (name == "ServerlessHttpApi" || name == "ServerlessRestApi") {
    return make_scalar(name, at);
  }
  if (name == "ServerlessRestApiProdStage") {
    return make_scalar("Prod", at);
  }
  const auto dot = name.find('.');
  const resource* found = find_resource(resources_, std::string_view(name).substr(0, dot));
  if (found == nullptr) {
    notes_.warn(at, "`" + name + "` is neither a parameter nor a resource of this template");
    return unresolved(name, at);
  }
  const bool is_version = dot != std::string::npos && found->is_function();
  auto value = value_of(*found, is_version ? "Arn" : "");
  return value ? make_scalar(std::move(*value), at) : unresolved(name, at);
}

node resolver::attribute(const std::string& id, const std::string& name, place at) {
  const resource* found = find_resource(resources_, id);
  if (found == nullptr) {
    // SAM makes a role for each function without one.
    const bool is_role = id.ends_with("Role") && name == "Arn" &&
                         find_resource(resources_, std::string_view(id).substr(0, id.size() - 4)) != nullptr;
    if (is_role) {
      return make_scalar(arn("iam", "role/" + id), at);
    }
    if (id != "ServerlessHttpApi" && id != "ServerlessRestApi") {
      notes_.warn(at, "`" + id + "` is no resource of this template");
    }
    return unresolved(id, at);
  }
  auto value = value_of(*found, name);
  return value ? make_scalar(std::move(*value), at) : unresolved(id, at);
}

node resolver::attribute(const node& argument, place at) {
  constexpr std::string_view takes = "`Resource.Attribute` or [Resource, Attribute]";
  if (argument.is_scalar()) {
    const auto dot = argument.text.find('.');
    return dot == std::string::npos ? malformed("Fn::GetAtt", takes, at)
                                    : attribute(argument.text.substr(0, dot), argument.text.substr(dot + 1), at);
  }
  if (argument.items.size() != 2 || !argument.items[0].is_scalar()) {
    return malformed("Fn::GetAtt", takes, at);
  }
  const auto name = resolve(argument.items[1]);
  return name && name->is_scalar() ? attribute(argument.items[0].text, name->text, at)
                                   : malformed("Fn::GetAtt", takes, at);
}

bool resolver::holds(const std::string& condition, place at) {
  if (const auto known = conditions_.find(condition); known != conditions_.end()) {
    return known->second;
  }
  const node* found = document_.find("Conditions", condition);
  if (found == nullptr) {
    notes_.fail(at, errc::invalid_argument, "there is no condition `" + condition + "` in Conditions");
    return false;
  }
  const auto again = std::find(evaluating_.begin(), evaluating_.end(), condition);
  if (again != evaluating_.end()) {
    std::string chain;
    for (auto each = again; each != evaluating_.end(); ++each) {
      chain += *each + " -> ";
    }
    notes_.fail(found->at, errc::invalid_argument, "conditions that depend on themselves: " + chain + condition);
    return false;
  }
  evaluating_.push_back(condition);
  const bool value = evaluate(*found);
  evaluating_.pop_back();
  conditions_.insert_or_assign(condition, value);
  return value;
}

bool resolver::evaluate(const node& condition) {
  const std::string_view name = condition.only_name();
  if (!name.empty()) {
    return evaluate_call(name, condition.members.front().value, condition.at);
  }
  if (is_true(&condition) || is_false(&condition)) {
    return is_true(&condition);
  }
  notes_.fail(condition.at, errc::invalid_argument,
              "a condition is made of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition");
  return false;
}

bool resolver::evaluate_call(std::string_view function, const node& argument, place at) {
  if (function == "Condition" && argument.is_scalar()) {
    return holds(argument.text, at);
  }
  const auto& items = argument.items;
  if (function == "Fn::Not" && items.size() == 1) {
    return !evaluate(items[0]);
  }
  if (function == "Fn::And" || function == "Fn::Or") {
    bool all = true;
    bool any = false;
    for (const node& each : items) {
      const bool value = evaluate(each);
      all = all && value;
      any = any || value;
    }
    return function == "Fn::And" ? all : any;
  }
  if (function == "Fn::Equals" && items.size() == 2) {
    const auto left = resolve(items[0]);
    const auto right = resolve(items[1]);
    return left && right && left->text == right->text;
  }
  malformed(function, "a condition's place only as Fn::Equals [a, b], Fn::And, Fn::Or, Fn::Not [a] or Condition", at);
  return false;
}

}  // namespace kelvin::templates
