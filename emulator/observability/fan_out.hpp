#pragma once

#include "runtime-api/base/lifecycle_sink.hpp"

#include <utility>
#include <vector>

namespace kelvin {

/// Passes every event to several sinks, in their order. They must outlive it.
class fan_out final : public lifecycle_sink {
 public:
  explicit fan_out(std::vector<lifecycle_sink*> sinks) : sinks_(std::move(sinks)) {}

  /// Behind those that are there already.
  void add(lifecycle_sink& sink) { sinks_.push_back(&sink); }

  void report(const lifecycle_event& event) override {
    for (lifecycle_sink* sink : sinks_) {
      sink->report(event);
    }
  }

 private:
  std::vector<lifecycle_sink*> sinks_;
};

}  // namespace kelvin
