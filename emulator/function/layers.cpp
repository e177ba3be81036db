#include "emulator/function/layers.hpp"

#include "emulator/function/unzip.hpp"
#include "runtime-api/base/limits.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>

namespace kelvin {
namespace {

namespace fs = std::filesystem;

failure cannot_merge(const std::string& layer, const std::string& what, const std::error_code& error) {
  return fail(errc::system_failure, "cannot copy layer " + layer + ": " + what + ": " + error.message());
}

/// Makes room at `place`: only a folder may stay, for another one. What is there gives way, and a link is never
/// written through.
void clear_place(fs::file_type kind, const fs::path& place, std::error_code& error) {
  const auto present = fs::symlink_status(place, error);
  if (present.type() == fs::file_type::not_found) {
    error.clear();
    return;
  }
  if (error)
    return;
  if (fs::is_directory(present) && kind == fs::file_type::directory)
    return;
  fs::remove_all(place, error);
}

/// Copies a layer over what lies in `destination`, counting its bytes.
result<void> merge(const std::string& layer, const fs::path& source, const fs::path& destination,
                   std::uint64_t& bytes_left) {
  std::error_code error;
  fs::recursive_directory_iterator item(source, error), end;
  for (; !error && item != end; item.increment(error)) {
    const fs::path place = destination / item->path().lexically_relative(source);
    std::error_code step;
    const auto kind = item->symlink_status(step).type();
    if (!step)
      clear_place(kind, place, step);
    if (!step && kind == fs::file_type::symlink) {
      fs::copy_symlink(item->path(), place, step);
    } else if (!step && kind == fs::file_type::directory) {
      fs::create_directory(place, step);
    } else if (!step && kind == fs::file_type::regular) {
      const auto size = item->file_size(step);
      if (!step && size > bytes_left) {
        return fail(errc::limit_reached, "the layers are larger than " +
                                             std::to_string(limits::zip_unpacked_bytes / (1024 * 1024)) +
                                             " MB together, which is all that Lambda takes");
      }
      if (!step)
        bytes_left -= size;
      if (!step)
        fs::copy_file(item->path(), place, step);
    }
    if (step)
      return cannot_merge(layer, item->path().string(), step);
  }
  if (error)
    return cannot_merge(layer, source.string(), error);
  return {};
}

result<std::string> open_layer(const std::string& layer, scratch_folder& scratch) {
  std::error_code error;
  if (fs::is_directory(layer, error))
    return fs::canonical(layer, error).string();
  if (!fs::exists(layer, error)) {
    return fail(errc::not_found, "--layer " + layer + " does not exist; it must be a folder or a .zip file");
  }
  if (!is_zip(layer)) {
    return fail(errc::invalid_argument, "--layer " + layer + " is neither a folder nor a .zip file");
  }
  auto folder = scratch.make_folder("layer");
  if (!folder)
    return folder.error();
  if (auto unpacked = unzip(layer, *folder); !unpacked)
    return unpacked.error();
  return folder;
}

}  // namespace

std::string extension_names(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator item(folder + "/extensions", error), end; !error && item != end; item.increment(error)) {
    if (!item->is_directory(error))
      names.push_back(item->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  std::string joined;
  for (const auto& name : names)
    joined.append(joined.empty() ? "" : ", ").append(name);
  return joined;
}

result<std::optional<std::string>> prepare_layers(const std::vector<std::string>& layers, scratch_folder& scratch,
                                                  std::vector<std::string>& warnings) {
  if (layers.size() > limits::layers) {
    return fail(errc::invalid_argument, std::to_string(layers.size()) + " layers were given, Lambda takes at most " +
                                            std::to_string(limits::layers));
  }
  std::vector<std::string> folders;
  for (const auto& layer : layers) {
    auto folder = open_layer(layer, scratch);
    if (!folder)
      return folder.error();
    if (const auto names = extension_names(*folder); !names.empty()) {
      warnings.push_back("layer " + layer + " holds extensions (" + names + "): they are NOT run in this version");
    }
    folders.push_back(std::move(*folder));
  }
  if (folders.empty())
    return std::optional<std::string>();
  if (folders.size() == 1)
    return std::optional<std::string>(std::move(folders.front()));
  auto merged = scratch.make_folder("opt");
  if (!merged)
    return merged.error();
  std::uint64_t bytes_left = limits::zip_unpacked_bytes;
  for (std::size_t at = 0; at < folders.size(); ++at) {
    if (auto copied = merge(layers[at], folders[at], *merged, bytes_left); !copied)
      return copied.error();
  }
  return std::optional<std::string>(std::move(*merged));
}

}  // namespace kelvin
