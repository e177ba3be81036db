#pragma once

#include "emulator/template/describe_template.hpp"
#include "tests/support/failure_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace kelvin::templates::test {

using kelvin::test::contains;

/// What a template is read with in a test; `included` stands for the files it names.
struct reading {
  template_options options;
  std::map<std::string, std::string> included;

  result<project> read(const std::string& text) {
    options.files = [this](const std::string& path) -> result<std::string> {
      const auto found = included.find(path);
      return found == included.end() ? result<std::string>(fail(errc::not_found, "cannot read " + path))
                                     : result<std::string>(found->second);
    };
    return describe_template(text, "dir/t.yaml", options);
  }
  project describe(const std::string& text) {
    auto made = read(text);
    REQUIRE(kelvin::test::succeeds(made));
    return std::move(*made);
  }
  std::string refuse(const std::string& text, errc code = errc::invalid_argument) {
    return kelvin::test::failure_text(read(text), code);
  }
};

/// Whether one of the warnings holds all the parts.
template <class... Parts>
bool warned(const project& made, const Parts&... parts) {
  const bool found = std::any_of(made.warnings.begin(), made.warnings.end(), [&](const std::string& each) {
    return ((each.find(parts) != std::string::npos) && ...);
  });
  if (!found) {
    for (const std::string& each : made.warnings) {
      MESSAGE(each);
    }
  }
  return found;
}

/// A template of one function F with more properties, indented by six blanks.
inline std::string one_function(const std::string& properties, const std::string& before = "",
                                const std::string& behind = "") {
  return before +
         "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: f/\n"
         "      Runtime: provided.al2023\n" +
         properties + behind;
}

/// The value of the variable VV of function F, whose declaration is given.
inline std::string value_of(const std::string& declared, const std::string& before = "",
                            const std::string& behind = "") {
  reading with;
  const project made = with.describe(
      one_function("      Environment:\n        Variables:\n          VV: " + declared + "\n", before, behind));
  return made.functions.at(0).variables.at("VV");
}

inline const api_configuration& only_api(const project& made) {
  REQUIRE(made.apis.size() == 1);
  return made.apis.front();
}

/// The route of an API; fails the test if there is none.
inline const api_route& route_of(const api_configuration& api, const std::string& method, const std::string& path) {
  const auto found = std::find_if(api.routes.begin(), api.routes.end(),
                                  [&](const auto& each) { return each.method == method && each.path == path; });
  REQUIRE_MESSAGE(found != api.routes.end(), method << " " << path);
  return *found;
}

}  // namespace kelvin::templates::test
