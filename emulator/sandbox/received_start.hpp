#pragma once

#include "emulator/sandbox/child_process.hpp"
#include "emulator/sandbox/isolated_root.hpp"
#include "emulator/sandbox/keeper_message.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace kelvin {

/// One packet to a keeper, or from a keeper to the init of an isolated tree, with the descriptors that came
/// along. They are closed with it.
struct received_order {
  /// Waits for a packet. False: the sender is gone.
  bool receive(int socket) noexcept;
  ~received_order() { close_descriptors(); }
  void close_descriptors() noexcept;

  /// As it was sent, to be passed on.
  std::string_view message() const noexcept { return {bytes.data(), size}; }
  std::span<const int> passed() const noexcept { return {descriptors.data(), descriptor_count}; }

  keeper_order header;
  std::size_t size = 0;
  std::array<int, 4> descriptors{-1, -1, -1, -1};
  std::size_t descriptor_count = 0;
  std::array<char, sizeof(keeper_order) + inline_text_bytes> bytes;
};

/// What a start order says, ready for start_child and isolated_root. Points into the order.
class received_start {
 public:
  /// `standard_input` is what a function gets. False: the order is not whole.
  bool read(received_order& order, int standard_input);

  child_plan plan;
  root_plan root;

 private:
  std::vector<char> long_text_;
  std::vector<char*> arguments_;
  std::vector<char*> variables_;
};

}  // namespace kelvin
