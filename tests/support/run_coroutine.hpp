#pragma once

#include "runtime-api/base/awaitable.hpp"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace kelvin::test {

/// Runs the loop until `is_done` or until the limit has passed; whether it was done. Handlers that are
/// ready are always run first.
template <class Condition>
bool run_until(boost::asio::io_context& context, Condition is_done,
               std::chrono::steady_clock::duration limit = std::chrono::seconds(10)) {
  const auto until = std::chrono::steady_clock::now() + limit;
  context.restart();
  context.poll();
  while (!is_done()) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= left.zero()) {
      return false;
    }
    context.restart();
    context.run_one_for(left);
  }
  return true;
}

/// Runs the loop until the coroutine has ended and returns or throws what it did. Throws
/// std::runtime_error if it does not end in time.
template <class T>
T run_coroutine(boost::asio::io_context& context, awaitable<T> task,
                std::chrono::steady_clock::duration limit = std::chrono::seconds(20)) {
  struct ending {
    bool done = false;
    std::exception_ptr escaped;
    std::conditional_t<std::is_void_v<T>, std::optional<char>, std::optional<T>> value;
  };
  const auto end = std::make_shared<ending>();
  if constexpr (std::is_void_v<T>) {
    boost::asio::co_spawn(context.get_executor(), std::move(task), [end](std::exception_ptr escaped) {
      end->escaped = escaped;
      end->done = true;
    });
  } else {
    boost::asio::co_spawn(context.get_executor(), std::move(task), [end](std::exception_ptr escaped, T value) {
      end->escaped = escaped;
      end->value = std::move(value);
      end->done = true;
    });
  }
  if (!run_until(
          context, [&] { return end->done; }, limit)) {
    throw std::runtime_error("the coroutine did not end in time");
  }
  if (end->escaped) {
    std::rethrow_exception(end->escaped);
  }
  if constexpr (!std::is_void_v<T>) {
    return std::move(*end->value);
  }
}

}  // namespace kelvin::test
