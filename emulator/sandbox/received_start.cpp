#include "emulator/sandbox/received_start.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace kelvin {

bool received_order::receive(int socket) noexcept {
  close_descriptors();
  const received_packet received = receive_packet(socket, bytes, descriptors, 0);
  size = received.bytes > 0 ? static_cast<std::size_t>(received.bytes) : 0;
  descriptor_count = received.descriptor_count;
  header = {};
  if (size < sizeof(header)) {
    return false;
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  return true;
}

void received_order::close_descriptors() noexcept {
  for (; descriptor_count != 0; --descriptor_count) {
    ::close(descriptors[descriptor_count - 1]);
  }
}

bool received_start::read(received_order& order, int standard_input) {
  const bool is_command = order.header.child == child_kind::command;
  const std::size_t streams = is_command ? 3 : 2;
  const std::size_t text_at = streams + (order.header.with_tmp ? 1 : 0);
  if (order.descriptor_count != text_at + (order.header.text_in_file ? 1 : 0)) {
    return false;
  }
  char* text = order.bytes.data() + sizeof(keeper_order);
  if (order.header.text_in_file) {
    long_text_.resize(order.header.text_bytes);
    text = long_text_.data();
    if (::pread(order.descriptors[text_at], text, long_text_.size(), 0) != static_cast<ssize_t>(long_text_.size())) {
      return false;
    }
  } else if (order.size != sizeof(keeper_order) + order.header.text_bytes) {
    return false;
  }
  const auto next_text = [&text] {
    char* current = text;
    text += std::strlen(text) + 1;
    return current;
  };
  plan.kind = order.header.child;
  plan.process_group = order.header.number;
  plan.stopped = order.header.stopped;
  plan.standard_input = is_command ? order.descriptors[0] : standard_input;
  plan.standard_output = order.descriptors[streams - 2];
  plan.standard_error = order.descriptors[streams - 1];
  plan.program = next_text();
  arguments_.resize(order.header.argument_count + 1);
  std::generate_n(arguments_.begin(), order.header.argument_count, next_text);
  variables_.resize(order.header.variable_count + 1);
  std::generate_n(variables_.begin(), order.header.variable_count, next_text);
  plan.working_directory = next_text();
  plan.arguments = arguments_.data();
  plan.variables = variables_.data();
  if (order.header.isolated) {
    root.code_folder = next_text();
    root.layer_folder = next_text();
    root.program_snapshot = next_text();
    root.program = plan.program;
    root.code_identity = order.header.code_identity;
    root.layer_identity = order.header.layer_identity;
    root.tmp_bytes = order.header.tmp_bytes;
    root.kept_tmp = order.header.with_tmp ? order.descriptors[streams] : -1;
  }
  return true;
}

}  // namespace kelvin
