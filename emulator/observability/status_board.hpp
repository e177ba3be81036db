#pragma once

#include "emulator/observability/function_status.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelvin {

/// What is known of every watched function, for the terminal and `/_kelvin/functions`. It says so when it changes.
class status_board {
 public:
  /// Changes the entry of a function, which is made if there is none; listeners are called afterwards.
  void change(const std::string& function, const std::function<void(function_status&)>& how);
  /// Forgets a function.
  void remove(const std::string& function);

  /// What is wrong with what describes the functions; empty: nothing is.
  void set_project_problem(std::string problem);
  const std::string& project_problem() const noexcept { return project_problem_; }

  /// Null: it is not watched.
  const function_status* find(std::string_view function) const;
  /// All, by name.
  std::vector<const function_status*> all() const;

  /// Has it called after each change, on the loop; what it captures must outlive the board.
  void listen(std::function<void()> listener) { listeners_.push_back(std::move(listener)); }

 private:
  void tell() const;

  std::map<std::string, function_status, std::less<>> functions_;
  std::string project_problem_;
  std::vector<std::function<void()>> listeners_;
};

}  // namespace kelvin
