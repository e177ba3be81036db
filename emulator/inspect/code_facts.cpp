#include "emulator/inspect/code_facts.hpp"

#include "runtime-api/base/limits.hpp"

#include <elf.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace kelvin::inspection {
namespace {

namespace fs = std::filesystem;

/// Linux reads so much of a script to find its interpreter (BINPRM_BUF_SIZE).
constexpr std::size_t script_head_bytes = 256;
constexpr std::size_t elf_head_bytes = 20;
/// So many files are looked into for their architecture.
constexpr std::size_t heads_read_max = 2000;
constexpr std::size_t libraries_max = 500;
constexpr unsigned links_max = 16;

struct file_place {
  const package* from;
  const package_file* file;
};

std::uint16_t machine_in(std::string_view head) {
  if (head.size() < elf_head_bytes || !head.starts_with(std::string_view(ELFMAG, SELFMAG))) {
    return EM_NONE;
  }
  const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(head[at])); };
  const bool is_little_endian = byte(EI_DATA) == ELFDATA2LSB;
  const unsigned low = is_little_endian ? byte(18) : byte(19);
  const unsigned high = is_little_endian ? byte(19) : byte(18);
  return static_cast<std::uint16_t>(high << 8 | low);
}

program_facts read_program(std::string path, const std::string& content) {
  program_facts made;
  made.path = std::move(path);
  made.elf = read_elf_facts(content);
  if (made.elf) {
    made.kind = program_facts::kind_of::elf;
  } else if (content.empty()) {
    made.kind = program_facts::kind_of::empty;
  } else if (content.starts_with("#!")) {
    made.kind = program_facts::kind_of::script;
    const std::string head = content.substr(0, script_head_bytes);
    made.script_line = head.substr(2, head.find('\n') - 2);
  }
  return made;
}

/// Puts a function's packages together and reads their files.
class gatherer {
 public:
  explicit gatherer(const code_request& request) : request_(request) {}

  result<code_facts> run() {
    packages_.reserve(request_.layers.size() + 1);
    if (const auto added = add(request_.target, "/var/task/"); !added) {
      return added.error();
    }
    code_.kind = packages_.front().kind;
    code_.target = request_.target;
    code_.zip_bytes = packages_.front().zip_bytes;
    for (const std::string& layer : request_.layers) {
      if (const auto added = add(layer, "/opt/"); !added) {
        return added.error();
      }
    }
    read_machines();
    read_bootstrap();
    return std::move(code_);
  }

 private:
  result<void> add(const std::string& path, const std::string& prefix) {
    auto listed = list_package(path);
    if (!listed) {
      return listed.error();
    }
    packages_.push_back(std::move(*listed));
    const package& from = packages_.back();
    code_.unpacked_bytes += from.unpacked_bytes;
    for (const std::string& problem : from.problems) {
      code_.problems.push_back(path + ": " + problem);
    }
    for (const package_file& each : from.files) {
      // A program that was named itself is what becomes the bootstrap.
      const std::string name = from.kind == package_kind::file ? "bootstrap" : each.name;
      const std::string place = (fs::path(prefix) / name).lexically_normal().string();
      code_.files[place] = {each.size_bytes, each.mode, EM_NONE, each.link_target};
      places_[place] = {&from, &each};
    }
    return {};
  }

  std::string read(const std::string& path, std::uint64_t limit_bytes) {
    const auto found = places_.find(path);
    if (found == places_.end()) {
      return {};
    }
    auto content = read_file(*found->second.from, *found->second.file, limit_bytes);
    if (content) {
      return std::move(*content);
    }
    code_.problems.push_back(found->second.from->path + ": " + content.error().detail);
    return {};
  }

  void read_machines() {
    std::size_t left = heads_read_max;
    for (auto& [path, file] : code_.files) {
      if (file.size_bytes >= elf_head_bytes && file.link_target.empty() && left > 0) {
        --left;
        file.machine = machine_in(read(path, elf_head_bytes));
      }
    }
  }

  void read_bootstrap() {
    for (const char* path : {"/var/task/bootstrap", "/opt/bootstrap"}) {
      if (code_.files.contains(path)) {
        const std::string target = followed(code_, path);
        if (target.empty()) {
          code_.problems.push_back(std::string(path) + " is a symbolic link to a file that is not there");
          return;
        }
        // What is larger than all that Lambda takes is a finding, not something to read.
        code_.bootstrap = read_program(path, read(target, limits::zip_unpacked_bytes));
        break;
      }
    }
    if (code_.bootstrap && code_.bootstrap->elf) {
      read_libraries(code_.bootstrap->path, *code_.bootstrap->elf);
    }
  }

  void read_libraries(const std::string& path, const elf_facts& of) {
    std::vector<std::pair<std::string, elf_facts>> waiting = {{path, of}};
    while (!waiting.empty()) {
      const auto [user, facts] = std::move(waiting.back());
      waiting.pop_back();
      for (const std::string& name : facts.needed) {
        const std::string found = followed(code_, find_library(code_, *request_.system, user, facts, name));
        if (found.empty() || code_.libraries.contains(found) || code_.libraries.size() >= libraries_max) {
          continue;
        }
        const auto read_one = read_elf_facts(read(found, limits::zip_unpacked_bytes));
        code_.libraries[found] = read_one.value_or(elf_facts());
        if (read_one) {
          waiting.emplace_back(found, *read_one);
        }
      }
    }
  }

  const code_request& request_;
  code_facts code_;
  std::vector<package> packages_;
  std::map<std::string, file_place> places_;
};

std::string in_paths(const code_facts& code, const std::string& user, const std::vector<std::string>& paths,
                     const std::string& name) {
  for (std::string path : paths) {
    for (const std::string origin : {"$ORIGIN", "${ORIGIN}"}) {
      if (const std::size_t at = path.find(origin); at != std::string::npos) {
        path.replace(at, origin.size(), fs::path(user).parent_path().string());
      }
    }
    std::string candidate = (fs::path(path) / name).lexically_normal().string();
    if (code.files.contains(candidate)) {
      return candidate;
    }
  }
  return {};
}

}  // namespace

std::string followed(const code_facts& code, std::string path) {
  for (unsigned left = links_max; left > 0; --left) {
    const auto found = code.files.find(path);
    if (found == code.files.end()) {
      return {};
    }
    if (found->second.link_target.empty()) {
      return path;
    }
    path = (fs::path(path).parent_path() / found->second.link_target).lexically_normal().string();
  }
  return {};
}

std::string find_library(const code_facts& code, const lambda_system& system, const std::string& path,
                         const elf_facts& of, const std::string& name) {
  if (name.find('/') != std::string::npos) {
    const std::string place = (fs::path("/var/task") / name).lexically_normal().string();
    return code.files.contains(place) ? place : std::string();
  }
  if (of.runpath.empty()) {
    if (std::string found = in_paths(code, path, of.rpath, name); !found.empty()) {
      return found;
    }
  }
  if (system.has_library(name)) {
    return name;
  }
  static const std::vector<std::string> library_path = {"/var/task", "/var/task/lib", "/opt/lib"};
  if (std::string found = in_paths(code, path, library_path, name); !found.empty()) {
    return found;
  }
  return in_paths(code, path, of.runpath, name);
}

result<code_facts> gather_code_facts(const code_request& request) {
  return gatherer(request).run();
}

}  // namespace kelvin::inspection
