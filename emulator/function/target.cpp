#include "emulator/function/target.hpp"

#include "emulator/function/bootstrap_check.hpp"
#include "emulator/function/function_name.hpp"
#include "emulator/function/function_variables.hpp"
#include "emulator/function/layers.hpp"
#include "emulator/function/unzip.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cassert>
#include <filesystem>
#include <thread>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 4> template_names = {".aws-sam/build/template.yaml", "template.yaml", "template.yml",
                                                       "template.json"};
constexpr unsigned environments_min = 16;
constexpr unsigned environments_per_core = 4;
constexpr mode_t others_read_and_execute = 0005;

/// Where a target's code lies once it is unpacked.
struct opened_target {
  std::string code_folder;
  std::string program;  ///< the file that was named; empty: the lookup decides
  std::string derived_name;
  bool from_zip = false;
};

failure no_function(const std::string& path) {
  return fail(errc::invalid_argument, path + " is a template, which names its functions itself: leave NAME= out");
}

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error) && !fs::is_directory(path, error);
}

result<opened_target> open_zip(const std::string& path, const fs::path& absolute, scratch_folder& scratch) {
  auto folder = scratch.make_folder("code");
  if (!folder)
    return folder.error();
  if (auto unpacked = unzip(path, *folder); !unpacked)
    return unpacked.error();
  return opened_target{std::move(*folder), {}, absolute.stem().string(), true};
}

result<opened_target> open_target(const std::string& path, scratch_folder& scratch) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    return fail(errc::not_found, "target " + path + " does not exist; it must be a bootstrap file, a folder or a .zip");
  }
  if (error)
    return fail(errc::permission_denied, "target " + path + ": " + error.message());
  // Symbolic links are kept in names (build/current/bootstrap is called `current`), not in folders.
  const fs::path absolute = fs::absolute(path, error).lexically_normal();
  if (error)
    return fail(errc::not_found, "target " + path + ": the working folder is gone: " + error.message());
  if (fs::is_directory(status)) {
    const auto name = absolute.has_filename() ? absolute.filename() : absolute.parent_path().filename();
    return opened_target{fs::canonical(path, error).string(), {}, name.string()};
  }
  if (is_template(path))
    return no_function(path);
  if (access(path.c_str(), R_OK) != 0) {
    return fail(errc::permission_denied,
                "cannot read target " + path + "; give yourself permission: chmod u+r " + path);
  }
  if (is_zip(path))
    return open_zip(path, absolute, scratch);
  const fs::path folder = fs::canonical(absolute.parent_path(), error);
  return opened_target{folder.string(), (folder / absolute.filename()).string(),
                       absolute.parent_path().filename().string()};
}

/// `, but holds build/bootstrap: …` where the bootstrap is one folder too deep.
std::string misplaced_bootstrap(const opened_target& opened, const std::string& path) {
  std::error_code error;
  for (fs::directory_iterator item(opened.code_folder, error), end; !error && item != end; item.increment(error)) {
    if (!is_file(item->path().string() + "/bootstrap"))
      continue;
    const std::string folder = item->path().filename().string();
    if (opened.from_zip) {
      return "; it holds " + folder + "/bootstrap, which must be at the top: zip the folder's content, not the folder";
    }
    return "; there is " + folder + "/bootstrap: did you mean " + (fs::path(path) / folder).string() + "?";
  }
  return {};
}

failure no_bootstrap(const opened_target& opened, const std::string& path, bool has_layer) {
  return fail(errc::not_found,
              "target " + path + " holds no file named `bootstrap`" + (has_layer ? ", nor do the layers" : "") +
                  " (Lambda looks for /var/task/bootstrap, then /opt/bootstrap)" + misplaced_bootstrap(opened, path));
}

result<std::string> choose_name(const target& wanted, const std::string& derived, std::vector<std::string>& warnings) {
  if (!wanted.name.empty()) {
    if (is_function_name(wanted.name))
      return wanted.name;
    return fail(errc::invalid_argument, "`" + wanted.name + "` cannot be a function's name (in " + wanted.name + "=" +
                                            wanted.path + "): Lambda takes 1 to 64 letters, digits, `-` and `_`");
  }
  auto name = to_function_name(derived);
  if (name != derived) {
    warnings.push_back(
        "the function of " + wanted.path + " is called " + name +
        ", since Lambda takes only letters, digits, `-` and `_`; name it yourself with NAME=" + wanted.path);
  }
  return name;
}

/// On AWS the function is another user than the owner of its files.
void warn_about_mode(const function_configuration& function, std::vector<std::string>& warnings) {
  struct stat status;
  if (stat(function.bootstrap.c_str(), &status) != 0)
    return;
  if ((status.st_mode & others_read_and_execute) == others_read_and_execute)
    return;
  warnings.push_back(function.target + ": bootstrap can be read and executed here, but on AWS the function is " +
                     "another user and could not; run `chmod 755 bootstrap` before zipping");
}

