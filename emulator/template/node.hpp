#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::templates {

/// Where something stands: `file` counts the files that were read, the template itself is 0.
struct place {
  unsigned file = 0;
  unsigned line = 0;    ///< from 1; 0: nowhere
  unsigned column = 0;  ///< from 1
};

enum class node_kind { null, scalar, list, map };

struct member;

/// One value of a document. Short tags (`!Ref x`) are in their long form: a map with the member `Ref`.
struct node {
  node_kind kind = node_kind::null;
  place at;
  std::string text;             ///< scalar: as written, without quotes
  bool quoted = false;          ///< scalar: in quotes, so neither a number nor a truth value
  bool unresolved = false;      ///< scalar: holds what is known on AWS only; `text` has names in its place
  std::vector<node> items;      ///< list
  std::vector<member> members;  ///< map, in the order of the document; every name once

  bool is_scalar() const noexcept { return kind == node_kind::scalar; }
  bool is_list() const noexcept { return kind == node_kind::list; }
  bool is_map() const noexcept { return kind == node_kind::map; }
  bool is_null() const noexcept { return kind == node_kind::null; }
  /// A map's member, in a chain of names one inside the other; nullptr if any is not there or null.
  const node* find(std::string_view name) const noexcept;
  template <class... Names>
  const node* find(std::string_view name, Names... further) const noexcept {
    const node* found = find(name);
    return found == nullptr ? nullptr : found->find(further...);
  }
  /// The name of the only member of a map that has one member; else empty.
  std::string_view only_name() const noexcept;
};

struct member {
  std::string name;
  place at;  ///< of the name
  node value;
};

node make_scalar(std::string text, place at);

/// YAML 1.1's truth values where they are not in quotes, `true` and `false` also where they are.
bool is_true(const node* value) noexcept;
bool is_false(const node* value) noexcept;

}  // namespace kelvin::templates
