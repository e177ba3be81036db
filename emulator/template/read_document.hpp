#pragma once

#include "emulator/template/node.hpp"
#include "runtime-api/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kelvin::templates {

// What a document may be. AWS takes templates of up to 1 MB; the others are ours.
inline constexpr std::size_t document_bytes = 1024 * 1024;
inline constexpr std::size_t document_nodes = 200'000;  ///< with every alias counted as what it stands for
inline constexpr unsigned document_depth = 100;

/// Reads one YAML 1.1 or JSON document: anchors, merge keys and CloudFormation's short tags. `file` is the
/// number that goes into every place, `shown` how messages call the file.
/// Errors: invalid_argument (not YAML, a name twice, an unknown tag), limit_reached. The detail begins with
/// `shown:LINE:COLUMN`.
result<node> read_document(std::string_view text, const std::string& shown, unsigned file = 0);

}  // namespace kelvin::templates
