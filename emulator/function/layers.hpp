#pragma once

#include "emulator/function/scratch_folder.hpp"
#include "runtime-api/base/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kelvin {

/// Makes the one folder that stands for /opt out of up to limits::layers folders and .zip files: a
/// single folder is used where it is; zips and several layers are put together in order in the
/// scratch folder, later ones over earlier ones, as Lambda does. nullopt without layers. Appends a
/// warning for each layer that holds extensions.
/// Errors: not_found, invalid_argument (too many, neither folder nor zip), limit_reached, as unzip().
result<std::optional<std::string>> prepare_layers(const std::vector<std::string>& layers, scratch_folder& scratch,
                                                  std::vector<std::string>& warnings);

/// The names of the files below `folder`/extensions, sorted and joined by `, `; empty if there are none.
std::string extension_names(const std::string& folder);

}  // namespace kelvin
