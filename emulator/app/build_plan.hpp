#pragma once

#include "emulator/app/load_functions.hpp"
#include "emulator/app/settings.hpp"
#include "emulator/builder/project_files.hpp"
#include "emulator/builder/recognise_build.hpp"
#include "emulator/function/function_registry.hpp"

#include <string>
#include <vector>

namespace kelvin {

/// A function that a build is for.
struct built_function {
  std::string name;       ///< its path, where only a load would tell its name
  std::string artifact;   ///< absolute: the bootstrap or .zip that the build has to make
  bool may_lack = false;  ///< a layer may hold the bootstrap, so that it is not missed in the code
};

/// One command that builds one or several functions.
struct planned_build {
  std::string name;  ///< of its functions, for messages; two builds never have the same
  recognised_build how;
  std::vector<built_function> functions;
};

/// What is built for the targets: by --build one command for each folder it is run in, else as each function's project
/// is recognised; functions with the same command in the same folder share a build. A function that nothing is known to
/// build has one of kind `none`, whose sentence says why. No build's artifacts are another's sources. With `loaded`
/// functions that no template describes have their names of there. Empty with --no-build.
std::vector<planned_build> plan_builds(const settings& chosen, const described_targets& targets,
                                       const function_registry* loaded, const project_files& files);

/// Whether they are one command in one folder.
bool is_same_build(const recognised_build& one, const recognised_build& other);

/// Where a template's function has its code after the build by its BuildMethod, which is not where its sources are;
/// empty where it has none or the build is not known. `project` must be the template as the user wrote it.
std::string code_after_build(const templates::project& project, const templates::function_description& function,
                             const project_files& files);

/// Whether a source is newer than what is built of it; true where there are too many files to look at all of them.
bool is_out_of_date(const planned_build& build, const project_files& files);

/// The machine's files, with kelvin's own PATH.
disk_project_files machine_files();

}  // namespace kelvin
