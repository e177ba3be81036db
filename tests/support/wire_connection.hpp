#pragma once

#include "runtime-api/base/awaitable.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelvin::test {

/// One HTTP answer as it came over the wire.
struct wire_answer {
  std::string head;  ///< status line and fields, with the empty line that ends them
  std::string body;

  unsigned status() const { return head.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(head.substr(9, 3))); }

  /// First value of that field (any case), empty if there is none.
  std::string field(std::string_view name) const {
    std::string lower_head = head;
    std::string wanted = "\r\n" + std::string(name) + ": ";
    const auto lower = [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); };
    std::transform(lower_head.begin(), lower_head.end(), lower_head.begin(), lower);
    std::transform(wanted.begin(), wanted.end(), wanted.begin(), lower);
    const auto at = lower_head.find(wanted);
    if (at == std::string::npos) {
      return {};
    }
    const auto begin = at + wanted.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }

  /// Head and body without what every answer's session adds: Date, Content-Length and Connection.
  std::string essence() const {
    std::string text = head;
    for (const std::string_view added : {"\r\nDate: ", "\r\nContent-Length: ", "\r\nConnection: "}) {
      if (const auto at = text.find(added); at != std::string::npos) {
        text.erase(at, text.find("\r\n", at + 2) - at);
      }
    }
    return text + body;
  }
};

/// A client's socket on which a test says and hears every byte.
class wire_connection {
 public:
  explicit wire_connection(boost::asio::io_context& context) : socket_(context.get_executor()) {}

  /// `endpoint`: `127.0.0.1:<port>`.
  awaitable<void> connect(std::string endpoint) {
    const auto port = static_cast<std::uint16_t>(std::stoul(endpoint.substr(endpoint.rfind(':') + 1)));
    const boost::asio::ip::tcp::endpoint peer(boost::asio::ip::address_v4::loopback(), port);
    co_await socket_.async_connect(peer, use_awaitable);
  }
  bool is_open() const { return socket_.is_open(); }

  awaitable<void> send(std::string bytes) {
    co_await boost::asio::async_write(socket_, boost::asio::buffer(bytes), use_awaitable);
  }

  /// One whole answer, by its Content-Length. Throws if the peer closes before its end.
  awaitable<wire_answer> receive() {
    while (received_.find("\r\n\r\n") == std::string::npos) {
      co_await read_more();
    }
    wire_answer answer;
    answer.head = take(received_.find("\r\n\r\n") + 4);
    const std::string length = answer.field("Content-Length");
    const std::size_t size = length.empty() ? 0 : std::stoul(length);
    while (received_.size() < size) {
      co_await read_more();
    }
    answer.body = take(size);
    co_return answer;
  }

  /// Whether the peer closes, or resets, without sending anything more.
  awaitable<bool> receive_end() {
    std::array<char, 1> byte;
    const auto [error, count] = co_await socket_.async_read_some(boost::asio::buffer(byte), as_tuple);
    co_return error&& count == 0;
  }

  void shutdown_send() { socket_.shutdown(boost::asio::socket_base::shutdown_send); }
  void close() { socket_.close(); }
  /// Ends the connection as a killed process with unread bytes does.
  void close_with_reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }

 private:
  awaitable<void> read_more() {
    const std::size_t count = co_await socket_.async_read_some(boost::asio::buffer(piece_), use_awaitable);
    received_.append(piece_.data(), count);
  }

  std::string take(std::size_t count) {
    std::string taken = received_.substr(0, count);
    received_.erase(0, count);
    return taken;
  }

  boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor> socket_;
  std::vector<char> piece_ = std::vector<char>(16 * 1024);
  std::string received_;
};

}  // namespace kelvin::test
