#pragma once

#include "emulator/function/api_configuration.hpp"
#include "emulator/function/event_invoke_configuration.hpp"
#include "emulator/template/node.hpp"
#include "runtime-api/base/log_format.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kelvin::templates {

/// A path that a template names.
struct named_path {
  std::string path;    ///< as the template has it, behind the template's own folder
  std::string origin;  ///< `FILE:LINE`
};

/// One value of a function, for those who ask where it comes from.
struct value_origin {
  std::string name;
  std::string value;
  std::string origin;  ///< `FILE:LINE`, `default`, `shell`, …
};

/// One function, as the template describes it; its code has not been looked at.
struct function_description {
  std::string logical_id;
  std::string name;
  std::string origin;                   ///< `FILE:LINE`
  std::string runtime;                  ///< `provided.al2023`, …; empty: not given
  std::string architecture = "x86_64";  ///< or `arm64`
  std::string handler = "bootstrap";
  std::string build_method;        ///< of its Metadata; empty: none
  std::optional<named_path> code;  ///< not given: it lies on AWS only
  std::vector<named_path> layers;  ///< in their order
  std::optional<unsigned> memory_mib;
  std::optional<unsigned> ephemeral_storage_mib;
  std::chrono::seconds timeout{3};
  std::optional<unsigned> reserved_concurrency;
  std::map<std::string, std::string> variables;
  event_invoke_configuration event_invoke;
  std::optional<logging_configuration> logging;
  std::vector<value_origin> values;  ///< in the order of the documentation; of variables the names alone

  /// Whether its runtime is one that starts a bootstrap.
  bool runs_bootstrap() const noexcept { return runtime.empty() || runtime.starts_with("provided"); }
};

/// What makes invocations beside callers: a queue, a schedule, … This version keeps it and does not serve it.
struct event_source_description {
  std::string type;           ///< of the event (`SQS`), or `EventSourceMapping`
  std::string name;           ///< of the event, or the resource's logical id
  std::string function_name;  ///< empty: not one of this template
  std::string origin;         ///< `FILE:LINE` of the properties
  node properties;            ///< resolved
};

/// What a template describes.
struct project {
  std::string file;
  std::vector<function_description> functions;
  std::vector<api_configuration> apis;  ///< in the order of the template, the implicit ones behind, then function URLs
  std::vector<event_source_description> event_sources;
  std::vector<std::string> warnings;  ///< each begins with `FILE:LINE`
};

}  // namespace kelvin::templates
