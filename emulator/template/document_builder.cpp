#include "emulator/template/document_builder.hpp"

#include "emulator/template/read_document.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace kelvin::templates {
namespace {

constexpr std::string_view standard_tag = "tag:yaml.org,2002:";
constexpr std::string_view merge_key = "<<";

constexpr std::array<std::string_view, 20> functions = {
    "Base64", "Cidr",         "FindInMap", "GetAZs",        "GetAtt", "If",  "ImportValue", "Join",
    "Select", "Split",        "Sub",       "And",           "Equals", "Not", "Or",          "ForEach",
    "Length", "ToJsonString", "Transform", "GetStackOutput"};

std::size_t size_of(const node& value) {
  std::size_t nodes = 1;
  for (const node& each : value.items) {
    nodes += size_of(each);
  }
  for (const member& each : value.members) {
    nodes += size_of(each.value);
  }
  return nodes;
}

unsigned depth_of(const node& value) {
  unsigned deepest = 0;
  for (const node& each : value.items) {
    deepest = std::max(deepest, depth_of(each));
  }
  for (const member& each : value.members) {
    deepest = std::max(deepest, depth_of(each.value));
  }
  return deepest + 1;
}

}  // namespace

void document_builder::fail_at(place at, errc code, const std::string& what) {
  if (!failure_) {
    failure_ = fail(code, shown_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + what);
  }
}

bool document_builder::count(place at, std::size_t nodes) {
  nodes_ += nodes;
  if (nodes_ <= document_nodes) {
    return true;
  }
  fail_at(at, errc::limit_reached,
          "the document has more than " + std::to_string(document_nodes) +
              " values, each alias counted as what it stands for; split it");
  return false;
}

std::optional<std::string> document_builder::intrinsic_of(std::string_view tag, place at) {
  if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with(standard_tag)) {
    return std::string();
  }
  const std::string_view name = tag.substr(tag.starts_with('!') ? 1 : 0);
  if (name == "Ref" || name == "Condition") {
    return std::string(name);
  }
  if (std::find(functions.begin(), functions.end(), name) != functions.end()) {
    return "Fn::" + std::string(name);
  }
  fail_at(at, errc::invalid_argument,
          "unknown intrinsic function " + std::string(tag) +
              "; CloudFormation has !Ref, !GetAtt, !Sub, !Join, !Select, !Split, !FindInMap, !Base64, !If and the "
              "like, in exactly this case");
  return std::nullopt;
}

void document_builder::scalar(place at, std::string_view tag, std::size_t anchor, std::string text) {
  const auto intrinsic = failed() ? std::nullopt : intrinsic_of(tag, at);
  if (!intrinsic || !count(at, 1)) {
    return;
  }
  open_node made;
  made.value = make_scalar(std::move(text), at);
  made.value.quoted = tag == "!";
  made.intrinsic = *intrinsic;
  made.anchor = anchor;
  finish(std::move(made));
}

void document_builder::null(place at, std::size_t anchor) {
  if (failed() || !count(at, 1)) {
    return;
  }
  open_node made;
  made.value.at = at;
  made.anchor = anchor;
  finish(std::move(made));
}

void document_builder::alias(place at, std::size_t anchor) {
  if (failed()) {
    return;
  }
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    return fail_at(at, errc::invalid_argument, "the alias stands inside of what it is an alias for");
  }
  if (!count(at, sizes_.at(anchor))) {
    return;
  }
  if (open_.size() + depth_of(found->second) > document_depth) {
    return fail_at(at, errc::limit_reached, "more than " + std::to_string(document_depth) + " levels deep");
  }
  add(found->second);
}

void document_builder::begin(place at, std::string_view tag, std::size_t anchor, node_kind kind) {
  const auto intrinsic = failed() ? std::nullopt : intrinsic_of(tag, at);
  if (!intrinsic || !count(at, 1)) {
    return;
  }
  if (open_.size() >= document_depth) {
    return fail_at(at, errc::limit_reached, "more than " + std::to_string(document_depth) + " levels deep");
  }
  open_node made;
  made.value.kind = kind;
  made.value.at = at;
  made.intrinsic = *intrinsic;
  made.anchor = anchor;
  open_.push_back(std::move(made));
}

void document_builder::end() {
  if (failed()) {
    return;
  }
  open_node done = std::move(open_.back());
  open_.pop_back();
  for (node& each : std::exchange(done.merged, {})) {
    merge_into(done, std::move(each));
  }
  finish(std::move(done));
}

void document_builder::finish(open_node done) {
  if (!done.intrinsic.empty()) {
    node long_form;
    long_form.kind = node_kind::map;
    long_form.at = done.value.at;
    long_form.members.push_back({std::move(done.intrinsic), done.value.at, std::move(done.value)});
    done.value = std::move(long_form);
  }
  if (done.anchor != 0) {
    sizes_.insert_or_assign(done.anchor, size_of(done.value));
    anchors_.insert_or_assign(done.anchor, done.value);
  }
  add(std::move(done.value));
}

void document_builder::add(node value) {
  if (open_.empty()) {
    root_ = std::move(value);
    return;
  }
  open_node& into = open_.back();
  if (into.value.is_list()) {
    into.value.items.push_back(std::move(value));
  } else {
    add_member(into, std::move(value));
  }
}

void document_builder::add_member(open_node& into, node value) {
  if (!std::exchange(into.has_name, !into.has_name)) {
    if (!value.is_scalar() && !value.is_null()) {
      return fail_at(value.at, errc::invalid_argument, "a name must be a text, here is a list or a map");
    }
    into.name = value.is_null() ? "null" : std::move(value.text);
    into.name_at = value.at;
    if (into.name == merge_key) {
      return;
    }
    const auto [earlier, is_new] = into.lines.emplace(into.name, into.name_at.line);
    if (!is_new) {
      fail_at(into.name_at, errc::invalid_argument,
              "`" + into.name + "` is there twice, the first time in line " + std::to_string(earlier->second) +
                  "; take one out");
    }
    return;
  }
  if (into.name == merge_key) {
    if (value.is_list()) {
      std::move(value.items.begin(), value.items.end(), std::back_inserter(into.merged));
    } else {
      into.merged.push_back(std::move(value));
    }
    return;
  }
  into.value.members.push_back({std::move(into.name), into.name_at, std::move(value)});
}

void document_builder::merge_into(open_node& into, node from) {
  if (!from.is_map()) {
    return fail_at(from.at, errc::invalid_argument, "what is merged by `<<` must be a map or a list of maps");
  }
  for (member& each : from.members) {
    if (into.lines.emplace(each.name, each.at.line).second) {
      into.value.members.push_back(std::move(each));
    }
  }
}

result<node> document_builder::take() {
  if (failure_) {
    return *failure_;
  }
  if (!root_) {
    return fail(errc::invalid_argument, shown_ + ":1:1: the file holds no document");
  }
  return std::move(*root_);
}

}  // namespace kelvin::templates
