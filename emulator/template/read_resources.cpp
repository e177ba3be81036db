#include "emulator/template/read_resources.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace kelvin::templates {
namespace {

constexpr std::array<std::string_view, 22> intrinsic_functions = {
    "Fn::Base64",         "Fn::Cidr",      "Fn::FindInMap",
    "Fn::GetAZs",         "Fn::GetAtt",    "Fn::If",
    "Fn::ImportValue",    "Fn::Join",      "Fn::Select",
    "Fn::Split",          "Fn::Sub",       "Fn::And",
    "Fn::Equals",         "Fn::Not",       "Fn::Or",
    "Fn::Length",         "Fn::Transform", "Fn::ToJsonString",
    "Fn::GetStackOutput", "Fn::Contains",  "Fn::EachMemberEquals",
    "Fn::EachMemberIn"};

bool is_intrinsic(const node& value) {
  const std::string_view name = value.only_name();
  return name == "Ref" || name.starts_with("Fn::");
}

void check_intrinsics(const node& value, diagnostics& notes) {
  for (const node& each : value.items) {
    check_intrinsics(each, notes);
  }
  for (const member& each : value.members) {
    const bool is_call = each.name.starts_with("Fn::");
    if (is_call && each.name.starts_with("Fn::ForEach::")) {
      notes.fail(each.at, errc::unsupported,
                 each.name + ": Fn::ForEach is not supported in this version; write the entries out");
    } else if (is_call && std::find(intrinsic_functions.begin(), intrinsic_functions.end(), each.name) ==
                              intrinsic_functions.end()) {
      notes.fail(each.at, errc::invalid_argument,
                 "unknown intrinsic function " + each.name + "; its name must be one of CloudFormation's, in its case");
    }
    check_intrinsics(each.value, notes);
  }
}

void check_transforms(const node& document, diagnostics& notes) {
  const node* transform = document.find("Transform");
  if (transform == nullptr) {
    return;
  }
  const auto check = [&](const node& each) {
    if (each.is_scalar() && each.text != "AWS::Serverless-2016-10-31" && each.text != "AWS::LanguageExtensions") {
      notes.unsupported(each.at, "transform " + each.text + ", which is left out");
    }
  };
  check(*transform);
  for (const node& each : transform->items) {
    check(each);
  }
}

std::optional<resource> read_resource(const node& document, const member& entry, diagnostics& notes) {
  const node* type = entry.value.find("Type");
  if (type == nullptr || !type->is_scalar()) {
    notes.fail(entry.at, errc::invalid_argument, "the resource " + entry.name + " has no Type");
    return std::nullopt;
  }
  resource made;
  made.id = entry.name;
  made.type = type->text;
  made.at = entry.at;
  made.properties.kind = node_kind::map;
  made.properties.at = entry.at;
  if (const node* properties = entry.value.find("Properties"); properties != nullptr && properties->is_map()) {
    made.properties = *properties;
  }
  if (const node global = globals_of(document, made.type); global.is_map()) {
    made.properties = merge_globals(global, made.properties);
  }
  if (const node* metadata = entry.value.find("Metadata")) {
    made.metadata = *metadata;
  }
  if (const node* condition = entry.value.find("Condition"); condition != nullptr && condition->is_scalar()) {
    made.condition = condition->text;
  }
  if (const node* needed = entry.value.find("DependsOn")) {
    if (needed->is_scalar()) {
      made.depends_on.push_back(needed->text);
    }
    for (const node& each : needed->items) {
      made.depends_on.push_back(each.text);
    }
  }
  return made;
}

}  // namespace

node globals_of(const node& document, std::string_view type) {
  constexpr std::string_view serverless = "AWS::Serverless::";
  if (!type.starts_with(serverless)) {
    return {};
  }
  const node* found = document.find("Globals", type.substr(serverless.size()));
  return found == nullptr || !found->is_map() ? node() : *found;
}

node merge_globals(const node& global, const node& own) {
  if (global.is_list() && own.is_list()) {
    node made = global;
    made.items.insert(made.items.end(), own.items.begin(), own.items.end());
    return made;
  }
  if (!global.is_map() || !own.is_map() || is_intrinsic(global) || is_intrinsic(own)) {
    return own;
  }
  node made = own;
  for (const member& each : global.members) {
    const auto same = std::find_if(made.members.begin(), made.members.end(),
                                   [&](const member& other) { return other.name == each.name; });
    if (same == made.members.end()) {
      made.members.push_back(each);
    } else {
      same->value = merge_globals(each.value, same->value);
    }
  }
  return made;
}

std::vector<resource> read_resources(const node& document, diagnostics& notes) {
  std::vector<resource> all;
  const node* resources = document.find("Resources");
  if (resources == nullptr || !resources->is_map()) {
    notes.fail(document.at, errc::invalid_argument,
               "this is no SAM or CloudFormation template: it has no Resources. A template, a bootstrap file, a folder "
               "or a .zip can be served");
    return all;
  }
  check_transforms(document, notes);
  for (const std::string_view section : {"Resources", "Conditions", "Globals", "Outputs"}) {
    if (const node* found = document.find(section)) {
      check_intrinsics(*found, notes);
    }
  }
  for (const member& entry : resources->members) {
    if (!entry.name.starts_with("Fn::")) {
      if (auto made = read_resource(document, entry, notes)) {
        all.push_back(std::move(*made));
      }
    }
  }
  return all;
}

}  // namespace kelvin::templates
