#pragma once

#include "runtime-api/base/clock.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace kelvin::test {

/// Time that stands still until a test moves it. Alarms fire from inside advance(), in the order of
/// their due times (of equal ones: the one set first), with now() at their due time. An alarm set to
/// a time that has already come fires in the next advance(), be it by zero. Must outlive its alarms.
class manual_clock final : public clock {
 public:
  /// Midnight UTC, 1 January 2025.
  static constexpr wall_time wall_start{std::chrono::seconds{1'735'689'600}};

  steady_time now() const override { return now_; }
  wall_time wall_now() const override {
    return wall_start + std::chrono::duration_cast<wall_time::duration>(now_ - steady_start);
  }

  std::unique_ptr<alarm> make_alarm(std::function<void()> on_due) override {
    return std::make_unique<manual_alarm>(*this, std::move(on_due));
  }

  /// Moves time on and fires what falls due. A callback may set, clear, make and destroy alarms.
  void advance(duration by) {
    const steady_time target = now_ + std::chrono::duration_cast<steady_time::duration>(by);
    // What a callback sets to the present moment waits for the next advance(), or an alarm that
    // sets itself again would never let this one end.
    const std::uint64_t last_set = sets_;
    while (manual_alarm* next = next_due(target, last_set)) {
      now_ = std::max(now_, *next->due);
      next->due.reset();
      const auto callback = next->on_due;
      (*callback)();
    }
    now_ = target;
  }

  /// How many alarms are set.
  std::size_t armed() const {
    return static_cast<std::size_t>(
        std::count_if(alarms_.begin(), alarms_.end(), [](const manual_alarm* each) { return each->due.has_value(); }));
  }
  /// When the next alarm is due, nullopt if none is set.
  std::optional<steady_time> next() const {
    std::optional<steady_time> earliest;
    for (const manual_alarm* each : alarms_) {
      if (each->due && (!earliest || *each->due < *earliest)) {
        earliest = each->due;
      }
    }
    return earliest;
  }

 private:
  static constexpr steady_time steady_start{std::chrono::hours{1}};

  struct manual_alarm final : alarm {
    manual_alarm(manual_clock& clock, std::function<void()> callback)
        : owner(clock), on_due(std::make_shared<const std::function<void()>>(std::move(callback))) {
      owner.alarms_.push_back(this);
    }
    ~manual_alarm() override { std::erase(owner.alarms_, this); }
    void set(steady_time when) override {
      due = when;
      overdue_when_set = when <= owner.now_;
      order = ++owner.sets_;
    }
    void clear() override { due.reset(); }

    manual_clock& owner;
    std::shared_ptr<const std::function<void()>> on_due;  ///< shared: a callback may destroy its own alarm
    std::optional<steady_time> due;
    bool overdue_when_set = false;
    std::uint64_t order = 0;
  };

  manual_alarm* next_due(steady_time target, std::uint64_t last_set) const {
    manual_alarm* next = nullptr;
    for (manual_alarm* each : alarms_) {
      if (!each->due || *each->due > target || (each->overdue_when_set && each->order > last_set)) {
        continue;
      }
      if (!next || std::pair(*each->due, each->order) < std::pair(*next->due, next->order)) {
        next = each;
      }
    }
    return next;
  }

  steady_time now_ = steady_start;
  std::uint64_t sets_ = 0;
  std::vector<manual_alarm*> alarms_;
};

}  // namespace kelvin::test
