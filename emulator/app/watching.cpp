#include "emulator/app/watching.hpp"

#include <utility>

namespace kelvin {

result<std::unique_ptr<watching>> watching::begin(server& serves, const settings& chosen, scratch_folder& scratch,
                                                  std::function<void()> quit) {
  std::unique_ptr<watching> made(new watching(chosen));
  auto code = code_watch::begin(serves, made->current_, scratch, serves.statuses());
  if (!code) {
    return code.error();
  }
  made->code_ = std::move(*code);
  auto project = project_watch::begin(serves, made->current_, scratch, *made->code_);
  if (!project) {
    return project.error();
  }
  made->project_ = std::move(*project);
  made->terminal_ = watch_terminal::begin(
      serves, made->current_,
      {.quit = std::move(quit), .restart = [&code = *made->code_] { code.restart(); }, .rebuild = nullptr});
  return made;
}

}  // namespace kelvin
