#include "emulator/template/read_functions.hpp"

#include <optional>
#include <utility>

namespace kelvin::templates {
namespace {

bool is_remote(std::string_view text) {
  return text.starts_with("s3://") || text.starts_with("https://");
}

/// CDK puts a function's code beside the template, and says where in Metadata; else the name is made of the key.
std::optional<std::string> asset_path(const resource& of, const node& code) {
  const node* path = of.metadata.find("aws:asset:path");
  if (path != nullptr && path->is_scalar()) {
    return path->text;
  }
  const node* key = code.find("S3Key");
  constexpr std::string_view ending = ".zip";
  constexpr std::size_t hash_letters = 64;
  if (key != nullptr && key->is_scalar() && key->text.size() == hash_letters + ending.size() &&
      key->text.ends_with(ending)) {
    return "asset." + key->text.substr(0, hash_letters);
  }
  return std::nullopt;
}

}  // namespace

std::optional<named_path> read_code(const model& in, const resource& of, std::string_view property_name) {
  const node code = in.values.property(of, property_name);
  const bool is_sam = property_name.ends_with("Uri");
  const auto found = [&](const std::string& path, place at) {
    return named_path{in.path_of(path), in.notes.text_of(at)};
  };
  if (code.is_null()) {
    if (is_sam) {
      return found(".", of.at);
    }
    in.notes.fail(of.at, errc::invalid_argument, of.id + " has no " + std::string(property_name));
    return std::nullopt;
  }
  if (code.is_scalar() && !code.unresolved && !is_remote(code.text)) {
    return found(code.text, code.at);
  }
  if (const auto path = asset_path(of, code)) {
    return found(*path, code.at);
  }
  if (code.find("ZipFile") != nullptr) {
    in.notes.unsupported(code.at, "code in the template itself (ZipFile) of " + of.id);
  } else {
    in.notes.warn(code.at, std::string(property_name) + " of " + of.id +
                               " lies on AWS, so it cannot be run here; give it the path of a folder or .zip");
  }
  return std::nullopt;
}

}  // namespace kelvin::templates
