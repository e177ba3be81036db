#include "emulator/watch/inotify_events.hpp"

#include <doctest/doctest.h>

#include <sys/inotify.h>

#include <cstring>
#include <string>
#include <vector>

namespace kelvin {
namespace {

void put(std::vector<std::byte>& buffer, int watch, std::uint32_t mask, const std::string& name, std::size_t padded) {
  inotify_event header{};
  header.wd = watch;
  header.mask = mask;
  header.len = static_cast<std::uint32_t>(padded);
  const std::size_t at = buffer.size();
  buffer.resize(at + sizeof header + padded);
  std::memcpy(&buffer[at], &header, sizeof header);
  if (padded > 0) {
    std::memcpy(&buffer[at + sizeof header], name.data(), name.size());
  }
}

struct event {
  int watch;
  std::uint32_t mask;
  std::string name;
  friend bool operator==(const event&, const event&) = default;
};

std::vector<event> parse(std::span<const std::byte> buffer, bool& whole) {
  std::vector<event> found;
  whole = parse_inotify_events(buffer, [&](const inotify_record& record) {
    found.push_back({record.watch, record.mask, std::string(record.name)});
  });
  return found;
}

TEST_CASE("a buffer of inotify events is taken apart") {
  std::vector<std::byte> buffer;
  put(buffer, 1, IN_CREATE, "bootstrap", 16);
  put(buffer, 2, IN_DELETE_SELF, "", 0);
  put(buffer, -1, IN_Q_OVERFLOW, "", 0);
  put(buffer, 3, IN_MODIFY, "sixteen-letters!", 16);
  bool whole = false;
  const std::vector<event> expected = {{1, IN_CREATE, "bootstrap"},
                                       {2, IN_DELETE_SELF, ""},
                                       {-1, IN_Q_OVERFLOW, ""},
                                       {3, IN_MODIFY, "sixteen-letters!"}};
  CHECK(parse(buffer, whole) == expected);
  CHECK(whole);
  CHECK(parse({}, whole).empty());
  CHECK(whole);
}

TEST_CASE("an inotify event that is cut short ends the buffer") {
  std::vector<std::byte> buffer;
  put(buffer, 1, IN_CREATE, "a", 16);
  const std::size_t first = buffer.size();
  put(buffer, 2, IN_CREATE, "b", 16);
  for (std::size_t size = 1; size < buffer.size(); ++size) {
    bool whole = true;
    CHECK(parse(std::span(buffer).first(size), whole).size() == (size >= first ? 1 : 0));
    CHECK(whole == (size == first));
  }
}

}  // namespace
}  // namespace kelvin
