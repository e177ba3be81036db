#include "runtime-api/base/errc.hpp"

#include <string>

namespace kelvin {
namespace {

class category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "kelvin"; }

  std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::invalid_argument: return "invalid argument";
      case errc::not_found: return "not found";
      case errc::permission_denied: return "permission denied";
      case errc::not_executable: return "not executable";
      case errc::address_in_use: return "address in use";
      case errc::body_too_large: return "body too large";
      case errc::message_truncated: return "message truncated";
      case errc::malformed_message: return "malformed message";
      case errc::connection_closed: return "connection closed";
      case errc::timed_out: return "timed out";
      case errc::limit_reached: return "limit reached";
      case errc::unsupported: return "not supported";
      case errc::invalid_state: return "not allowed in this state";
      case errc::system_failure: return "system failure";
    }
    return "unknown failure " + std::to_string(value);
  }
};

}  // namespace

const boost::system::error_category& kelvin_category() noexcept {
  static const category instance;
  return instance;
}

}  // namespace kelvin
