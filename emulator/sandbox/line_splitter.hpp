#pragma once

#include "runtime-api/base/limits.hpp"

#include <cassert>
#include <cstddef>
#include <string>
#include <string_view>

namespace kelvin {

/// Cuts a stream of bytes into lines at '\n'. A line longer than `piece_bytes` comes in pieces of that
/// size. Bytes pass as they are. Views last for the call of `deliver` alone.
class line_splitter {
 public:
  explicit line_splitter(std::size_t piece_bytes = limits::log_line_bytes) : piece_bytes_(piece_bytes) {
    assert(piece_bytes > 0);
  }

  /// Calls deliver(std::string_view) for each line or piece that `bytes` completes; keeps the rest.
  template <class Deliver>
  void feed(std::string_view bytes, Deliver&& deliver) {
    while (!bytes.empty()) {
      // Looking no further than a piece goes bounds the work for a line that never ends.
      const std::size_t room = piece_bytes_ - kept_.size();
      const std::size_t newline = bytes.substr(0, room + 1).find('\n');
      if (newline != std::string_view::npos) {
        // Where the line's last piece was delivered full, its newline ends nothing more.
        if (newline != 0 || !kept_.empty() || !continued_) {
          deliver_with(bytes.substr(0, newline), deliver);
        }
        continued_ = false;
        bytes.remove_prefix(newline + 1);
      } else if (bytes.size() >= room) {
        deliver_with(bytes.substr(0, room), deliver);
        continued_ = true;
        bytes.remove_prefix(room);
      } else {
        kept_.append(bytes);
        return;
      }
    }
  }

  /// The stream is at its end: delivers a last line that no newline ended.
  template <class Deliver>
  void finish(Deliver&& deliver) {
    if (!kept_.empty()) {
      deliver_with({}, deliver);
    }
    continued_ = false;
  }

 private:
  template <class Deliver>
  void deliver_with(std::string_view rest, Deliver& deliver) {
    if (kept_.empty()) {
      deliver(rest);
      return;
    }
    kept_.append(rest);
    deliver(std::string_view(kept_));
    forget_kept();
  }
  void forget_kept() noexcept;

  std::size_t piece_bytes_;
  std::string kept_;        ///< the beginning of an unfinished line or piece, shorter than a piece
  bool continued_ = false;  ///< the present line's beginning was delivered as a piece
};

}  // namespace kelvin
