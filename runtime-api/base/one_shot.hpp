#pragma once

#include "runtime-api/base/awaitable.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <cassert>
#include <memory>
#include <optional>
#include <utility>

namespace kelvin {

/// One value from one setter to one waiter on the same thread. The waiter is resumed through the
/// loop, not from inside set(), so a setter's own state is settled before the waiter sees it.
/// Destroying a one_shot that is waited for destroys the waiting coroutine's frame.
template <class T>
class one_shot {
 public:
  bool is_set() const noexcept { return value_.has_value() || delivered_; }

  /// Precondition: not set before.
  void set(T value) {
    assert(!is_set());
    if (waiter_) {
      delivered_ = true;
      std::exchange(waiter_, nullptr)->complete(std::move(value));
    } else {
      value_.emplace(std::move(value));
    }
  }

  /// As set(), but resumes the waiter from inside, which saves a turn of the loop: for a setter that does nothing
  /// after it. Precondition: not set before; called on the loop.
  void set_at_last(T value) {
    assert(!is_set());
    if (waiter_) {
      delivered_ = true;
      std::exchange(waiter_, nullptr)->complete_now(std::move(value));
    } else {
      value_.emplace(std::move(value));
    }
  }

  /// Precondition: waited for once.
  awaitable<T> wait() {
    if (value_) {
      delivered_ = true;
      T value = std::move(*value_);
      value_.reset();
      co_return value;
    }
    co_return co_await boost::asio::async_initiate<decltype(use_awaitable), void(T)>(
        [this](auto handler) { waiter_ = std::make_unique<waiter<decltype(handler)>>(std::move(handler)); },
        use_awaitable);
  }

 private:
  struct waiter_base {
    virtual ~waiter_base() = default;
    virtual void complete(T value) = 0;
    virtual void complete_now(T value) = 0;
  };

  template <class Handler>
  struct waiter final : waiter_base {
    explicit waiter(Handler given) : handler(std::move(given)) {}
    void complete(T value) override { boost::asio::post(boost::asio::append(std::move(handler), std::move(value))); }
    void complete_now(T value) override {
      boost::asio::dispatch(boost::asio::append(std::move(handler), std::move(value)));
    }
    Handler handler;
  };

  std::unique_ptr<waiter_base> waiter_;
  std::optional<T> value_;
  bool delivered_ = false;
};

}  // namespace kelvin
