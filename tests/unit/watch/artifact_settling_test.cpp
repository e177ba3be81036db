#include "emulator/watch/artifact_settling.hpp"

#include "emulator/watch/watch_limits.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1h};

artifact_facts whole_program() {
  artifact_facts facts;
  facts.exists = facts.is_regular = facts.is_executable = true;
  facts.inode = 7;
  facts.mode = 0755;
  facts.size_bytes = 1000;
  facts.writer = writer_state::none;
  facts.whole = wholeness::whole;
  return facts;
}

template <class Change>
artifact_facts but(Change change) {
  artifact_facts facts = whole_program();
  change(facts);
  return facts;
}

void check(const settle_decision& found, settle_verdict verdict, settle_reason reason,
           std::optional<steady_time> look_again) {
  CHECK(found.verdict == verdict);
  CHECK(found.reason == reason);
  CHECK(found.look_again == look_again);
}

TEST_CASE("a whole program that nobody writes is ready at the first look") {
  for (const wholeness whole : {wholeness::whole, wholeness::unknown}) {
    artifact_settling settling(artifact_kind::program);
    check(settling.look(but([&](auto& facts) { facts.whole = whole; }), start), settle_verdict::ready,
          settle_reason::none, std::nullopt);
  }
}

TEST_CASE("what is not there is gone, whatever was before") {
  artifact_settling settling(artifact_kind::program);
  check(settling.look({}, start), settle_verdict::gone, settle_reason::none, std::nullopt);
  settling.look(but([](auto& facts) { facts.writer = writer_state::open; }), start);
  check(settling.look({}, start + 50ms), settle_verdict::gone, settle_reason::none, std::nullopt);
  // It starts over when it is back.
  check(settling.look(whole_program(), start + 60ms), settle_verdict::ready, settle_reason::none, std::nullopt);
}

TEST_CASE("a program that is written, empty, cut short or without its mode is waited for, ever longer") {
  struct row {
    artifact_facts facts;
    settle_reason reason;
  };
  const std::vector<row> rows = {
      {but([](auto& facts) { facts.writer = writer_state::open; }), settle_reason::written},
      {but([](auto& facts) { facts.size_bytes = 0, facts.whole = wholeness::unknown; }), settle_reason::empty},
      {but([](auto& facts) { facts.whole = wholeness::incomplete; }), settle_reason::cut_short},
      {but([](auto& facts) { facts.is_executable = false; }), settle_reason::not_executable},
  };
  for (const row& each : rows) {
    CAPTURE(describe(each.reason));
    CHECK_FALSE(describe(each.reason).empty());
    artifact_settling settling(artifact_kind::program);
    duration wait = limits::settle_first_wait;
    steady_time now = start;
    int looks = 0;
    for (; now - start < limits::settle_patience; now += wait, wait = std::min<duration>(wait * 2, 1s), ++looks) {
      check(settling.look(each.facts, now), settle_verdict::wait, each.reason, now + wait);
    }
    CHECK(looks < 20);
    const bool is_ready = each.reason == settle_reason::not_executable;
    check(settling.look(each.facts, now), is_ready ? settle_verdict::ready : settle_verdict::wait,
          is_ready ? settle_reason::none : each.reason, std::nullopt);
    // The next event makes for a new round.
    settling.restart();
    check(settling.look(each.facts, now), settle_verdict::wait, each.reason, now + limits::settle_first_wait);
  }
}

TEST_CASE("after an obstacle the same facts are wanted twice") {
  artifact_settling settling(artifact_kind::program);
  settling.look(but([](auto& facts) { facts.writer = writer_state::open; }), start);
  check(settling.look(whole_program(), start + 50ms), settle_verdict::wait, settle_reason::not_seen_twice,
        start + 150ms);
  check(settling.look(whole_program(), start + 150ms), settle_verdict::ready, settle_reason::none, std::nullopt);
}

TEST_CASE("where writers cannot be seen the same facts are wanted twice, each of them") {
  const auto unseen = [](auto change) {
    return but([&](auto& facts) {
      facts.writer = writer_state::unknown;
      change(facts);
    });
  };
  const artifact_facts first = unseen([](auto&) {});
  const std::vector<artifact_facts> others = {
      unseen([](auto& facts) { ++facts.size_bytes; }),
      unseen([](auto& facts) { ++facts.modified_ns; }),
      unseen([](auto& facts) { ++facts.status_changed_ns; }),
      unseen([](auto& facts) { ++facts.inode; }),
      unseen([](auto& facts) { ++facts.device; }),
      unseen([](auto& facts) { facts.mode = 0700; }),
  };
  for (const artifact_facts& other : others) {
    artifact_settling settling(artifact_kind::program);
    check(settling.look(first, start), settle_verdict::wait, settle_reason::not_seen_twice, start + 50ms);
    check(settling.look(other, start + 50ms), settle_verdict::wait, settle_reason::not_seen_twice, start + 150ms);
    check(settling.look(other, start + 150ms), settle_verdict::ready, settle_reason::none, std::nullopt);
  }
}

TEST_CASE("archives need no mode, documents may be empty and open, folders are not waited for") {
  const auto verdict = [](artifact_kind kind, const artifact_facts& facts) {
    return artifact_settling(kind).look(facts, start).verdict;
  };
  const artifact_facts plain = but([](auto& facts) { facts.is_executable = false; });
  const artifact_facts cut = but([](auto& facts) { facts.whole = wholeness::incomplete; });
  const artifact_facts empty = but([](auto& facts) { facts.size_bytes = 0; });
  const artifact_facts written = but([](auto& facts) { facts.writer = writer_state::open; });
  artifact_facts nothing_asked = but([](auto& facts) { facts.size_bytes = 0; });
  nothing_asked.writer = writer_state::unknown;
  nothing_asked.whole = wholeness::unknown;
  artifact_facts folder;
  folder.exists = true;
  CHECK(verdict(artifact_kind::archive, plain) == settle_verdict::ready);
  CHECK(verdict(artifact_kind::archive, cut) == settle_verdict::wait);
  CHECK(verdict(artifact_kind::archive, empty) == settle_verdict::wait);
  CHECK(verdict(artifact_kind::archive, written) == settle_verdict::wait);
  CHECK(verdict(artifact_kind::document, nothing_asked) == settle_verdict::ready);
  for (const artifact_kind kind : {artifact_kind::program, artifact_kind::archive, artifact_kind::document}) {
    CHECK(verdict(kind, folder) == settle_verdict::ready);
    CHECK(verdict(kind, {}) == settle_verdict::gone);
  }
}

}  // namespace
}  // namespace kelvin
