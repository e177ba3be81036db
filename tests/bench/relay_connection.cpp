#include "relay_connection.hpp"

#include "sockets.hpp"

#include <sys/epoll.h>

namespace bench {

relay_connection::relay_connection(int epoll, int socket, side which) : epoll_(epoll), socket_(socket), side_(which) {
  set_no_delay(socket);
  epoll_event interest{};
  interest.events = EPOLLIN;
  interest.data.ptr = this;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &interest) != 0)
    fail_errno("epoll_ctl");
}

relay_connection::~relay_connection() {
  close(socket_);
}

relay_connection::reading relay_connection::read_message() {
  while (!ended_) {
    if (extent_.head_bytes == 0)
      extent_ = measure_message(input_.view());
    if (!extent_.understood)
      fail("a peer sent a chunked or broken message; the relay speaks Content-Length only");
    if (extent_.complete_in(input_.size()))
      return reading::message;
    // A large body is read into one allocation of its final size; a head into what is left of the last buffer.
    input_.reserve_room(extent_.head_bytes == 0 ? 4096 : extent_.head_bytes + extent_.body_bytes - input_.size());
    const std::size_t room = input_.room();
    const ssize_t count = recv(socket_, input_.end(), room, MSG_DONTWAIT);
    if (count > 0) {
      input_.commit(static_cast<std::size_t>(count));
      if (static_cast<std::size_t>(count) == room)
        continue;
      if (extent_.head_bytes == 0)
        extent_ = measure_message(input_.view());
      if (extent_.complete_in(input_.size()))
        return reading::message;
      return reading::nothing;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
      return reading::nothing;
    ended_ = true;
  }
  return reading::ended;
}

void relay_connection::finish_message() noexcept {
  if (input_.size() > 0)
    input_.consume(extent_.head_bytes + extent_.body_bytes);
  extent_ = {};
}

void relay_connection::send(std::string_view head, byte_buffer& source, std::size_t offset, std::size_t size) {
  std::size_t sent = 0;
  const bool queued = !pending_head_.empty() || pending_offset_ != pending_end_;
  if (queued)
    fail("a peer asked again before it had read its last answer; the relay does not pipeline answers");
  iovec parts[2] = {{const_cast<char*>(head.data()), head.size()},
                    {const_cast<char*>(source.view().data()) + offset, size}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = size == 0 ? 1 : 2;
  const ssize_t count = sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count >= 0) {
    sent = static_cast<std::size_t>(count);
  } else if (errno != EAGAIN) {
    ended_ = true;
    return;
  }
  if (sent == head.size() + size)
    return;
  const std::size_t sent_of_head = std::min(sent, head.size());
  pending_head_.assign(head.substr(sent_of_head));
  pending_ = std::move(source);
  pending_offset_ = offset + sent - sent_of_head;
  pending_end_ = offset + size;
  want_writable(true);
}

void relay_connection::notice_close() {
  char byte;
  const ssize_t count = recv(socket_, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
  if (count > 0)
    fail("a caller sent a request before its last one was answered; the relay does not pipeline");
  if (count == 0 || (errno != EAGAIN && errno != EINTR))
    ended_ = true;
}

void relay_connection::flush() {
  iovec parts[2] = {{pending_head_.data(), pending_head_.size()},
                    {const_cast<char*>(pending_.view().data()) + pending_offset_, pending_end_ - pending_offset_}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  const ssize_t count = sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (count < 0) {
    ended_ = true;
    return;
  }
  const std::size_t of_head = std::min(static_cast<std::size_t>(count), pending_head_.size());
  pending_head_.erase(0, of_head);
  pending_offset_ += static_cast<std::size_t>(count) - of_head;
  if (!pending_head_.empty() || pending_offset_ != pending_end_)
    return;
  pending_ = byte_buffer();
  pending_offset_ = pending_end_ = 0;
  want_writable(false);
}

void relay_connection::want_writable(bool wanted) {
  if (writable_wanted_ == wanted)
    return;
  writable_wanted_ = wanted;
  epoll_event interest{};
  interest.events = EPOLLIN | (wanted ? static_cast<unsigned>(EPOLLOUT) : 0u);
  interest.data.ptr = this;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, socket_, &interest);
}

}  // namespace bench
