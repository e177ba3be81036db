#pragma once

#include "emulator/inspect/elf_facts.hpp"
#include "emulator/inspect/lambda_system.hpp"
#include "emulator/inspect/package.hpp"
#include "runtime-api/base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kelvin::inspection {

/// What the caller wants to know of one function's code.
struct code_request {
  std::string name;    ///< of the function; empty: none
  std::string target;  ///< path of the bootstrap, folder or .zip
  std::vector<std::string> layers;
  const lambda_system* system = nullptr;  ///< never null
  std::uint16_t machine = 0;              ///< EM_X86_64 or EM_AARCH64
};

/// A file as the function sees it.
struct code_file {
  std::uint64_t size_bytes = 0;
  mode_t mode = 0;
  std::uint16_t machine = 0;  ///< EM_… of an ELF file; EM_NONE of any other
  std::string link_target;
};

/// What Linux would start.
struct program_facts {
  enum class kind_of { elf, script, empty, unknown };
  std::string path;  ///< `/var/task/bootstrap`
  kind_of kind = kind_of::unknown;
  std::optional<elf_facts> elf;
  std::string script_line;  ///< behind `#!`; with its \r, if it has one
};

/// All that is decided on.
struct code_facts {
  package_kind kind = package_kind::folder;
  std::string target;
  std::uint64_t zip_bytes = 0;
  std::uint64_t unpacked_bytes = 0;        ///< with the layers, as AWS counts
  std::vector<std::string> problems;       ///< of the package and of layers
  std::map<std::string, code_file> files;  ///< by their paths on AWS, in /var/task and /opt
  std::optional<program_facts> bootstrap;
  std::map<std::string, elf_facts> libraries;  ///< of the package, by path, as far as the bootstrap leads to them
};

/// Lists the packages and reads what the bootstrap leads to. Errors: those of list_package().
result<code_facts> gather_code_facts(const code_request& request);

/// Where a library is found that `of`, the ELF file at `path`, needs: a path on AWS, `system`'s library's own name, or
/// empty if it is nowhere. AWS puts /lib64 and /usr/lib64 before /var/task and /var/task/lib, so a library of the
/// system is taken before one of the package, unless DT_RPATH leads there.
std::string find_library(const code_facts& code, const lambda_system& system, const std::string& path,
                         const elf_facts& of, const std::string& name);

/// The path that a file's chain of links ends at; empty: nowhere.
std::string followed(const code_facts& code, std::string path);

}  // namespace kelvin::inspection
