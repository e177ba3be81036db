#pragma once

#include "emulator/template/model.hpp"
#include "emulator/template/project.hpp"
#include "emulator/template/read_functions.hpp"
#include "emulator/template/resolver.hpp"
#include "runtime-api/base/result.hpp"

#include <string>
#include <string_view>

namespace kelvin::templates {

/// What a template is read with.
struct template_options {
  resolver_facts facts;
  variable_overrides variables;
  file_reader files;  ///< never empty
};

/// What the template describes. `file` is its path, for messages and for the paths in it.
/// Errors: those of read_document(), and invalid_argument or unsupported for what is wrong with the template: all
/// of it, a line each, every one with `FILE:LINE`.
result<project> describe_template(std::string_view text, const std::string& file, const template_options& options);

}  // namespace kelvin::templates
