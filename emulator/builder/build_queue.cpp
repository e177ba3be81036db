#include "emulator/builder/build_queue.hpp"

#include "emulator/builder/build_limits.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace kelvin {
namespace {

bool occupies(build_state state) noexcept {
  return state == build_state::running || state == build_state::cancelling;
}

failure refused(const std::string& build, const char* why) {
  return fail(errc::invalid_state, "build " + build + ": " + why);
}

}  // namespace

build_queue::build_queue(std::size_t at_once) : at_once_(at_once) {
  assert(at_once > 0);
}

result<void> build_queue::add(const std::string& build, std::string place) {
  entry made;
  made.place = std::move(place);
  if (!builds_.emplace(build, std::move(made)).second) {
    return refused(build, "is known already");
  }
  return {};
}

result<build_actions> build_queue::changed(const std::string& build) {
  auto found = find(build);
  if (!found) {
    return found.error();
  }
  entry& which = **found;
  switch (which.state) {
    case build_state::idle:
    case build_state::failed:
    case build_state::good: begin_waiting(build, which); return start_what_can();
    case build_state::waiting: return build_actions{};
    case build_state::cancelling: which.again = true; return build_actions{};
    case build_state::running: break;
  }
  if (which.again) {
    return build_actions{};
  }
  which.again = true;
  if (++which.restarts > limits::build_restarts) {
    return build_actions{};
  }
  which.state = build_state::cancelling;
  return build_actions{{build_action::kind::cancel, build}};
}

result<build_actions> build_queue::finished(const std::string& build, bool good) {
  auto found = find(build);
  if (!found) {
    return found.error();
  }
  entry& which = **found;
  if (!occupies(which.state)) {
    return refused(build, "has not been started, and cannot have finished");
  }
  const bool cancelled = which.state == build_state::cancelling;
  if (which.again) {
    begin_waiting(build, which);
  } else if (cancelled) {
    which.state = build_state::idle;
  } else {
    which.state = good ? build_state::good : build_state::failed;
    which.restarts = 0;
  }
  return start_what_can();
}

result<build_actions> build_queue::give_up(const std::string& build) {
  auto found = find(build);
  if (!found) {
    return found.error();
  }
  entry& which = **found;
  which.again = false;
  which.restarts = 0;
  switch (which.state) {
    case build_state::waiting:
      which.state = build_state::idle;
      std::erase(waiting_, build);
      return start_what_can();
    case build_state::running:
      which.state = build_state::cancelling;
      return build_actions{{build_action::kind::cancel, build}};
    case build_state::cancelling: return build_actions{};
    default: return refused(build, "neither waits nor runs");
  }
}

result<void> build_queue::remove(const std::string& build) {
  auto found = find(build);
  if (!found) {
    return found.error();
  }
  if (occupies((*found)->state) || (*found)->state == build_state::waiting) {
    return refused(build, "waits or runs, and cannot be forgotten yet");
  }
  builds_.erase(build);
  return {};
}

result<build_state> build_queue::state(const std::string& build) const {
  const auto found = builds_.find(build);
  return found != builds_.end() ? result<build_state>(found->second.state)
                                : fail(errc::not_found, "build " + build + " is not known");
}

result<unsigned> build_queue::restarts(const std::string& build) const {
  const auto found = builds_.find(build);
  return found != builds_.end() ? result<unsigned>(found->second.restarts)
                                : fail(errc::not_found, "build " + build + " is not known");
}

std::size_t build_queue::running() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(builds_.begin(), builds_.end(), [](const auto& each) { return occupies(each.second.state); }));
}

result<build_queue::entry*> build_queue::find(const std::string& build) {
  const auto found = builds_.find(build);
  if (found == builds_.end()) {
    return fail(errc::not_found, "build " + build + " is not known");
  }
  return &found->second;
}

void build_queue::begin_waiting(const std::string& build, entry& which) {
  which.state = build_state::waiting;
  which.again = false;
  waiting_.push_back(build);
}

bool build_queue::place_taken(const std::string& place) const {
  return !place.empty() && std::any_of(builds_.begin(), builds_.end(), [&](const auto& each) {
    return occupies(each.second.state) && each.second.place == place;
  });
}

build_actions build_queue::start_what_can() {
  build_actions actions;
  for (auto next = waiting_.begin(); next != waiting_.end() && running() < at_once_;) {
    entry& which = builds_.at(*next);
    if (place_taken(which.place)) {
      ++next;
      continue;
    }
    which.state = build_state::running;
    actions.push_back({build_action::kind::start, *next});
    next = waiting_.erase(next);
  }
  return actions;
}

}  // namespace kelvin
