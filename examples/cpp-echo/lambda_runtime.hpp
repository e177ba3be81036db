#pragma once

/// A client of the AWS Lambda Runtime API in one file: C++17, POSIX sockets, no other dependency.
/// Copy it beside your main.cpp, call lambda_runtime::run_handler() and name the program `bootstrap`.
///
/// It serves one invocation at a time on one keep-alive connection, as the Lambda service expects of a custom
/// runtime (AWS documentation: "Using the Lambda runtime API for custom runtimes").

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace lambda_runtime {

/// One event and what the Lambda service says about it. Optional values are empty where the service sent none.
struct invocation {
  std::string payload;  ///< the event, byte for byte; JSON unless the caller chose otherwise
  std::string request_id;
  std::string invoked_function_arn;
  std::string trace_id;          ///< X-Ray; also in the variable _X_AMZN_TRACE_ID
  std::string client_context;    ///< JSON
  std::string cognito_identity;  ///< JSON
  std::string content_type;
  std::chrono::system_clock::time_point deadline;  ///< the service kills the function at this time

  std::chrono::milliseconds time_left() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::system_clock::now());
  }
};

/// Sends one piece of a streamed answer at once. Throws std::runtime_error if the service no longer listens.
using write_piece = std::function<void(std::string_view bytes)>;
/// Writes a streamed answer. A std::exception thrown here ends the answer as an error.
using stream_writer = std::function<void(const write_piece&)>;

/// What a handler returns: make one with success(), failure() or stream().
struct result {
  bool ok = true;
  std::string body;
  std::string content_type = "application/json";
  stream_writer writer;

  /// `body`: JSON, at most 6 MiB.
  static result success(std::string body, std::string content_type = "application/json") {
    return {true, std::move(body), std::move(content_type), {}};
  }
  /// The caller sees `{"errorMessage":message,"errorType":type}`.
  static result failure(const std::string& message, const std::string& type);
  static result stream(stream_writer writer, std::string content_type = "application/octet-stream") {
    return {true, {}, std::move(content_type), std::move(writer)};
  }
};

using handler = std::function<result(const invocation&)>;

/// `text` as a JSON string, quotes included. `text` is UTF-8.
inline std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out += '"';
}

namespace detail {

inline std::string error_json(const std::string& message, const std::string& type) {
  return "{\"errorMessage\":" + json_string(message) + ",\"errorType\":" + json_string(type) + "}";
}

inline std::string base64(std::string_view bytes) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += at + i > bytes.size() ? '=' : alphabet[group >> (18 - 6 * i) & 63];
    }
  }
  return out;
}

/// The connection failed; nothing is known about what the other side did.
struct transport_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct http_reply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// An HTTP/1.1 client for one host: keep-alive, answers with Content-Length or chunked.
class http_connection {
 public:
  /// `authority`: `host:port` with a numeric IPv4 host or `localhost`.
  explicit http_connection(std::string authority) : authority_(std::move(authority)) {}
  ~http_connection() { close(); }
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;

  /// One request and its answer.
  http_reply request(const std::string& method, const std::string& path, const std::string& headers,
                     std::string_view body) {
    const std::string length =
        method == "GET" ? std::string() : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    start(method, path, headers + length, body);
    return read_reply();
  }

  /// Sends the head of a request, and `body` right behind it. A kept connection that the server has closed meanwhile
  /// is replaced.
  void start(const std::string& method, const std::string& path, const std::string& headers, std::string_view body) {
    char byte;
    if (descriptor_ >= 0 && ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
      close();
    if (descriptor_ < 0)
      connect();
    const std::string head = method + " " + path + " HTTP/1.1\r\nHost: " + authority_ +
                             "\r\nUser-Agent: lambda-runtime-hpp/1.0\r\n" + headers + "\r\n";
    send(head, body);
  }

  /// Sends both pieces, in one system call where possible. False if the connection is broken; its answer may still be
  /// there to read: a server that refuses an oversize body may answer and close before it has read all.
  bool send(std::string_view first, std::string_view second = {}) {
    iovec pieces[2] = {{const_cast<char*>(first.data()), first.size()},
                       {const_cast<char*>(second.data()), second.size()}};
    while (pieces[0].iov_len + pieces[1].iov_len > 0) {
      msghdr message{};
      message.msg_iov = pieces;
      message.msg_iovlen = 2;
      const ssize_t sent = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent < 0)
        return false;
      std::size_t left = static_cast<std::size_t>(sent);
      for (iovec& piece : pieces) {
        const std::size_t done = left < piece.iov_len ? left : piece.iov_len;
        piece.iov_base = static_cast<char*>(piece.iov_base) + done;
        piece.iov_len -= done;
        left -= done;
      }
    }
    return true;
  }

