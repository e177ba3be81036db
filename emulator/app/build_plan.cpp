#include "emulator/app/build_plan.hpp"

#include "emulator/app/own_files.hpp"
#include "emulator/app/source_age.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view built_template = ".aws-sam/build/template.yaml";
constexpr std::size_t names_shown = 3;

/// A function for which a build is looked for.
struct candidate {
  built_function function;
  build_question asked;
  std::string base;  ///< where --build is run
};

std::string absolute_path(const std::string& path) {
  std::error_code error;
  std::string made = fs::absolute(path, error).lexically_normal().string();
  while (made.size() > 1 && made.ends_with('/')) {
    made.pop_back();
  }
  return made;
}

/// The file that must be there: what is not there yet is a folder where a template names it.
std::string file_of(const std::string& artifact, bool rather_a_folder, const project_files& files) {
  const bool is_folder =
      files.is_folder(artifact) || (rather_a_folder && !files.is_file(artifact) && !artifact.ends_with(".zip"));
  return is_folder ? artifact + "/bootstrap" : artifact;
}

/// The template as the user wrote it, for one that sam build made and for one whose code was put elsewhere.
std::optional<templates::project> source_of(const settings& chosen, const templates::project& served) {
  settings plain = chosen;
  plain.watches = false;
  std::string file = served.file;
  if (file.ends_with(built_template)) {
    const std::string folder = file.substr(0, file.size() - built_template.size());
    file = template_in(folder.empty() ? "." : folder.substr(0, folder.size() - 1), false);
  }
  plain.targets = {{"", file}};
  const auto described = file.empty() ? result<described_targets>({}) : describe_targets(plain);
  if (!described || described->all.empty()) {
    return std::nullopt;
  }
  return described->all.front().described;
}

build_question question_of(const templates::project& project, const templates::function_description& function) {
  build_question asked;
  asked.build_method = function.build_method;
  asked.function_id = function.logical_id;
  asked.code_folder = absolute_path(function.code->path);
  asked.template_folder = fs::path(absolute_path(project.file)).parent_path().string();
  asked.artifact = asked.code_folder;
  return asked;
}

void add_template(const settings& chosen, const templates::project& project, const project_files& files,
                  std::vector<candidate>& all) {
  const auto source = source_of(chosen, project);
  const templates::project& written = source ? *source : project;
  for (const auto& served : project.functions) {
    const auto found = std::find_if(written.functions.begin(), written.functions.end(),
                                    [&](const auto& each) { return each.logical_id == served.logical_id; });
    if (!served.code || !served.runs_bootstrap() || found == written.functions.end() || !found->code) {
      continue;
    }
    candidate made;
    made.asked = question_of(written, *found);
    made.asked.artifact = absolute_path(served.code->path);
    made.base = made.asked.template_folder;
    made.function = {served.name, file_of(made.asked.artifact, true, files), !served.layers.empty()};
    all.push_back(std::move(made));
  }
}

void add_plain(const settings& chosen, const target& plain, const function_registry* loaded, const project_files& files,
               std::vector<candidate>& all) {
  candidate made;
  made.asked.artifact = absolute_path(plain.path);
  made.base = absolute_path(".");
  made.function = {plain.name.empty() ? plain.path : plain.name, file_of(made.asked.artifact, false, files),
                   !chosen.layers.empty()};
  if (loaded != nullptr) {
    for (const function_configuration& each : loaded->functions()) {
      if (each.target == plain.path && each.logical_id.empty() && (plain.name.empty() || plain.name == each.name)) {
        made.function.name = each.name;
      }
    }
  }
  all.push_back(std::move(made));
}

recognised_build build_of(const candidate& of, const settings& chosen, const project_files& files) {
  if (chosen.build_command.empty()) {
    return recognise_build(of.asked, files);
  }
  // Not the whole folder of the artifact: sources may lie there too. What else the build puts there .gitignore knows.
  recognised_build made = given_build(chosen.build_command, files.real_path(of.base), of.function.artifact);
  made.outputs = {of.function.artifact};
  return made;
}

