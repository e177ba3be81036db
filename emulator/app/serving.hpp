#pragma once

#include "emulator/app/server.hpp"
#include "emulator/app/settings.hpp"
#include "runtime-api/base/awaitable.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kelvin {

/// A server that listens, and the folder for what it unpacks, which goes last.
struct serving {
  std::unique_ptr<scratch_folder> scratch;
  std::unique_ptr<kelvin::server> server;
};

/// Reads the templates, forks the spawner, builds the server and listens. To be called before anything else has made
/// the process large. Errors: as describe_targets, server::build and
/// server::listen.
result<serving> begin_serving(const settings& chosen);

/// Runs `body` on the server's loop while it serves, then stops everything and returns what `body`
/// returned, or `on_exception` if one escaped it.
int serve_while(serving& with, std::function<awaitable<int>()> body, int on_exception);

/// How long a stop waits for invocations in progress: none of them may take longer.
duration drain_limit(const function_registry& registry);

/// The exit code for a failure to begin: usage where the user named something that cannot be served.
int exit_code_of(const failure& what);

/// Prints a failure of kelvin's own to stderr in the form of all its messages.
void print_failure(const failure& what);

}  // namespace kelvin
