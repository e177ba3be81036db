#include "emulator/app/watching.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace kelvin {

result<std::unique_ptr<watching>> watching::begin(server& serves, const settings& chosen, scratch_folder& scratch,
                                                  std::function<void()> quit) {
  std::unique_ptr<watching> made(new watching(serves, chosen));
  auto code = code_watch::begin(serves, made->current_, scratch, serves.statuses());
  if (!code) {
    return code.error();
  }
  made->code_ = std::move(*code);
  if (const auto begun = made->begin_builds(); !begun) {
    return begun.error();
  }
  auto project =
      project_watch::begin(serves, made->current_, scratch, *made->code_, [&watch = *made] { watch.update_builds(); });
  if (!project) {
    return project.error();
  }
  made->project_ = std::move(*project);
  const auto plans = made->plan();
  const bool builds = plans && std::any_of(plans->begin(), plans->end(),
                                           [](const auto& each) { return each.how.kind != build_kind::none; });
  std::function<void()> rebuild = builds ? [&watch = *made] { watch.rebuild(); } : std::function<void()>();
  made->terminal_ = watch_terminal::begin(
      serves, made->current_,
      {.quit = std::move(quit), .restart = [&code = *made->code_] { code.restart(); }, .rebuild = std::move(rebuild)});
  return made;
}

result<std::vector<planned_build>> watching::plan() const {
  const auto targets = describe_targets(current_);
  if (!targets) {
    return targets.error();
  }
  return plan_builds(current_, *targets, &serves_.registry(), machine_files());
}

result<void> watching::begin_builds() {
  auto plans = plan();
  if (!plans) {
    return plans.error();
  }
  build_services with{serves_.context(), serves_.clock(), serves_.sandboxes(), serves_.statuses(),
                      [&serves = serves_](notice_level level, std::string_view text) { serves.tell(level, text); }};
  auto begun = build_watch::begin(std::move(with), std::move(*plans));
  if (!begun) {
    return begun.error();
  }
  builds_ = std::move(*begun);
  builds_->build_what_is_old();
  return {};
}

/// What describes the functions has changed. What is wrong with it was told before this.
void watching::update_builds() {
  if (auto plans = plan()) {
    builds_->update(std::move(*plans));
    builds_->build_what_is_old();
  }
}

void watching::rebuild() {
  for (const function_configuration& each : serves_.registry().functions()) {
    builds_->rebuild(each.name);
  }
}

}  // namespace kelvin
