#include "emulator/observability/status_board.hpp"

#include <utility>

namespace kelvin {

void status_board::change(const std::string& function, const std::function<void(function_status&)>& how) {
  function_status& entry = functions_[function];
  entry.name = function;
  how(entry);
  tell();
}

void status_board::remove(const std::string& function) {
  if (functions_.erase(function) != 0) {
    tell();
  }
}

void status_board::set_project_problem(std::string problem) {
  if (problem != project_problem_) {
    project_problem_ = std::move(problem);
    tell();
  }
}

const function_status* status_board::find(std::string_view function) const {
  const auto found = functions_.find(function);
  return found == functions_.end() ? nullptr : &found->second;
}

std::vector<const function_status*> status_board::all() const {
  std::vector<const function_status*> made;
  made.reserve(functions_.size());
  for (const auto& [name, each] : functions_) {
    made.push_back(&each);
  }
  return made;
}

void status_board::tell() const {
  for (const auto& each : listeners_) {
    each();
  }
}

}  // namespace kelvin
