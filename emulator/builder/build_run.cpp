#include "emulator/builder/build_run.hpp"

#include "emulator/sandbox/descriptor.hpp"
#include "emulator/sandbox/output_pipe.hpp"
#include "emulator/sandbox/start_failure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace kelvin {
namespace {

constexpr int command_not_found = 127;
constexpr int command_not_executable = 126;

/// Passes on the lines of the one pipe.
class line_observer final : public sandbox_observer {
 public:
  explicit line_observer(std::function<void(std::string_view)> take) : take_(std::move(take)) {}
  void on_output_line(output_stream, std::string_view line) override { take_(line); }
  void on_exit(const exit_status&) override {}
  void on_memory_exhausted() override {}

 private:
  std::function<void(std::string_view)> take_;
};

std::vector<std::string> variables_for(const build_command& wanted) {
  std::vector<std::string> variables;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view variable = *each;
    const auto name = variable.substr(0, variable.find('='));
    if (std::none_of(wanted.variables.begin(), wanted.variables.end(),
                     [&](const auto& given) { return given.first == name; })) {
      variables.emplace_back(variable);
    }
  }
  for (const auto& [name, value] : wanted.variables) {
    variables.push_back(name + "=" + value);
  }
  return variables;
}

std::string seconds(duration took) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f s", std::chrono::duration<double>(took).count());
  return text;
}

build_ending ending_of(const exit_status& status, bool cancelled, bool late) {
  if (cancelled) {
    return build_ending::cancelled;
  }
  const bool good = !status.signaled && status.value == 0;
  // Where it ended in order at the last moment, what it made is whole.
  if (late && !good) {
    return build_ending::timed_out;
  }
  return good ? build_ending::good : build_ending::failed;
}

}  // namespace

std::string build_sentence(const build_command& ran, build_ending ending, const exit_status& status, duration took) {
  const std::string command = "`" + ran.command + "` in " + ran.folder;
  switch (ending) {
    case build_ending::good: return command + ": built in " + seconds(took);
    case build_ending::cancelled: return command + ": cancelled after " + seconds(took);
    case build_ending::timed_out:
      return command + ": was still running after " + seconds(ran.limit) + " and was ended with all it had started";
    case build_ending::failed: break;
  }
  if (status.signaled) {
    return command + ": failed after " + seconds(took) + ", killed by signal " + std::to_string(status.value) + " (" +
           ::strsignal(status.value) + ")";
  }
  std::string text = command + ": failed after " + seconds(took) + " with exit status " + std::to_string(status.value);
  if (status.value == command_not_found) {
    text += ": the shell did not find a command; install it, put it into PATH, or name another by --build CMD";
  } else if (status.value == command_not_executable) {
    text += ": the shell found a command that cannot be run; see its mode (chmod +x), or name another by --build CMD";
  }
  return text;
}

build_run::build_run(boost::asio::io_context& context, clock& time, posix_sandbox_factory& factory)
    : context_(context), time_(time), factory_(factory) {}

build_run::~build_run() = default;

awaitable<result<build_outcome>> build_run::run(build_command wanted, line_callback on_line) {
  const steady_time began = time_.now();
  on_line_ = std::move(on_line);
  auto pipe = make_pipe();
  if (!pipe) {
    co_return pipe.error();
  }
  const descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!nothing) {
    co_return call_failure("open /dev/null", errno);
  }
  command_specification specification;
  specification.command = "/bin/sh";
  specification.arguments = {"-c", wanted.command};
  specification.variables = variables_for(wanted);
  specification.working_directory = wanted.folder;
  specification.standard_streams = {nothing.get(), pipe->write_end.get(), pipe->write_end.get()};
  auto started = co_await child_command::start(factory_, std::move(specification));
  if (!started) {
    co_return fail(started.error().code, "`" + wanted.command + "`: " + started.error().detail);
  }
  pipe->write_end.reset();
  command_ = std::move(*started);
  line_observer observer([this](std::string_view line) { take_line(line); });
  const auto output = std::make_shared<output_pipe>(context_.get_executor(), std::move(pipe->read_end),
                                                    output_stream::standard_output, factory_.readers(), observer);
  output->start();
  const auto deadline = time_.make_alarm([this] {
    late_ = true;
    end();
  });
  deadline->set(began + wanted.limit);
  if (cancelled_) {
    end();
  }
  build_outcome outcome;
  outcome.status = co_await command_->wait();
  command_.reset();
  // Nobody writes any more: what the pipe holds is the rest.
  output->drain();
  output->finish();
  outcome.took = time_.now() - began;
  outcome.ending = ending_of(outcome.status, cancelled_, late_);
  outcome.sentence = build_sentence(wanted, outcome.ending, outcome.status, outcome.took);
  outcome.last_lines.assign(last_lines_.begin(), last_lines_.end());
  co_return outcome;
}

void build_run::cancel() {
  cancelled_ = true;
  end();
}

void build_run::end() {
  if (command_ && !told_to_end_) {
    told_to_end_ = true;
    command_->end(limits::build_grace);
  }
}

void build_run::take_line(std::string_view line) {
  last_lines_.emplace_back(line.substr(0, limits::build_last_line_bytes));
  if (last_lines_.size() > limits::build_last_lines) {
    last_lines_.pop_front();
  }
  on_line_(line);
}

}  // namespace kelvin
