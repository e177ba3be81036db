#pragma once

#include "runtime-api/http/connection.hpp"
#include "runtime-api/http/listener.hpp"
#include "runtime-api/http/request_body.hpp"
#include "runtime-api/http/response_head.hpp"

#include <exception>
#include <list>
#include <memory>
#include <string>

namespace kelvin::http {

class session;

/// What the sessions of one listener share. It lives as long as the last of them, however long a
/// handler keeps it behind the listener's own end.
struct session_host {
  session_host(clock& clock, listener_options given, request_handler answer)
      : time(clock), options(std::move(given)), handler(std::move(answer)) {}

  clock& time;  ///< not used by closed sessions
  const listener_options options;
  const request_handler handler;
  date_cache date;
  bool stopping = false;       ///< every session closes behind its present answer
  std::list<session*> open;    ///< sessions not yet closed
  std::size_t in_handler = 0;  ///< of the open ones
};

/// One connection: its requests, one after the other, and the exchange of each.
class session final : public exchange {
 public:
  session(std::shared_ptr<session_host> host, tcp_socket socket, boost::asio::ip::tcp::endpoint peer);
  ~session() override;

  /// Serves the connection to its end.
  static awaitable<void> run(std::shared_ptr<session> self);
  /// Ends it at once: whoever reads or writes is woken, a handler suspended elsewhere runs on and
  /// is told when it answers.
  void close() noexcept;
  /// Ends it if it waits for another request and none is on its way.
  void close_if_idle() noexcept;

  const request_head& head() const noexcept override { return parser_.head(); }
  steady_time received() const noexcept override { return received_; }
  awaitable<result<payload>> read_body(std::size_t limit_bytes) override { return body_.read_all(limit_bytes); }
  awaitable<result<std::string_view>> read_some() override { return body_.read_some(); }
  const field_list& trailers() const noexcept override { return parser_.trailers(); }
  awaitable<bool> respond(response answer) override;
  awaitable<bool> begin_stream(response head_without_body) override;
  awaitable<bool> write(std::string_view bytes) override;
  awaitable<bool> finish_stream() override;
  bool peer_closed() noexcept override { return peer_.peer_closed(); }
  std::string peer_address() const override { return peer_address_; }

 private:
  enum class stage { reading, handling, closed };
  enum class answer_state { none, sent, streaming, failed };
  enum class head_state { complete, refused, over };

  awaitable<head_state> read_head();
  awaitable<void> refuse(unsigned status, std::string_view reason);
  awaitable<void> handle();
  /// Whether another request may follow.
  awaitable<bool> finish_request();
  awaitable<bool> send(connection::pieces bytes);
  bool expectation_is_known() const noexcept;
  bool may_keep_alive() const noexcept;
  void set_stage(stage next) noexcept;

  std::shared_ptr<session_host> host_;
  connection peer_;
  const std::string peer_address_;
  request_parser parser_;
  request_body body_;
  std::list<session*>::iterator place_;
  stage stage_ = stage::reading;
  answer_state answer_ = answer_state::none;
  framing stream_framing_ = framing::none;
  bool keep_alive_ = true;
  bool served_one_ = false;
  steady_time received_{};
  std::string head_text_;
};

}  // namespace kelvin::http
