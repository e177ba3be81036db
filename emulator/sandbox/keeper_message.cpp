#include "emulator/sandbox/keeper_message.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kelvin {
namespace {

constexpr std::size_t descriptors_per_packet = 4;

void append_text(std::string& message, std::string_view text) {
  message.append(text);
  message.push_back('\0');
}

}  // namespace

std::string encode_start(const start_request& request) {
  std::size_t text_bytes = request.program.size() + request.name.size() + request.working_directory.size() + 3;
  for (const auto* strings : {&request.arguments, &request.variables}) {
    for (const std::string& text : *strings) {
      text_bytes += text.size() + 1;
    }
  }
  if (request.isolation != nullptr) {
    text_bytes += request.isolation->code_folder.size() + request.isolation->layer_folder.size() +
                  request.isolation->program_snapshot.size() + 3;
  }
  keeper_order order;
  order.kind = order_kind::start;
  order.child = request.child;
  order.text_in_file = text_bytes > inline_text_bytes;
  order.number = request.process_group;
  order.stopped = request.stopped;
  order.argument_count = static_cast<std::uint32_t>(request.arguments.size() + 1);
  order.variable_count = static_cast<std::uint32_t>(request.variables.size());
  order.text_bytes = static_cast<std::uint32_t>(text_bytes);
  if (request.isolation != nullptr) {
    order.isolated = true;
    order.with_tmp = request.isolation->tmp && request.isolation->tmp->mount;
    order.tmp_bytes = request.isolation->tmp_bytes;
  }

  std::string message;
  message.reserve(sizeof(order) + text_bytes);
  message.append(reinterpret_cast<const char*>(&order), sizeof(order));
  append_text(message, request.program);
  append_text(message, request.name);
  for (const auto* strings : {&request.arguments, &request.variables}) {
    for (const std::string& text : *strings) {
      append_text(message, text);
    }
  }
  append_text(message, request.working_directory);
  if (request.isolation != nullptr) {
    append_text(message, request.isolation->code_folder);
    append_text(message, request.isolation->layer_folder);
    append_text(message, request.isolation->program_snapshot);
  }
  return message;
}

int send_packet(int socket, std::string_view bytes, std::span<const int> descriptors) noexcept {
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(descriptors_per_packet * sizeof(int))] = {};
  if (!descriptors.empty()) {
    if (descriptors.size() > descriptors_per_packet) {
      return EINVAL;
    }
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  while (::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

received_packet receive_packet(int socket, std::span<char> buffer, std::span<int> descriptors, int flags) noexcept {
  iovec part{buffer.data(), buffer.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(descriptors_per_packet * sizeof(int))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  const std::size_t room = std::min(descriptors.size(), descriptors_per_packet);
  if (room != 0) {
    message.msg_control = control;
    message.msg_controllen = CMSG_LEN(room * sizeof(int));
  }
  received_packet received;
  do {
    received.bytes = ::recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
  } while (received.bytes < 0 && errno == EINTR);
  if (received.bytes < 0) {
    received.error = errno;
    return received;
  }
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
      received.descriptor_count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      std::memcpy(descriptors.data(), CMSG_DATA(header), received.descriptor_count * sizeof(int));
    }
  }
  return received;
}

}  // namespace kelvin