void add_missing(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& each : from) {
    if (std::find(to.begin(), to.end(), each) == to.end()) {
      to.push_back(each);
    }
  }
}

std::string joined_names(const std::vector<built_function>& functions) {
  std::string text;
  for (std::size_t at = 0; at < std::min(functions.size(), names_shown); ++at) {
    text.append(at == 0 ? "" : ", ").append(functions[at].name);
  }
  return functions.size() <= names_shown ? text
                                         : text + " and " + std::to_string(functions.size() - names_shown) + " more";
}

/// What one build makes must not start another.
void share_outputs(std::vector<planned_build>& builds, std::vector<std::string> outputs, const project_files& files) {
  for (const planned_build& each : builds) {
    add_missing(outputs, each.how.outputs);
    for (const built_function& function : each.functions) {
      add_missing(outputs, {function.artifact});
    }
  }
  for (std::string& each : std::vector<std::string>(outputs)) {
    add_missing(outputs, {files.real_path(each)});
  }
  for (planned_build& each : builds) {
    for (std::string& source : each.how.sources) {
      source = files.real_path(source);
    }
    each.how.outputs = outputs;
    std::erase_if(each.how.outputs, [&](const std::string& output) {
      return std::any_of(each.how.sources.begin(), each.how.sources.end(),
                         [&](const std::string& source) { return path_within(output, source).has_value(); });
    });
  }
}

}  // namespace

std::vector<planned_build> plan_builds(const settings& chosen, const described_targets& targets,
                                       const function_registry* loaded, const project_files& files) {
  std::vector<candidate> candidates;
  if (chosen.builds && targets.all.empty()) {
    add_plain(chosen, {"", "./bootstrap"}, loaded, files, candidates);
  }
  for (const described_target& each : targets.all) {
    if (!chosen.builds) {
      break;
    }
    if (each.described) {
      add_template(chosen, *each.described, files, candidates);
    } else {
      add_plain(chosen, each.plain, loaded, files, candidates);
    }
  }
  std::vector<planned_build> builds;
  for (const candidate& each : candidates) {
    recognised_build how = build_of(each, chosen, files);
    const auto known =
        std::find_if(builds.begin(), builds.end(), [&how](const auto& other) { return is_same_build(how, other.how); });
    if (known == builds.end()) {
      builds.push_back({"", std::move(how), {each.function}});
      continue;
    }
    add_missing(known->how.sources, how.sources);
    add_missing(known->how.outputs, how.outputs);
    known->functions.push_back(each.function);
  }
  for (planned_build& each : builds) {
    each.name = joined_names(each.functions);
  }
  share_outputs(builds, own_files(chosen), files);
  return builds;
}

bool is_same_build(const recognised_build& one, const recognised_build& other) {
  return one.kind != build_kind::none && one.command == other.command && one.folder == other.folder &&
         one.variables == other.variables;
}

std::string code_after_build(const templates::project& project, const templates::function_description& function,
                             const project_files& files) {
  if (function.build_method.empty() || !function.code || !function.runs_bootstrap() ||
      project.file.ends_with(built_template)) {
    return {};
  }
  const recognised_build how = recognise_build(question_of(project, function), files);
  return how.kind == build_kind::none ? std::string() : how.artifact;
}

bool is_out_of_date(const planned_build& build, const project_files& files) {
  std::vector<std::string> artifacts;
  for (const built_function& each : build.functions) {
    artifacts.push_back(each.artifact);
  }
  return has_newer_source(build.how.sources, build.how.outputs, artifacts, files);
}

disk_project_files machine_files() {
  std::vector<std::string> variables;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    variables.emplace_back(*each);
  }
  return disk_project_files(std::move(variables));
}

}  // namespace kelvin
