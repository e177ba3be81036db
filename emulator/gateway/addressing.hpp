#pragma once

#include <string_view>

namespace kelvin {

/// Which API a request is for, by its Host field or the beginning of its path.
struct address {
  enum class kind {
    default_api,   ///< the run's first or only API, at the root
    api,           ///< `/_aws/execute-api/NAME/STAGE/…`, Host `NAME.execute-api.localhost`
    function_url,  ///< `/lambda-url/NAME/…`, Host `NAME.lambda-url.localhost`
  };
  kind what = kind::default_api;
  std::string_view name;  ///< of the API or function, as sent; empty at the root
  std::string_view path;  ///< what is left, as sent; empty instead of `/` where nothing is left
};

/// `host` is a whole Host field; its name counts before the path. Views into the arguments.
address find_address(std::string_view host, std::string_view path) noexcept;

}  // namespace kelvin
