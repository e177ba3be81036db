#include "emulator/sandbox/keeper_link.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

/// Far beyond any start or kill that succeeds; a network file system may take seconds.
constexpr auto answer_wait = 10s;
constexpr auto stop_wait = 10s;

exit_status to_exit_status(const keeper_report& report) {
  exit_status status;
  status.signaled = WIFSIGNALED(report.wait_status);
  status.value = status.signaled ? WTERMSIG(report.wait_status) : WEXITSTATUS(report.wait_status);
  status.cpu_user = std::chrono::microseconds(report.cpu_user_us);
  status.cpu_system = std::chrono::microseconds(report.cpu_system_us);
  status.max_resident_bytes = static_cast<std::uint64_t>(report.max_resident_kib) * 1024;
  return status;
}

/// A file without a name that holds `text`; empty on failure (errno).
descriptor make_text_file(std::string_view text) {
  descriptor file(::memfd_create("kelvin-start", MFD_CLOEXEC));
  while (file && !text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0) {
      return {};
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return file;
}

}  // namespace

keeper_link::keeper_link(executor loop, descriptor socket) : socket_(loop, socket.get()), timer_(loop) {
  socket.release();
  boost::system::error_code ignored;  // it is; this tells Asio
  socket_.native_non_blocking(true, ignored);
}

void keeper_link::prepare(bool isolated) noexcept {
  keeper_order order;
  order.kind = order_kind::prepare;
  order.isolated = isolated;
  send_packet(socket_.native_handle(), {reinterpret_cast<const char*>(&order), sizeof(order)});
}

int keeper_link::send_start(std::string_view message, std::span<const int> descriptors) {
  answer_.reset();
  if (message.size() <= sizeof(keeper_order) + inline_text_bytes) {
    return send_packet(socket_.native_handle(), message, descriptors);
  }
  const descriptor text = make_text_file(message.substr(sizeof(keeper_order)));
  if (!text) {
    return errno;
  }
  std::vector<int> with_text(descriptors.begin(), descriptors.end());
  with_text.push_back(text.get());
  return send_packet(socket_.native_handle(), message.substr(0, sizeof(keeper_order)), with_text);
}

awaitable<start_answer> keeper_link::answer() {
  listen();
  timer_.expires_after(answer_wait);
  while (!answer_ && !gone_) {
    const auto [error] = co_await timer_.async_wait(as_tuple);
    if (!error) {
      break;
    }
  }
  start_answer given;
  if (answer_) {
    given.what = start_answer::kind::answered;
    given.report = *answer_;
  } else {
    given.what = gone_ ? start_answer::kind::lost : start_answer::kind::timed_out;
  }
  if (answer_ && answer_->kind == report_kind::started) {
    listen();
  }
  co_return given;
}

awaitable<void> keeper_link::stop() {
  timer_.expires_after(stop_wait);
  if (!gone_ && !send(order_kind::stop, 0)) {
    // The socket is full because the keeper does not take its orders. At the end of the stream it
    // will kill the tree all the same.
    ::shutdown(socket_.native_handle(), SHUT_WR);
  }
  while (!gone_) {
    const auto [error] = co_await timer_.async_wait(as_tuple);
    if (!error) {
      break;
    }
  }
}

void keeper_link::close() noexcept {
  on_exit_ = nullptr;
  gone_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
}

bool keeper_link::send(order_kind kind, int number) noexcept {
  keeper_order order;
  order.kind = kind;
  order.number = number;
  return !socket_.is_open() ||
         send_packet(socket_.native_handle(), {reinterpret_cast<const char*>(&order), sizeof(order)}) != EAGAIN;
}

void keeper_link::listen() {
  if (!socket_.is_open()) {
    return;
  }
  socket_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) { self->on_readable(error); });
}

void keeper_link::on_readable(const boost::system::error_code& error) {
  if (error || !socket_.is_open()) {
    return;
  }
  keeper_report report;
  std::array<char, sizeof(report)> bytes;
  std::array<int, 1> tmp{-1};
  const received_packet received = receive_packet(socket_.native_handle(), bytes, tmp, MSG_DONTWAIT);
  if (received.descriptor_count == 1) {
    tmp_.reset(tmp[0]);
  }
  if (received.bytes == static_cast<ssize_t>(sizeof(report))) {
    std::memcpy(&report, bytes.data(), sizeof(report));
    take_report(report);
  } else if (received.error == EAGAIN) {
    listen();
  } else {
    on_gone();
  }
}

void keeper_link::take_report(const keeper_report& report) {
  switch (report.kind) {
    case report_kind::started:
    case report_kind::failed:
      // answer() listens on: whoever waits for it must have the process before its exit is reported.
      answer_ = report;
      timer_.cancel();
      break;
    case report_kind::exited:
      listen();
      report_exit(to_exit_status(report));
      break;
    case report_kind::gone: on_gone(); break;
  }
}

void keeper_link::on_gone() {
  gone_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  exit_status lost;
  lost.signaled = true;
  lost.value = SIGKILL;
  lost.lost = true;
  report_exit(lost);
}

void keeper_link::report_exit(const exit_status& status) {
  if (const auto callback = std::exchange(on_exit_, nullptr)) {
    callback(status);
  }
}

}  // namespace kelvin
