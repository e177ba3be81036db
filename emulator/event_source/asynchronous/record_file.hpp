#pragma once

#include "runtime-api/base/result.hpp"

#include <string>

namespace kelvin {

/// Appends a JSON document as one line to the file, which is made if it is not there. Line ends
/// inside the document become spaces: valid JSON has them between its tokens only.
/// Errors: system_failure, with the file's name and the reason.
result<void> append_record(const std::string& path, std::string document);

/// Whether append_record() could write there; makes the file. Errors: as append_record().
result<void> check_record_file(const std::string& path);

}  // namespace kelvin
