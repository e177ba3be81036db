#include "emulator/frontdoor/authorizer/answer_cache.hpp"

#include <utility>

namespace kelvin::frontdoor {

std::shared_ptr<const authorizer_answer> answer_cache::find(const std::string& key, steady_time now) {
  const auto found = places_.find(key);
  if (found == places_.end())
    return nullptr;
  const auto place = found->second;
  if (place->expires <= now) {
    places_.erase(found);
    entries_.erase(place);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, place);
  return place->answer;
}

void answer_cache::put(const std::string& key, std::shared_ptr<const authorizer_answer> answer, steady_time expires) {
  if (const auto found = places_.find(key); found != places_.end()) {
    const auto place = found->second;
    place->answer = std::move(answer);
    place->expires = expires;
    entries_.splice(entries_.begin(), entries_, place);
    return;
  }
  entries_.push_front({key, std::move(answer), expires});
  places_.emplace(entries_.front().key, entries_.begin());
  if (entries_.size() > capacity_) {
    places_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

std::string cache_key(const std::vector<std::string>& texts) {
  std::string key;
  for (const std::string& text : texts)
    key.append(std::to_string(text.size())).append(":").append(text);
  return key;
}

}  // namespace kelvin::frontdoor
