#pragma once

#include "emulator/template/diagnostics.hpp"
#include "emulator/template/project.hpp"
#include "emulator/template/resolver.hpp"
#include "emulator/template/resource.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::templates {

/// Gives the text of a file; `path` is the folder of the template and what the template names.
using file_reader = std::function<result<std::string>(const std::string& path)>;

/// A template being read: what all its readers work with.
struct model {
  const node& document;
  std::vector<resource>& resources;  ///< those whose condition holds
  resolver& values;
  diagnostics& notes;
  std::string folder;        ///< of the template
  const file_reader& files;  ///< for what templates include
  project& into;

  /// The function of this template that a name or an ARN means; nullptr if there is none.
  const function_description* function_of(const std::string& name_or_arn) const;
  /// `folder`/`path`, or an absolute path as it is.
  std::string path_of(const std::string& path) const;
};

// Scalars of resolved values. A value that is something else is an error with its line; one that only AWS knows is
// said and taken as not given. `name` is for messages.
std::optional<std::string> text_in(const model& in, const node* value, std::string_view name);
std::optional<unsigned> number_in(const model& in, const node* value, std::string_view name, unsigned least,
                                  unsigned most);
bool truth_in(const model& in, const node* value, std::string_view name, bool preset);
/// A list of texts, or a single text as a list of one.
std::vector<std::string> texts_in(const model& in, const node* value, std::string_view name);

/// The name in a function's ARN, in the URI of an integration, or the text itself; empty if there is none.
std::string function_name_in(std::string_view text);

/// `GET` for `get`.
std::string upper(std::string text);
std::string lower(std::string text);

}  // namespace kelvin::templates
