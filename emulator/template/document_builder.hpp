#pragma once

#include "emulator/template/node.hpp"
#include "runtime-api/base/result.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kelvin::templates {

/// Puts a tree together from the parser's events, in their order; keeps the bounds. Events behind the first
/// failure are ignored.
class document_builder {
 public:
  explicit document_builder(std::string shown) : shown_(std::move(shown)) {}

  /// `anchor` 0: none. `tag`: the parser's, `?` or empty for none, `!` for a text in quotes.
  void scalar(place at, std::string_view tag, std::size_t anchor, std::string text);
  void null(place at, std::size_t anchor);
  void alias(place at, std::size_t anchor);
  void begin(place at, std::string_view tag, std::size_t anchor, node_kind kind);
  void end();

  bool failed() const noexcept { return failure_.has_value(); }
  result<node> take();

 private:
  struct open_node {
    node value;
    std::string intrinsic;  ///< of its tag, in its long form; empty: none
    std::size_t anchor = 0;
    std::string name;  ///< map: of the member whose value comes next
    place name_at;
    bool has_name = false;
    std::map<std::string, unsigned> lines;  ///< map: of its names
    std::vector<node> merged;               ///< map: values of its merge keys
  };

  void add(node value);
  void add_member(open_node& into, node value);
  void finish(open_node done);
  void merge_into(open_node& into, node from);
  bool count(place at, std::size_t nodes);
  void fail_at(place at, errc code, const std::string& what);
  /// `Ref` for `!Ref`, `Fn::Sub` for `!Sub`; nullopt and a failure for an unknown one.
  std::optional<std::string> intrinsic_of(std::string_view tag, place at);

  std::string shown_;
  std::vector<open_node> open_;
  std::map<std::size_t, node> anchors_;
  std::map<std::size_t, std::size_t> sizes_;  ///< nodes of each anchor
  std::optional<node> root_;
  std::optional<failure> failure_;
  std::size_t nodes_ = 0;
};

}  // namespace kelvin::templates
