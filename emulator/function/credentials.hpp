#pragma once

#include "emulator/function/function_configuration.hpp"
#include "runtime-api/base/result.hpp"

#include <string>

namespace kelvin {

/// Keys that sign requests but open nothing.
account_configuration::credentials_values dummy_credentials();

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if set, AWS_SESSION_TOKEN of kelvin's own environment.
/// Errors: not_found, which names the missing variable.
result<account_configuration::credentials_values> environment_credentials();

/// The static keys of a profile in the shared files of the AWS CLI: `[NAME]` in
/// AWS_SHARED_CREDENTIALS_FILE (else ~/.aws/credentials), else `[profile NAME]` in AWS_CONFIG_FILE
/// (else ~/.aws/config).
/// Errors: not_found (no such profile or no keys in it; the files looked at are named),
/// invalid_argument (a line that is none of an INI file), unsupported (single sign-on, a role, a
/// web identity, a credential process or a login session, which is named).
result<account_configuration::credentials_values> profile_credentials(const std::string& profile);

}  // namespace kelvin
