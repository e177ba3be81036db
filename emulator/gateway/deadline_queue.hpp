#pragma once

#include "runtime-api/base/clock.hpp"

#include <functional>
#include <map>
#include <memory>

namespace kelvin {

/// Many deadlines on one alarm. One that is given up costs the loop nothing, so that each request can have its own:
/// the alarm stays where it was, and looks for the next deadline when it is due.
class deadline_queue {
 public:
  /// A deadline that counts while this lives. It may outlive the queue, which then calls nobody.
  class deadline;

  /// `time` must outlive the queue.
  explicit deadline_queue(kelvin::clock& time);
  ~deadline_queue();
  deadline_queue(const deadline_queue&) = delete;
  deadline_queue& operator=(const deadline_queue&) = delete;

  /// Calls `on_due` once, at `due` or as soon after it as the loop can; never from within add(). It may end deadlines,
  /// add some, and destroy the queue.
  [[nodiscard]] std::unique_ptr<deadline> add(steady_time due, std::function<void()> on_due);

 private:
  using list = std::multimap<steady_time, deadline*>;
  struct state {
    list waiting;
    std::unique_ptr<alarm> next;
  };
  static void call_due(const std::weak_ptr<state>& of, const kelvin::clock& time);

  std::shared_ptr<state> state_;
};

class deadline_queue::deadline {
 public:
  deadline(std::shared_ptr<state> of, steady_time due, std::function<void()> on_due);
  ~deadline();
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;

 private:
  friend class deadline_queue;
  std::shared_ptr<state> state_;
  std::function<void()> on_due_;
  list::iterator place_;  ///< the list's end once it was called
};

}  // namespace kelvin
