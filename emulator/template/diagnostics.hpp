#pragma once

#include "emulator/template/node.hpp"
#include "runtime-api/base/result.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kelvin::templates {

/// What is to be said about a template, each thing once, with its place.
class diagnostics {
 public:
  /// `file`: how messages call the template.
  explicit diagnostics(std::string file) : files_{std::move(file)} {}

  /// The number of a further file, for the places in it.
  unsigned add_file(std::string shown);
  const std::string& file(unsigned number) const { return files_.at(number); }
  /// `FILE:LINE`.
  std::string text_of(place at) const;

  void warn(place at, const std::string& what) { add(warnings_, at, what); }
  /// What is in the template and this version does not do.
  void unsupported(place at, const std::string& what) { warn(at, what + ": not supported in this version"); }
  /// The template cannot be used. `code` of the first one counts.
  void fail(place at, errc code, const std::string& what);

  bool failed() const noexcept { return !errors_.empty(); }
  /// All errors in the order of their places, one a line, at most ten. Precondition: failed().
  failure error() const;
  /// In the order of their places, each as `FILE:LINE: …`.
  std::vector<std::string> warnings() const;

 private:
  using key = std::pair<std::pair<unsigned, unsigned>, std::string>;  ///< file, line, text
  static void add(std::set<key>& to, place at, const std::string& what);

  std::vector<std::string> files_;
  std::set<key> warnings_;
  std::set<key> errors_;
  errc code_ = errc::invalid_argument;
};

}  // namespace kelvin::templates
