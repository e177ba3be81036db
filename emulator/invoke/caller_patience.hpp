#pragma once

#include <memory>
#include <utility>

namespace kelvin {

/// An invocation that a caller waits for, and may stop waiting for.
class abandonable {
 public:
  /// The caller gets a service_failure now; the function runs on. False: there is an outcome already.
  virtual bool abandon() = 0;

 protected:
  ~abandonable() = default;
};

/// How long a caller waits for the outcome of an invocation, where that may end before the function does: on AWS, too,
/// a function is not stopped when a front door's own time is over.
class caller_patience {
 public:
  /// For the invoker: what is given up when the patience ends.
  void is_for(std::weak_ptr<abandonable> invocation) { invocation_ = std::move(invocation); }
  /// invoke() returns soon. False: it does so anyway, with an outcome or without having waited for one.
  bool end() {
    const auto waiting = invocation_.lock();
    return waiting && waiting->abandon();
  }

 private:
  std::weak_ptr<abandonable> invocation_;
};

}  // namespace kelvin
