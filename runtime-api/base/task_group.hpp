#pragma once

#include "runtime-api/base/awaitable.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace kelvin {

/// Owns the coroutines it spawns in the sense that it knows how many are left. A group may be
/// destroyed before its tasks have ended: they run on, and their exceptions are then dropped.
class task_group {
 public:
  /// `on_exception` gets what escapes a task, on the loop; it must not throw.
  task_group(boost::asio::io_context& context, std::function<void(std::exception_ptr)> on_exception);
  ~task_group();
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;

  /// Starts the task through the loop, never from inside spawn().
  void spawn(awaitable<void> task);
  /// Tasks that have not ended.
  std::size_t size() const noexcept;
  /// Returns once no task is left, at once if there is none. The group must outlive the wait.
  awaitable<void> wait_empty();

 private:
  struct state;
  boost::asio::io_context& context_;
  std::shared_ptr<state> state_;
};

}  // namespace kelvin
