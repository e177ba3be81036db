#include "emulator/builder/recognise_build.hpp"

#include "emulator/builder/build_limits.hpp"
#include "emulator/builder/project_search.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace kelvin {
namespace {

bool ends_search(const std::string& folder, const project_files& files) {
  return files.is_folder(folder + "/.git") || files.is_file(folder + "/.git");
}

/// The first of the names that is a file of the folder; empty if none is.
std::string first_file(const std::string& folder, const project_files& files,
                       std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (files.is_file(folder + "/" + name)) {
      return name;
    }
  }
  return {};
}

bool has_go_sources(const std::string& folder, const project_files& files) {
  for (const std::string& name : files.names_in(folder)) {
    if (name.ends_with(".go") && !name.ends_with("_test.go")) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string shell_word(const std::string& text) {
  constexpr const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) {
    return text;
  }
  std::string quoted = "'";
  for (const char each : text) {
    quoted += each == '\'' ? std::string("'\\''") : std::string(1, each);
  }
  return quoted + "'";
}

project_search begin_search(const std::string& artifact, const project_files& files) {
  project_search made;
  made.artifact = files.real_path(artifact);
  while (made.artifact.size() > 1 && made.artifact.ends_with('/')) {
    made.artifact.pop_back();
  }
  made.is_folder = files.is_folder(made.artifact);
  std::string folder = made.is_folder ? made.artifact : parent_folder(made.artifact);
  for (std::size_t level = 0; level <= limits::build_folder_levels && !folder.empty(); ++level) {
    made.folders.push_back(folder);
    if (ends_search(folder, files)) {
      break;
    }
    folder = parent_folder(folder);
  }
  return made;
}

recognised_build not_recognised(const project_search& search, const std::string& why) {
  recognised_build made;
  made.sentence = search.artifact + ": " + why + "; nothing is built, changes of the artifact alone are looked for " +
                  "(--build CMD names a command)";
  return made;
}

recognised_build given_build(const std::string& command, const std::string& folder, const std::string& artifact) {
  recognised_build made;
  made.kind = build_kind::given;
  made.command = command;
  made.folder = folder;
  made.artifact = artifact;
  made.sources = {folder};
  // An artifact that is the folder itself, or holds it, has the sources in it: then its bootstrap alone is made.
  const bool holds_sources = path_within(artifact, folder).has_value();
  made.outputs = {holds_sources ? artifact + "/bootstrap" : artifact};
  made.sentence = "built by `" + command + "` in " + folder + " (--build)";
  return made;
}

recognised_build recognise_build(const build_question& asked, const project_files& files) {
  if (!asked.build_method.empty()) {
    return recognise_method(asked, files);
  }
  const project_search search = begin_search(asked.artifact, files);
  if (auto made = recognise_cmake(search, files)) {
    return std::move(*made);
  }
  constexpr std::array ways = {recognise_cargo, recognise_go, recognise_make, recognise_npm};
  std::string cmake_lists;
  for (const std::string& folder : search.folders) {
    for (const auto way : ways) {
      if (auto made = way(search, folder, files)) {
        return std::move(*made);
      }
    }
    if (cmake_lists.empty() && files.is_file(folder + "/CMakeLists.txt")) {
      cmake_lists = folder + "/CMakeLists.txt";
    }
  }
  if (!cmake_lists.empty()) {
    return not_recognised(search, "there is " + cmake_lists +
                                      ", but the artifact does not lie in a folder that CMake was configured for");
  }
  return not_recognised(search,
                        "no CMake build folder, Cargo.toml, go.mod, Makefile or package.json with a build "
                        "script lies in its folder or above it");
}

std::optional<recognised_build> recognise_go(const project_search& search, const std::string& folder,
                                             const project_files& files) {
  if (!files.is_file(folder + "/go.mod")) {
    return std::nullopt;
  }
  if (search.file().ends_with(".zip")) {
    return not_recognised(search, "go.mod lies in " + folder + ", but go build makes no .zip");
  }
  for (const std::string& package : search.folders) {
    if (has_go_sources(package, files)) {
      recognised_build made;
      made.kind = build_kind::go;
      made.command = "go build -o " + shell_word(search.file()) + " .";
      made.folder = package;
      made.artifact = search.file();
      made.sources = {folder};
      made.outputs = {search.file()};
      made.sentence = "built by `" + made.command + "` in " + package + ", because of " + folder + "/go.mod";
      return made;
    }
    if (package == folder) {
      break;
    }
  }
  return not_recognised(search, "go.mod lies in " + folder +
                                    ", but no .go file there or between it and the artifact, " +
                                    "so that it is not known which package to build");
}

std::optional<recognised_build> recognise_make(const project_search& search, const std::string& folder,
                                               const project_files& files) {
  const std::string name = first_file(folder, files, {"GNUmakefile", "makefile", "Makefile"});
  if (name.empty()) {
    return std::nullopt;
  }
  recognised_build made = given_build("make", folder, search.artifact);
  made.kind = build_kind::make;
  made.sentence = "built by `make` in " + folder + ", because of its " + name;
  return made;
}

std::optional<recognised_build> recognise_npm(const project_search& search, const std::string& folder,
                                              const project_files& files) {
  const auto text = files.text_of(folder + "/package.json");
  if (!text || !has_build_script(*text)) {
    return std::nullopt;
  }
  recognised_build made = given_build("npm run build", folder, search.artifact);
  made.kind = build_kind::npm;
  made.outputs.push_back(folder + "/node_modules");
  made.sentence = "built by `npm run build` in " + folder + ", because of the build script in its package.json";
  return made;
}

bool has_build_script(const std::string& text) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) {
    return false;
  }
  const auto scripts = document.find("scripts");
  return scripts != document.end() && scripts->is_object() && scripts->contains("build") &&
         scripts->at("build").is_string();
}

}  // namespace kelvin
