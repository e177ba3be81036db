#pragma once

#include "runtime-api/base/result.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace kelvin::inspection {

enum class package_kind { file, folder, zip };

/// One file of a package.
struct package_file {
  std::string name;              ///< inside the package, without a leading slash
  std::uint64_t size_bytes = 0;  ///< unpacked
  mode_t mode = 0;               ///< with its type; 0: the zip has none
  std::string link_target;       ///< of a symbolic link of a zip; a folder's links are followed
  std::uint64_t place = 0;       ///< in the zip's directory
  std::uint64_t index = 0;       ///< in the zip's directory
};

/// A deployment package, or a layer, as it is before anything is unpacked.
struct package {
  package_kind kind = package_kind::folder;
  std::string path;  ///< as it was named
  std::uint64_t zip_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::vector<package_file> files;
  std::vector<std::string> problems;  ///< sentences: what AWS would refuse it for
};

/// Lists a file, a folder or a .zip. A zip that is damaged, encrypted or leads out of its folder is one with problems.
/// Errors: not_found, permission_denied, limit_reached (more files than a zip may have), system_failure.
result<package> list_package(const std::string& path);

/// The first `limit_bytes` of a file's content, in memory. Errors: invalid_argument (the zip is damaged there),
/// permission_denied, system_failure.
result<std::string> read_file(const package& from, const package_file& file, std::uint64_t limit_bytes);

/// The same of a zip alone.
result<void> list_zip(package& into);
result<std::string> read_zip_entry(const package& from, const package_file& file, std::uint64_t limit_bytes);

}  // namespace kelvin::inspection
