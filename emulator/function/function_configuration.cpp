#include "emulator/function/function_configuration.hpp"

namespace kelvin {

std::string function_arn(const account_configuration& account, const std::string& function_name) {
  return "arn:aws:lambda:" + account.region + ":" + account.account_id + ":function:" + function_name;
}

}  // namespace kelvin
