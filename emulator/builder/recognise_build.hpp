#pragma once

#include "emulator/builder/project_files.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kelvin {

/// By what a project is built.
enum class build_kind {
  none,   ///< not recognised: nothing is built, the artifact alone is watched
  given,  ///< by --build
  cmake,
  cargo,
  cargo_lambda,
  go,
  make,
  npm,
  sam,  ///< by sam build
};

/// What is known of a function whose build is looked for.
struct build_question {
  std::string artifact;  ///< absolute: what it runs from, a file or a folder with `bootstrap`; need not exist yet
  // Of a template, empty without one:
  std::string build_method;     ///< BuildMethod of its Metadata
  std::string function_id;      ///< its logical id
  std::string code_folder;      ///< absolute: its CodeUri, as the user wrote it
  std::string template_folder;  ///< absolute: where that template lies
};

/// How a function is built.
struct recognised_build {
  build_kind kind = build_kind::none;
  std::string command;                                         ///< for /bin/sh -c; empty with `none`
  std::string folder;                                          ///< absolute: where it is run
  std::vector<std::pair<std::string, std::string>> variables;  ///< beside the user's own environment
  std::string artifact;              ///< absolute: what it makes, a file or folder; empty: not known
  std::vector<std::string> sources;  ///< folders whose changes start it; source_filter says which of them
  std::vector<std::string> outputs;  ///< files and folders below them that are none, because the build makes them
  std::string sentence;              ///< for the user: what was found, or what to do
};

/// Finds out how a function is built: by the template's BuildMethod; else by what lies in the artifact's folder and the
/// folders above it, up to the one with .git, the nearest project first. Pure over `files`. It never fails: `none` has
/// its sentence too.
recognised_build recognise_build(const build_question& asked, const project_files& files);

/// What --build says: `command`, in `folder`, whose files are the sources.
recognised_build given_build(const std::string& command, const std::string& folder, const std::string& artifact);

/// A text as one word of a shell's command line.
std::string shell_word(const std::string& text);

}  // namespace kelvin