  http_reply read_reply() {
    http_reply reply = read_head();
    while (reply.status / 100 == 1)
      reply = read_head();
    const auto length = reply.headers.find("content-length");
    if (reply.headers["transfer-encoding"] == "chunked") {
      for (std::size_t size = 1; size > 0;) {
        size = std::strtoul(read_line().c_str(), nullptr, 16);
        reply.body += read_bytes(size);
        if (size > 0)
          read_line();
      }
      while (!read_line().empty())
        continue;
    } else if (length != reply.headers.end()) {
      reply.body = read_bytes(std::strtoul(length->second.c_str(), nullptr, 10));
    } else if (reply.status != 204) {
      throw transport_error("the Runtime API sent an answer without a length");
    }
    if (reply.headers["connection"] == "close")
      close();
    return reply;
  }

 private:
  void connect() {
    const std::size_t colon = authority_.rfind(':');
    const std::string host = authority_.substr(0, colon);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(
        colon == std::string::npos ? 80 : std::strtoul(authority_.c_str() + colon + 1, nullptr, 10)));
    if (::inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host.c_str(), &address.sin_addr) != 1) {
      throw transport_error("AWS_LAMBDA_RUNTIME_API is '" + authority_ + "', not host:port with a numeric IPv4 host");
    }
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      const std::string why = std::strerror(errno);
      close();
      throw transport_error("cannot connect to the Runtime API at " + authority_ + ": " + why);
    }
  }

  void close() {
    if (descriptor_ >= 0)
      ::close(descriptor_);
    descriptor_ = -1;
    buffer_.clear();
  }

  http_reply read_head() {
    http_reply reply;
    const std::string status = read_line();
    if (status.size() < 12 || status.compare(0, 7, "HTTP/1.") != 0) {
      throw transport_error("the Runtime API sent '" + status + "' instead of an HTTP status line");
    }
    reply.status = std::atoi(status.c_str() + 9);
    for (std::string line = read_line(); !line.empty(); line = read_line()) {
      const std::size_t colon = line.find(':');
      std::string name = line.substr(0, colon);
      for (char& c : name)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      const std::size_t value = colon == std::string::npos ? colon : line.find_first_not_of(" \t", colon + 1);
      reply.headers[name] = value == std::string::npos ? "" : line.substr(value);
    }
    return reply;
  }

  std::string read_line() {
    std::size_t end;
    while ((end = buffer_.find("\r\n")) == std::string::npos)
      receive();
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
  }

  std::string read_bytes(std::size_t size) {
    buffer_.reserve(size);
    while (buffer_.size() < size)
      receive();
    if (buffer_.size() == size)
      return std::exchange(buffer_, {});
    std::string bytes = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return bytes;
  }

  void receive() {
    char block[65536];
    ssize_t size;
    do {
      size = ::recv(descriptor_, block, sizeof block, 0);
    } while (size < 0 && errno == EINTR);
    if (size <= 0)
      throw transport_error("the Runtime API at " + authority_ + " closed the connection");
    buffer_.append(block, static_cast<std::size_t>(size));
  }

  std::string authority_;
  int descriptor_ = -1;
  std::string buffer_;
};

inline constexpr char api[] = "/2018-06-01/runtime/";
inline constexpr char unhandled[] = "Function.UnhandledException";

inline std::string endpoint() {
  const char* value = std::getenv("AWS_LAMBDA_RUNTIME_API");
  if (value == nullptr)
    throw transport_error("AWS_LAMBDA_RUNTIME_API is not set: start this program through Lambda or a local emulator");
  return value;
}

