#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kelvin {

/// What there is to see of a project: the machine's files, or a test's. All paths are absolute and lexically normal.
class project_files {
 public:
  virtual ~project_files() = default;
  virtual bool is_file(const std::string& path) const = 0;
  virtual bool is_folder(const std::string& path) const = 0;
  /// The names in a folder, in order; none where it cannot be read.
  virtual std::vector<std::string> names_in(const std::string& folder) const = 0;
  /// What a file holds; nullopt where it cannot be read or is larger than limits::project_file_bytes.
  virtual std::optional<std::string> text_of(const std::string& path) const = 0;
  /// Where a path leads when its links are followed; the path itself where that cannot be said.
  virtual std::string real_path(const std::string& path) const = 0;
  /// Whether a shell would find that command.
  virtual bool has_command(const std::string& name) const = 0;
};

/// The machine's own files, and the commands of the PATH of `variables` (`NAME=value`).
class disk_project_files final : public project_files {
 public:
  explicit disk_project_files(std::vector<std::string> variables) : variables_(std::move(variables)) {}

  bool is_file(const std::string& path) const override;
  bool is_folder(const std::string& path) const override;
  std::vector<std::string> names_in(const std::string& folder) const override;
  std::optional<std::string> text_of(const std::string& path) const override;
  std::string real_path(const std::string& path) const override;
  bool has_command(const std::string& name) const override;

 private:
  std::vector<std::string> variables_;
};

/// The folder that a path lies in; empty for `/` and for a mere name.
std::string parent_folder(const std::string& path);
/// The last name of a path.
std::string last_name(const std::string& path);
/// What `path` is called within `folder`: `""` for the folder itself, nullopt where it does not lie in it.
std::optional<std::string> path_within(const std::string& folder, const std::string& path);

}  // namespace kelvin
