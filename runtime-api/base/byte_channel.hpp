#pragma once

#include "runtime-api/base/awaitable.hpp"
#include "runtime-api/base/one_shot.hpp"
#include "runtime-api/base/payload.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kelvin {

/// Bytes from one writer to one reader on the same thread, bounded: a writer that is ahead waits for
/// the reader, so a slow reader slows the writer and nothing piles up. Shared by both; either may
/// go first.
class byte_channel {
 public:
  explicit byte_channel(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // The writer's side.

  /// The bytes are about to come; `content_type` as their maker gave it.
  void begin(std::string content_type);
  /// Takes a copy, then waits until less than the limit is left unread. False: nobody reads any more.
  awaitable<bool> write(std::string_view bytes);
  /// Nothing follows. What was written can still be read. Calling it twice is fine.
  void end();

  // The reader's side.

  /// Waits until begin() or end().
  awaitable<bool> wait_begun();
  /// All that is there, waiting for the first byte; empty: the end.
  awaitable<payload> read();
  /// Nobody reads any more: writers go on at once and are told.
  void abandon();

  bool begun() const noexcept { return begun_; }
  bool abandoned() const noexcept { return abandoned_; }
  const std::string& content_type() const noexcept { return content_type_; }
  /// Everything ever written.
  std::size_t written_bytes() const noexcept { return written_bytes_; }

 private:
  void wake(std::optional<one_shot<bool>>& waiting);
  awaitable<void> wait_in(std::optional<one_shot<bool>>& place);

  std::size_t limit_bytes_;
  payload unread_;
  std::string content_type_;
  std::size_t written_bytes_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  bool abandoned_ = false;
  std::optional<one_shot<bool>> writer_;
  std::optional<one_shot<bool>> reader_;
};

}  // namespace kelvin
