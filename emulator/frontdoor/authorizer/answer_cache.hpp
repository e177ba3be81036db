#pragma once

#include "emulator/frontdoor/authorizer/authorizer_answer.hpp"
#include "runtime-api/base/clock.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kelvin::frontdoor {

/// Answers of Lambda authorizers for as long as their TTL says. Bounded: over `capacity` the one that was used longest
/// ago goes.
class answer_cache {
 public:
  explicit answer_cache(std::size_t capacity) : capacity_(capacity) {}

  /// Null: there is none, or it is too old.
  std::shared_ptr<const authorizer_answer> find(const std::string& key, steady_time now);
  /// Replaces what is there.
  void put(const std::string& key, std::shared_ptr<const authorizer_answer> answer, steady_time expires);
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct entry {
    std::string key;
    std::shared_ptr<const authorizer_answer> answer;
    steady_time expires;
  };

  std::size_t capacity_;
  std::list<entry> entries_;  ///< last used first
  std::unordered_map<std::string_view, std::list<entry>::iterator> places_;
};

/// One key of several texts, such that different texts never make the same key.
std::string cache_key(const std::vector<std::string>& texts);

}  // namespace kelvin::frontdoor
