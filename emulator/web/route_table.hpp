#pragma once

#include "emulator/function/api_configuration.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::web {

/// Where a path of an API leads.
struct route_match {
  const api_stage* stage = nullptr;         ///< null: no stage takes the path, and there is no route
  std::string_view stage_path;              ///< the path behind the stage, as sent; starts with `/`
  const api_route* route = nullptr;         ///< null: nothing is there
  std::vector<name_value> path_parameters;  ///< as sent: percent-encoded, a greedy one without its leading slash
};

/// An API's routes, made ready for look-up: one look-up costs the depth of the path, not the number of
/// routes (contract: http-front-doors, 2.4 and 3).
class route_table {
 public:
  /// The configuration must outlive the table.
  explicit route_table(const api_configuration& api);
  route_table(route_table&&) noexcept;
  route_table& operator=(route_table&&) noexcept;
  ~route_table();

  /// `method` as sent; `path` as sent, without query. With `stage` the stage is chosen already and `path` is
  /// what follows it; else an HTTP API finds it in the path's first segment, or takes `$default`; a REST API
  /// takes the first segment where it names a stage, else its first stage. Function URLs and load balancers
  /// have one stage, which is never in the path.
  route_match find(std::string_view method, std::string_view path, std::optional<std::string_view> stage) const;

 private:
  class tree;
  std::unique_ptr<tree> tree_;
};

}  // namespace kelvin::web
