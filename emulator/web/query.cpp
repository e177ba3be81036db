#include "emulator/web/query.hpp"

#include "emulator/web/percent_encoding.hpp"

#include <algorithm>
#include <string>

namespace kelvin::web {

multi_value_map parse_query(std::string_view query, query_text text) {
  const auto read = [text](std::string_view part) {
    return text == query_text::decoded ? percent_decoded(part, plus_sign::space) : std::string(part);
  };
  multi_value_map parameters(multi_value_map::names::exact);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) {
      continue;
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    parameters.add(read(pair.substr(0, equals)), read(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return parameters;
}

}  // namespace kelvin::web
