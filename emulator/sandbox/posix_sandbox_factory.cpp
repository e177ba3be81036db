#include "emulator/sandbox/posix_sandbox_factory.hpp"

#include "emulator/sandbox/posix_sandbox.hpp"
#include "emulator/sandbox/start_failure.hpp"

#include <string>
#include <utility>

namespace kelvin {

posix_sandbox_factory::posix_sandbox_factory(boost::asio::io_context& context, spawner owned)
    : loop_(context.get_executor()),
      keepers_(std::make_shared<keeper_pool>(loop_, std::move(owned))),
      readers_(std::make_shared<output_readers>()) {
  keepers_->start();
}

posix_sandbox_factory::~posix_sandbox_factory() {
  keepers_->close();
}

awaitable<result<std::unique_ptr<sandbox>>> posix_sandbox_factory::start(process_specification specification,
                                                                         sandbox_observer& observer) {
  const steady_time requested = std::chrono::steady_clock::now();
  const std::string& program = specification.program;
  const isolation_specification* isolation = specification.isolation ? &*specification.isolation : nullptr;
  const start_request request{child_kind::sandbox,
                              0,
                              program,
                              program,
                              specification.arguments,
                              specification.variables,
                              specification.working_directory,
                              isolation,
                              specification.stopped};
  if (auto problem = find_nul(request)) {
    co_return std::move(*problem);
  }
  const std::shared_ptr<kept_tmp> tmp = isolation != nullptr ? isolation->tmp : nullptr;
  for (int attempt = 0; attempt < start_attempts; ++attempt) {
    auto keeper = keepers_->take();
    if (!keeper) {
      co_return keeper.error();
    }
    auto pipes = keepers_->take_pipes();
    if (!pipes) {
      co_return pipes.error();
    }
    auto made = std::make_unique<posix_sandbox>(loop_, readers_, observer, requested);
    made->limit(specification.limits, keepers_->groups());
    // Written anew for each attempt, for it says whether a kept /tmp comes along.
    const std::string message = encode_start(request);
    const start_answer answer = co_await made->launch(std::move(*keeper), std::move(*pipes), message, tmp);
    if (answer.what == start_answer::kind::timed_out) {
      co_return keeper_timed_out(program);
    }
    if (answer.what == start_answer::kind::answered) {
      if (answer.report.kind != report_kind::started) {
        co_return start_failure(answer.report, program, specification.working_directory);
      }
      co_return std::unique_ptr<sandbox>(std::move(made));
    }
  }
  co_return keepers_lost(program);
}

}  // namespace kelvin
