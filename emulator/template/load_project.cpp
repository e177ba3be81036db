#include "emulator/template/load_project.hpp"

#include "emulator/function/layers.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace kelvin::templates {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view build_folder = ".aws-sam/build";

/// What would put a bootstrap where the template says.
std::string advice(const project& described, const function_description& of) {
  const fs::path folder = fs::path(described.file).parent_path();
  std::error_code error;
  const fs::path built = folder / build_folder / "template.yaml";
  if (of.build_method.empty()) {
    return "; build the function there: its executable must be called bootstrap";
  }
  const std::string by = "; the template builds it with " + of.build_method + ": run `sam build`";
  return fs::exists(built, error) ? by + ", and serve " + built.string() + ", which has been built" : by;
}

failure explained(const failure& what, const project& described, const function_description& of,
                  const std::string& origin) {
  const bool is_missing = what.code == errc::not_found;
  return fail(what.code, origin + ": function " + of.logical_id + ": " + what.detail +
                             (is_missing ? advice(described, of) : std::string()));
}

/// Layers are put together once for all functions that have the same ones.
class layer_cache {
 public:
  layer_cache(scratch_folder& scratch, std::vector<std::string>& warnings) : scratch_(scratch), warnings_(warnings) {}

  result<std::optional<std::string>> get(const std::vector<named_path>& layers) {
    std::vector<std::string> paths;
    for (const named_path& each : layers) {
      std::error_code error;
      if (!fs::exists(each.path, error)) {
        return fail(errc::not_found, "the layer " + each.path + " (" + each.origin + ") does not exist");
      }
      paths.push_back(each.path);
    }
    if (const auto known = made_.find(paths); known != made_.end()) {
      return known->second;
    }
    auto folder = prepare_layers(paths, scratch_, warnings_);
    if (folder) {
      made_.emplace(std::move(paths), *folder);
    }
    return folder;
  }

 private:
  scratch_folder& scratch_;
  std::vector<std::string>& warnings_;
  std::map<std::vector<std::string>, std::optional<std::string>> made_;
};

load_options options_of(const function_description& of, const project_options& options) {
  load_options made;
  made.memory_mib = of.memory_mib;
  made.timeout = of.timeout;
  made.handler = of.handler;
  made.variables = of.variables;
  made.reserved_concurrency = of.reserved_concurrency;
  made.environments = options.environments;
  made.scratch = options.scratch;
  return made;
}

event_invoke_configuration merged(event_invoke_configuration own, const event_invoke_configuration& preset) {
  const auto take = [](auto& value, const auto& other) {
    if (!value) {
      value = other;
    }
  };
  take(own.maximum_retry_attempts, preset.maximum_retry_attempts);
  take(own.maximum_event_age, preset.maximum_event_age);
  take(own.on_success, preset.on_success);
  take(own.on_failure, preset.on_failure);
  take(own.dead_letter, preset.dead_letter);
  return own;
}

result<function_configuration> load(const project& described, const function_description& of,
                                    const project_options& options, layer_cache& layers,
                                    std::vector<std::string>& warnings) {
  const auto layer_folder = layers.get(of.layers);
  if (!layer_folder) {
    return explained(layer_folder.error(), described, of, of.origin);
  }
  std::error_code error;
  if (!fs::exists(of.code->path, error)) {
    return explained(fail(errc::not_found, "its code, " + of.code->path + ", does not exist"), described, of,
                     of.code->origin);
  }
  auto made = load_function({of.name, of.code->path}, options_of(of, options), *layer_folder, warnings);
  if (!made) {
    return explained(made.error(), described, of, of.code->origin);
  }
  made->logical_id = of.logical_id;
  made->ephemeral_storage_mib = of.ephemeral_storage_mib.value_or(made->ephemeral_storage_mib);
  made->event_invoke = merged(of.event_invoke, options.event_invoke);
  made->logging = of.logging.value_or(options.logging);
  return made;
}

}  // namespace

void leave_out(const std::set<std::string>& absent, std::vector<api_configuration>& apis,
               std::vector<std::string>& warnings) {
  for (api_configuration& api : apis) {
    const auto guards_absent = [&](const api_route& route) {
      return std::any_of(api.authorizers.begin(), api.authorizers.end(), [&](const auto& each) {
        return each.name == route.authorizer && absent.contains(each.function_name);
      });
    };
    std::erase_if(api.routes, [&](const api_route& route) {
      const bool leads_nowhere = absent.contains(route.function_name);
      if (!leads_nowhere && !guards_absent(route)) {
        return false;
      }
      warnings.push_back(route.origin + ": the route " + route.method + " " + route.path + " is left out: " +
                         (leads_nowhere ? "its function " + route.function_name + " is"
                                        : "the function of its authorizer " + route.authorizer + " is"));
      return true;
    });
  }
  std::erase_if(apis, [](const api_configuration& api) { return api.routes.empty(); });
}

result<loaded_functions> load_project(const project& described, const project_options& options) {
  assert(options.scratch != nullptr);
  loaded_functions loaded;
  loaded.warnings = described.warnings;
  loaded.apis = described.apis;
  layer_cache layers(*options.scratch, loaded.warnings);
  std::set<std::string> absent;
  std::string reasons;
  for (const function_description& each : described.functions) {
    if (!each.code) {
      absent.insert(each.name);
      continue;
    }
    auto made = load(described, each, options, layers, loaded.warnings);
    if (made) {
      loaded.functions.push_back(std::move(*made));
      continue;
    }
    if (each.runs_bootstrap()) {
      return made.error();
    }
    absent.insert(each.name);
    loaded.warnings.push_back(each.origin + ": the function " + each.logical_id + " is left out: its runtime is " +
                              each.runtime + ", kelvin runs bootstraps (provided.al2023 and the like), and " +
                              each.code->path + " holds none that can be started");
    reasons += "\n" + loaded.warnings.back();
  }
  leave_out(absent, loaded.apis, loaded.warnings);
  if (!loaded.functions.empty()) {
    return loaded;
  }
  for (const std::string& each : described.warnings) {
    reasons += "\n" + each;
  }
  return fail(errc::unsupported, described.file + ": the template has no function that can be run here" + reasons);
}

}  // namespace kelvin::templates
