#include "emulator/template/read_resources.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace kelvin::templates {
namespace {

/// Properties of AWS::Serverless::Function that SAM moves to resources of their own, which may well need the
/// function and what it needs.
constexpr std::array<std::string_view, 8> moved_away = {"Events",
                                                        "Policies",
                                                        "DeploymentPreference",
                                                        "AutoPublishAlias",
                                                        "EventInvokeConfig",
                                                        "FunctionUrlConfig",
                                                        "ProvisionedConcurrencyConfig",
                                                        "Connectors"};

/// Logical ids that a text of Fn::Sub names.
void names_in(std::string_view text, std::set<std::string>& names) {
  for (auto begin = text.find("${"); begin != std::string_view::npos; begin = text.find("${", begin + 2)) {
    const auto end = text.find_first_of(".}", begin);
    if (end != std::string_view::npos) {
      names.emplace(text.substr(begin + 2, end - begin - 2));
    }
  }
}

void collect(const node& value, std::set<std::string>& names) {
  const std::string_view call = value.only_name();
  if (call == "Ref" || call == "Fn::GetAtt") {
    const node& argument = value.members.front().value;
    const std::string& text = argument.is_list() && !argument.items.empty() ? argument.items[0].text : argument.text;
    names.insert(text.substr(0, text.find('.')));
    return;
  }
  if (call == "Fn::Sub") {
    const node& argument = value.members.front().value;
    names_in(argument.is_list() && !argument.items.empty() ? argument.items[0].text : argument.text, names);
  }
  for (const node& each : value.items) {
    collect(each, names);
  }
  for (const member& each : value.members) {
    collect(each.value, names);
  }
}

std::set<std::string> needs_of(const resource& of) {
  std::set<std::string> names(of.depends_on.begin(), of.depends_on.end());
  for (const member& each : of.properties.members) {
    const bool moved = of.type == "AWS::Serverless::Function" &&
                       std::find(moved_away.begin(), moved_away.end(), each.name) != moved_away.end();
    if (!moved) {
      collect(each.value, names);
    }
  }
  return names;
}

class circle_search {
 public:
  circle_search(const std::vector<resource>& all, diagnostics& notes) : notes_(notes) {
    for (const resource& each : all) {
      resources_.emplace(each.id, entry{&each, needs_of(each)});
    }
  }

  void run() {
    for (const auto& [id, of] : resources_) {
      visit(id);
    }
  }

 private:
  struct entry {
    const resource* of;
    std::set<std::string> needs;
  };
  static constexpr std::size_t chain_max = 1000;

  void visit(const std::string& id) {
    const auto found = resources_.find(id);
    if (found == resources_.end() || done_.contains(id) || path_.size() > chain_max) {
      return;
    }
    const auto again = std::find(path_.begin(), path_.end(), id);
    if (again != path_.end()) {
      std::string chain;
      for (auto each = again; each != path_.end(); ++each) {
        chain += *each + " (line " + std::to_string(resources_.at(*each).of->at.line) + ") -> ";
      }
      notes_.fail(found->second.of->at, errc::invalid_argument,
                  "resources that need each other in a circle, which AWS refuses: " + chain + id);
      return;
    }
    path_.push_back(id);
    for (const std::string& needed : found->second.needs) {
      visit(needed);
    }
    path_.pop_back();
    done_.insert(id);
  }

  diagnostics& notes_;
  std::map<std::string, entry> resources_;
  std::set<std::string> done_;
  std::vector<std::string> path_;
};

}  // namespace

void check_circular_references(const std::vector<resource>& all, diagnostics& notes) {
  circle_search(all, notes).run();
}

}  // namespace kelvin::templates
