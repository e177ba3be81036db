#include "runtime-api/base/byte_channel.hpp"

#include <utility>

namespace kelvin {

void byte_channel::wake(std::optional<one_shot<bool>>& waiting) {
  if (waiting && !waiting->is_set()) {
    waiting->set(true);
  }
}

awaitable<void> byte_channel::wait_in(std::optional<one_shot<bool>>& place) {
  place.emplace();
  co_await place->wait();
  place.reset();
}

void byte_channel::begin(std::string content_type) {
  if (begun_) {
    return;
  }
  begun_ = true;
  content_type_ = std::move(content_type);
  wake(reader_);
}

awaitable<bool> byte_channel::write(std::string_view bytes) {
  if (!abandoned_ && !ended_) {
    unread_.append(bytes);
    written_bytes_ += bytes.size();
    wake(reader_);
  }
  while (!abandoned_ && !ended_ && unread_.size() >= limit_bytes_) {
    co_await wait_in(writer_);
  }
  co_return !abandoned_ && !ended_;
}

void byte_channel::end() {
  ended_ = true;
  wake(reader_);
  wake(writer_);
}

awaitable<bool> byte_channel::wait_begun() {
  while (!begun_ && !ended_) {
    co_await wait_in(reader_);
  }
  co_return begun_;
}

awaitable<payload> byte_channel::read() {
  while (unread_.empty() && !ended_) {
    co_await wait_in(reader_);
  }
  payload taken = std::exchange(unread_, payload());
  wake(writer_);
  co_return taken;
}

void byte_channel::abandon() {
  abandoned_ = true;
  unread_.clear();
  wake(writer_);
}

}  // namespace kelvin