inline invocation to_invocation(http_reply reply) {
  invocation event;
  event.request_id = reply.headers["lambda-runtime-aws-request-id"];
  event.invoked_function_arn = reply.headers["lambda-runtime-invoked-function-arn"];
  event.trace_id = reply.headers["lambda-runtime-trace-id"];
  event.client_context = reply.headers["lambda-runtime-client-context"];
  event.cognito_identity = reply.headers["lambda-runtime-cognito-identity"];
  event.content_type = reply.headers["content-type"];
  event.deadline = std::chrono::system_clock::time_point(
      std::chrono::milliseconds(std::strtoll(reply.headers["lambda-runtime-deadline-ms"].c_str(), nullptr, 10)));
  event.payload = std::move(reply.body);
  return event;
}

inline http_reply post_stream(http_connection& connection, const std::string& path, const result& answer) {
  connection.start("POST", path,
                   "Content-Type: " + answer.content_type +
                       "\r\nLambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
                       "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n",
                   {});
  std::string trailers;
  try {
    answer.writer([&connection](std::string_view bytes) {
      if (bytes.empty())
        return;  // An empty chunk would end the body.
      char size[24];
      std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
      if (!connection.send(size, bytes) || !connection.send("\r\n"))
        throw transport_error("nobody reads the stream");
    });
  } catch (const std::exception& error) {
    // The status line is long gone: an error after the first byte travels in the trailers.
    trailers = std::string("Lambda-Runtime-Function-Error-Type: ") + unhandled +
               "\r\nLambda-Runtime-Function-Error-Body: " + base64(error_json(error.what(), unhandled)) + "\r\n";
  }
  connection.send("0\r\n" + trailers + "\r\n");
  return connection.read_reply();
}

inline http_reply post_error(http_connection& connection, const std::string& path, const std::string& body) {
  return connection.request("POST", path,
                            "Content-Type: application/json\r\n"
                            "Lambda-Runtime-Function-Error-Type: Function.HandlerError\r\n",
                            body);
}

inline void post_answer(http_connection& connection, const invocation& event, const result& answer) {
  const std::string base = std::string(api) + "invocation/" + event.request_id;
  const http_reply reply = !answer.ok ? post_error(connection, base + "/error", answer.body)
                           : answer.writer
                               ? post_stream(connection, base + "/response", answer)
                               : connection.request("POST", base + "/response",
                                                    "Content-Type: " + answer.content_type + "\r\n", answer.body);
  if (reply.status / 100 == 2)
    return;
  std::fprintf(stderr, "the Runtime API refused the answer to %s: %d %s\n", event.request_id.c_str(), reply.status,
               reply.body.c_str());
  if (reply.status >= 500)
    std::exit(1);  // AWS: a server error here is not recoverable, the runtime must exit.
}

}  // namespace detail

inline result result::failure(const std::string& message, const std::string& type) {
  return {false, detail::error_json(message, type), "application/json", {}};
}

/// Tells the service that the function cannot start, and exits with status 1. Only before run_handler().
[[noreturn]] inline void fail_init(const std::string& message, const std::string& type) {
  try {
    detail::http_connection connection(detail::endpoint());
    detail::post_error(connection, std::string(detail::api) + "init/error", detail::error_json(message, type));
  } catch (const detail::transport_error& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::exit(1);
}

/// Serves invocations until the service ends the process. A std::exception from the handler becomes the invocation's
/// error.
[[noreturn]] inline void run_handler(const handler& handle) {
  try {
    detail::http_connection connection(detail::endpoint());
    for (;;) {
      detail::http_reply next = connection.request("GET", std::string(detail::api) + "invocation/next", "", {});
      if (next.status != 200)
        throw detail::transport_error("the Runtime API answered " + std::to_string(next.status) + " to next");
      const invocation event = detail::to_invocation(std::move(next));
      ::unsetenv("_X_AMZN_TRACE_ID");
      if (!event.trace_id.empty())
        ::setenv("_X_AMZN_TRACE_ID", event.trace_id.c_str(), 1);
      result answer;
      try {
        answer = handle(event);
      } catch (const std::exception& error) {
        answer = result::failure(error.what(), detail::unhandled);
      }
      detail::post_answer(connection, event, answer);
    }
  } catch (const detail::transport_error& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::exit(1);
}

}  // namespace lambda_runtime