result<std::vector<target>> default_targets(const load_options& options) {
  const std::string& folder = options.working_folder;
  std::error_code error;
  if (!fs::exists(folder + "/bootstrap", error)) {
    return fail(errc::not_found,
                "no target was given, and this folder holds neither template.yaml, template.yml, "
                "template.json nor bootstrap; name a bootstrap file, a folder or a .zip holding one, "
                "for example: kelvin run ./build/bootstrap");
  }
  return std::vector<target>{{"", folder == "." ? "./bootstrap" : folder + "/bootstrap"}};
}

result<void> check_names(const std::vector<function_configuration>& functions) {
  for (auto later = functions.begin(); later != functions.end(); ++later) {
    const auto earlier =
        std::find_if(functions.begin(), later, [&](const auto& other) { return other.name == later->name; });
    if (earlier == later)
      continue;
    return fail(errc::invalid_argument, "two functions are called " + later->name + ": " + earlier->target + " and " +
                                            later->target + "; give one another name: NAME=" + later->target);
  }
  return {};
}

}  // namespace

void find_bootstrap(function_configuration& function) {
  std::vector<std::string> folders{function.code_folder};
  if (function.layer_folder)
    folders.push_back(*function.layer_folder);
  std::error_code error;
  for (const auto& folder : folders) {
    std::string path = folder + "/bootstrap";
    // A link to nowhere is found, so that its own message is given.
    if (fs::symlink_status(path, error).type() == fs::file_type::not_found)
      continue;
    function.bootstrap = std::move(path);
    function.bootstrap_problem.clear();
    return;
  }
  function.bootstrap.clear();
  // AWS: recorded answer to a function without bootstrap.
  function.bootstrap_problem = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
}

bool is_template(const std::string& path) {
  const auto extension = fs::path(path).extension();
  return extension == ".yaml" || extension == ".yml" || extension == ".json" || extension == ".template";
}

std::string template_in(const std::string& folder, bool built) {
  for (const char* name : template_names) {
    const bool is_built = std::string_view(name).starts_with('.');
    const std::string path = folder == "." ? name : folder + "/" + name;
    if ((built || !is_built) && is_file(path))
      return path;
  }
  return {};
}

result<function_configuration> load_function(const target& wanted, const load_options& options,
                                             const std::optional<std::string>& layer_folder,
                                             std::vector<std::string>& warnings) {
  const auto opened = open_target(wanted.path, *options.scratch);
  if (!opened)
    return opened.error();
  auto name = choose_name(wanted, opened->derived_name, warnings);
  if (!name)
    return name.error();

  function_configuration function;
  function.name = std::move(*name);
  function.handler = options.handler;
  function.memory_mib = options.memory_mib.value_or(limits::memory_mib_min);
  function.memory_chosen = options.memory_mib.has_value();
  function.timeout = options.timeout;
  function.variables = options.variables;
  function.reserved_concurrency = options.reserved_concurrency;
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  function.environments = options.environments.value_or(std::max(environments_min, environments_per_core * cores));
  function.target = wanted.path;
  function.code_folder = opened->code_folder;
  function.layer_folder = layer_folder;
  function.bootstrap = opened->program;
  if (function.bootstrap.empty())
    find_bootstrap(function);
  if (function.bootstrap.empty())
    return no_bootstrap(*opened, wanted.path, layer_folder.has_value());
  const bool in_code = fs::path(function.bootstrap).parent_path() == function.code_folder;
  const std::string shown = !opened->program.empty() ? wanted.path
                            : in_code                ? wanted.path + ": bootstrap"
                                                     : "the layers' bootstrap";
  if (auto runs = check_bootstrap(function.bootstrap, shown, opened->from_zip && in_code); !runs)
    return runs.error();
  if (opened->from_zip && in_code)
    warn_about_mode(function, warnings);
  if (const auto names = extension_names(function.code_folder); !names.empty() && opened->program.empty()) {
    warnings.push_back("target " + wanted.path + " holds extensions (" + names + "): they are NOT run in this " +
                       "version; on AWS only those of layers are");
  }
  return function;
}

result<loaded_functions> load_targets(std::vector<target> targets, const load_options& options) {
  assert(options.scratch != nullptr);
  if (auto valid = check_variables(options.variables); !valid)
    return valid.error();
  if (targets.empty()) {
    auto found = default_targets(options);
    if (!found)
      return found.error();
    targets = std::move(*found);
  }
  loaded_functions loaded;
  const auto layer_folder = prepare_layers(options.layers, *options.scratch, loaded.warnings);
  if (!layer_folder)
    return layer_folder.error();
  for (const auto& wanted : targets) {
    auto function = load_function(wanted, options, *layer_folder, loaded.warnings);
    if (!function)
      return function.error();
    loaded.functions.push_back(std::move(*function));
  }
  if (auto unique = check_names(loaded.functions); !unique)
    return unique.error();
  return loaded;
}

}  // namespace kelvin
