#include "emulator/function/function_variables.hpp"
#include "emulator/template/read_functions.hpp"

namespace kelvin::templates {
namespace {

struct declared_value {
  std::string text;
  bool known = true;
};

declared_value value_of(const node& value) {
  if (!value.is_scalar() || value.unresolved) {
    return {"", false};
  }
  if (!value.quoted && (is_true(&value) || is_false(&value))) {
    return {is_true(&value) ? "true" : "false"};
  }
  return {value.text};
}

/// What stands over a declared variable: a file's value, else the shell's; nullptr if nothing does.
const std::string* override_of(const variable_overrides& overrides, const function_description& of,
                               const std::string& variable, std::string& origin) {
  origin = "--env-file";
  for (const std::string& key : {of.logical_id, of.name, std::string("Parameters")}) {
    const auto found = overrides.files.find(key);
    const auto value = found == overrides.files.end() ? std::map<std::string, std::string>::const_iterator()
                                                      : found->second.find(variable);
    if (found != overrides.files.end() && value != found->second.end()) {
      return &value->second;
    }
  }
  origin = "shell";
  const auto value = overrides.shell.find(variable);
  return value == overrides.shell.end() ? nullptr : &value->second;
}

void warn_about_undeclared(const model& in, const variable_overrides& overrides, const function_description& of) {
  for (const std::string& key : {of.logical_id, of.name}) {
    const auto found = overrides.files.find(key);
    if (found == overrides.files.end()) {
      continue;
    }
    for (const auto& [name, value] : found->second) {
      if (!of.variables.contains(name)) {
        in.notes.warn(find_resource(in.resources, of.logical_id)->at,
                      "--env-file has " + name + " for " + key +
                          ", which the template does not declare for it, so it is left out, as `sam local` does");
      }
    }
  }
}

}  // namespace

void read_variables(const model& in, const node& environment, const variable_overrides& overrides,
                    function_description& made) {
  const place function_at = find_resource(in.resources, made.logical_id)->at;
  if (const node* declared = environment.find("Variables"); declared != nullptr && declared->is_map()) {
    for (const member& each : declared->members) {
      auto [text, known] = value_of(each.value);
      std::string origin;
      if (const std::string* over = override_of(overrides, made, each.name, origin)) {
        text = *over;
        known = true;
      } else {
        origin = in.notes.text_of(each.value.at);
      }
      if (!known && !overrides.options.contains(each.name)) {
        in.notes.warn(each.at, "variable " + each.name + ": its value is known on AWS only, so it is empty here; set " +
                                   each.name + " in your shell, or by --env or --env-file");
      }
      made.variables.insert_or_assign(each.name, std::move(text));
      made.values.push_back({"variable " + each.name, "", origin});
    }
  }
  warn_about_undeclared(in, overrides, made);
  for (const auto& [name, value] : overrides.options) {
    made.variables.insert_or_assign(name, value);
    made.values.push_back({"variable " + name, "", "--env"});
  }
  if (const auto valid = check_variables(made.variables); !valid) {
    in.notes.fail(function_at, valid.error().code, "function " + made.logical_id + ": " + valid.error().detail);
  }
}

}  // namespace kelvin::templates
