#include "emulator/template/read_functions.hpp"

#include "emulator/function/function_name.hpp"
#include "emulator/template/property_table.hpp"
#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kelvin::templates {
namespace {

/// Where the value of a property is from.
std::string origin_of(const model& in, const node& value) {
  return value.is_null() ? "default" : in.notes.text_of(value.at);
}

void tell(function_description& made, std::string name, std::string value, std::string origin) {
  made.values.push_back({std::move(name), std::move(value), std::move(origin)});
}

std::optional<unsigned> read_number(const model& in, const resource& of, function_description& made,
                                    std::string_view name, unsigned least, unsigned most, std::string_view preset) {
  const node value = in.values.property(of, name);
  const auto number = number_in(in, &value, name, least, most);
  tell(made, std::string(name), number ? std::to_string(*number) : std::string(preset), origin_of(in, value));
  return number;
}

void read_sizes(const model& in, const resource& of, function_description& made) {
  made.memory_mib =
      read_number(in, of, made, "MemorySize", limits::memory_mib_min, limits::memory_mib_max, "128, only reported");
  const auto timeout = read_number(in, of, made, "Timeout", limits::function_timeout_min.count(),
                                   limits::function_timeout_max.count(), "3");
  made.timeout = std::chrono::seconds(timeout.value_or(3));
  made.reserved_concurrency =
      read_number(in, of, made, "ReservedConcurrentExecutions", 0, limits::account_concurrency, "none");
  const node storage = in.values.property(of, "EphemeralStorage");
  const node* size = storage.find("Size");
  made.ephemeral_storage_mib = number_in(in, size, "EphemeralStorage.Size", limits::ephemeral_storage_mib_min,
                                         limits::ephemeral_storage_mib_max);
  tell(made, "EphemeralStorage", std::to_string(made.ephemeral_storage_mib.value_or(limits::ephemeral_storage_mib_min)),
       origin_of(in, storage));
}

const resource* layer_of(const model& in, const std::string& arn) {
  const auto is_it = [&](const resource& each) {
    return each.type.ends_with("::LayerVersion") &&
           arn.find(":layer:" + in.values.physical_name(each) + ":") != std::string::npos;
  };
  const auto found = std::find_if(in.resources.begin(), in.resources.end(), is_it);
  return found == in.resources.end() ? nullptr : &*found;
}

void read_layers(const model& in, const resource& of, function_description& made) {
  const node layers = in.values.property(of, "Layers");
  if (layers.items.size() > limits::layers) {
    in.notes.fail(layers.at, errc::invalid_argument,
                  "Lambda takes at most " + std::to_string(limits::layers) + " layers");
    return;
  }
  for (const node& each : layers.items) {
    const resource* layer = each.is_scalar() && !each.unresolved ? layer_of(in, each.text) : nullptr;
    if (layer == nullptr) {
      in.notes.warn(each.at, "the layer " + each.text + " of " + made.logical_id +
                                 " lies on AWS, so the function runs without it here; put it into the template as an "
                                 "AWS::Serverless::LayerVersion with the path of a folder or .zip");
      continue;
    }
    const bool is_sam = layer->type == "AWS::Serverless::LayerVersion";
    if (auto path = read_code(in, *layer, is_sam ? "ContentUri" : "Content")) {
      tell(made, "Layer", path->path, path->origin);
      made.layers.push_back(std::move(*path));
    }
  }
}

std::optional<log_level> level_of(const model& in, const node* value, std::string_view name) {
  const auto text = text_in(in, value, name);
  if (!text) {
    return std::nullopt;
  }
  for (const log_level level :
       {log_level::trace, log_level::debug, log_level::info, log_level::warn, log_level::error, log_level::fatal}) {
    if (name_of(level) == *text) {
      return level;
    }
  }
  in.notes.fail(value->at, errc::invalid_argument, std::string(name) + ": " + *text + " is none of AWS's levels");
  return std::nullopt;
}

void read_logging(const model& in, const resource& of, function_description& made) {
  const node logging = in.values.property(of, "LoggingConfig");
  if (logging.is_null()) {
    return;
  }
  logging_configuration chosen;
  const auto format = text_in(in, logging.find("LogFormat"), "LogFormat");
  chosen.format = format && *format == "JSON" ? log_format::json : log_format::text;
  chosen.application_level =
      level_of(in, logging.find("ApplicationLogLevel"), "ApplicationLogLevel").value_or(log_level::info);
  chosen.system_level = level_of(in, logging.find("SystemLogLevel"), "SystemLogLevel").value_or(log_level::info);
  tell(made, "LoggingConfig", format.value_or("Text"), origin_of(in, logging));
  made.logging = chosen;
}

void read_architecture(const model& in, const resource& of, function_description& made) {
  const node given = in.values.property(of, "Architectures");
  const auto architectures = texts_in(in, &given, "Architectures");
  const bool known = architectures.size() == 1 && (architectures[0] == "x86_64" || architectures[0] == "arm64");
  if (!given.is_null() && !architectures.empty() && !known) {
    in.notes.fail(given.at, errc::invalid_argument, "Architectures takes one of x86_64 and arm64");
  }
  if (known) {
    made.architecture = architectures[0];
  }
}

/// Whether there is code that can be looked at.
bool is_zip_package(const model& in, const resource& of) {
  const node kind = in.values.property(of, "PackageType");
  const node code = of.type == "AWS::Lambda::Function" ? in.values.property(of, "Code") : node();
  if (kind.text == "Image" || code.find("ImageUri") != nullptr || of.properties.find("ImageUri") != nullptr) {
    in.notes.unsupported(kind.is_null() ? of.at : kind.at, "PackageType Image of " + of.id + ", which is left out");
    return false;
  }
  if (of.properties.find("InlineCode") != nullptr) {
    return false;
  }
  return true;
}

function_description begin_function(const model& in, const resource& of) {
  function_description made;
  made.logical_id = of.id;
  made.name = in.values.physical_name(of);
  made.origin = in.notes.text_of(of.at);
  if (!is_function_name(made.name)) {
    made.name = function_name_in(made.name);
    if (!is_function_name(made.name)) {
      in.notes.fail(of.at, errc::invalid_argument,
                    "`" + in.values.physical_name(of) +
                        "` cannot be a function's name: Lambda takes 1 to 64 letters, "
                        "digits, `-` and `_`");
    }
  }
  const node* method = of.metadata.find("BuildMethod");
  made.build_method = method != nullptr ? method->text : "";
  return made;
}

void read_function(const model& in, const resource& of, const variable_overrides& overrides,
                   function_description& made) {
  const bool is_sam = of.type == "AWS::Serverless::Function";
  made.code = read_code(in, of, is_sam ? "CodeUri" : "Code");
  tell(made, is_sam ? "CodeUri" : "Code", made.code ? made.code->path : "on AWS",
       made.code ? made.code->origin : made.origin);
  const node runtime = in.values.property(of, "Runtime");
  made.runtime = text_in(in, &runtime, "Runtime").value_or("");
  tell(made, "Runtime", made.runtime.empty() ? "not given" : made.runtime, origin_of(in, runtime));
  const node handler = in.values.property(of, "Handler");
  made.handler = text_in(in, &handler, "Handler").value_or("bootstrap");
  tell(made, "Handler", made.handler, origin_of(in, handler));
  read_sizes(in, of, made);
  read_architecture(in, of, made);
  read_layers(in, of, made);
  read_logging(in, of, made);
  read_variables(in, in.values.property(of, "Environment"), overrides, made);
}

void check_names(const model& in) {
  std::map<std::string, std::string> seen;
  for (const function_description& each : in.into.functions) {
    const auto [earlier, is_new] = seen.emplace(each.name, each.origin);
    if (!is_new) {
      in.notes.fail(find_resource(in.resources, each.logical_id)->at, errc::invalid_argument,
                    "two functions are called " + each.name + ", the other one in " + earlier->second);
    }
  }
}

}  // namespace

void read_functions(const model& in, const variable_overrides& overrides) {
  for (const resource& each : in.resources) {
    if (each.is_function() || each.type.ends_with("::LayerVersion")) {
      check_properties(each.type, each.properties, in.notes);
    }
    if (each.is_function() && is_zip_package(in, each)) {
      in.into.functions.push_back(begin_function(in, each));
    }
  }
  check_names(in);
  for (function_description& each : in.into.functions) {
    read_function(in, *find_resource(in.resources, each.logical_id), overrides, each);
  }
  for (const auto& [name, variables] : overrides.files) {
    if (name != "Parameters" && in.function_of(name) == nullptr) {
      in.notes.warn({}, "--env-file has variables for " + name + ", which is no function of this template");
    }
  }
}

}  // namespace kelvin::templates
