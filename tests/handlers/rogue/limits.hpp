#pragma once

#include <functional>
#include <map>
#include <string>

/// 0.3 s of CPU time; prints the share that it got.
void burn_in_init();

/// Modes that take as much of the machine as they get: each gets the event and returns the answer.
const std::map<std::string, std::function<std::string(const std::string&)>>& greedy_modes();
