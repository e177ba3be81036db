#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kelvin {

/// The one executor of the program. Naming it, instead of any_io_executor, spares every socket and
/// timer a type-erased call.
using executor = boost::asio::io_context::executor_type;

template <class T = void>
using awaitable = boost::asio::awaitable<T, executor>;

/// Throws boost::system::system_error on failure: only where ending the coroutine is right.
inline constexpr boost::asio::use_awaitable_t<executor> use_awaitable{};

/// Returns the error code beside the result instead of throwing.
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<executor>> as_tuple{};

}  // namespace kelvin
