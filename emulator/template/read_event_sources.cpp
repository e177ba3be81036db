#include "emulator/template/property_table.hpp"
#include "emulator/template/read_functions.hpp"
#include "runtime-api/base/limits.hpp"

#include <utility>

namespace kelvin::templates {
namespace {

std::optional<event_destination> read_destination(const model& in, const node* value, std::string_view name) {
  if (value == nullptr) {
    return std::nullopt;
  }
  const node* kind = value->find("Type");
  const node* target = value->find("Destination");
  const std::string text = target != nullptr ? target->text : "";
  const function_description* function = text.find(":function:") != std::string::npos ? in.function_of(text) : nullptr;
  if (function != nullptr) {
    return event_destination{event_destination::kind_type::function, function->name};
  }
  in.notes.unsupported(value->at, std::string(name) + " " + (kind != nullptr ? kind->text : text) +
                                      ": destinations other than functions of this template");
  return std::nullopt;
}

void read_invoke_configuration(const model& in, const node& given, event_invoke_configuration& into) {
  into.maximum_retry_attempts =
      number_in(in, given.find("MaximumRetryAttempts"), "MaximumRetryAttempts", 0, limits::asynchronous_retries_max);
  constexpr unsigned age_min = 60;
  if (const auto age = number_in(in, given.find("MaximumEventAgeInSeconds"), "MaximumEventAgeInSeconds", age_min,
                                 static_cast<unsigned>(std::chrono::seconds(limits::event_age_max).count()))) {
    into.maximum_event_age = std::chrono::seconds(*age);
  }
  into.on_success = read_destination(in, given.find("DestinationConfig", "OnSuccess"), "OnSuccess");
  into.on_failure = read_destination(in, given.find("DestinationConfig", "OnFailure"), "OnFailure");
}

bool is_api_event(std::string_view type) {
  return type == "HttpApi" || type == "Api";
}

void read_events(const model& in, const resource& of, const function_description& function) {
  const node events = in.values.property(of, "Events");
  for (const member& each : events.members) {
    const node* type = each.value.find("Type");
    if (type == nullptr || !type->is_scalar()) {
      in.notes.fail(each.at, errc::invalid_argument, "the event " + each.name + " of " + of.id + " has no Type");
      continue;
    }
    if (is_api_event(type->text)) {
      continue;
    }
    in.notes.warn(each.at, "the event " + each.name + " of " + of.id + " is of type " + type->text +
                               ", which is not served yet: nothing invokes the function by it");
    const node* properties = each.value.find("Properties");
    in.into.event_sources.push_back({type->text, each.name, function.name,
                                     in.notes.text_of(properties == nullptr ? each.at : properties->at),
                                     properties == nullptr ? node() : *properties});
  }
}

void read_mapping(const model& in, const resource& of) {
  const node name = in.values.property(of, "FunctionName");
  const function_description* function = in.function_of(name.text);
  auto properties = in.values.resolve(of.properties);
  in.notes.warn(of.at, "the event source mapping " + of.id + " is not served yet: nothing invokes the function by it");
  in.into.event_sources.push_back({"EventSourceMapping", of.id, function == nullptr ? "" : function->name,
                                   in.notes.text_of(of.properties.at), properties ? std::move(*properties) : node()});
}

}  // namespace

void read_event_invoke(const model& in) {
  for (function_description& each : in.into.functions) {
    const resource& of = *find_resource(in.resources, each.logical_id);
    const node given = in.values.property(of, "EventInvokeConfig");
    if (given.is_map()) {
      read_invoke_configuration(in, given, each.event_invoke);
      each.values.push_back({"EventInvokeConfig", "", in.notes.text_of(given.at)});
    }
    const bool is_sam = of.type == "AWS::Serverless::Function";
    const node dead = in.values.property(of, is_sam ? "DeadLetterQueue" : "DeadLetterConfig");
    if (const node* target = dead.find("TargetArn")) {
      if (const auto* function =
              target->text.find(":function:") != std::string::npos ? in.function_of(target->text) : nullptr) {
        each.event_invoke.dead_letter = event_destination{event_destination::kind_type::function, function->name};
      } else {
        in.notes.unsupported(dead.at, "a dead-letter queue that is no function, of " + of.id +
                                          " (--dead-letter keeps such events in a file)");
      }
    }
  }
  for (const resource& of : in.resources) {
    if (of.type != "AWS::Lambda::EventInvokeConfig") {
      continue;
    }
    check_properties(of.type, of.properties, in.notes);
    const std::string name = in.values.property(of, "FunctionName").text;
    for (function_description& each : in.into.functions) {
      if (in.function_of(name) == &each) {
        if (const auto given = in.values.resolve(of.properties)) {
          read_invoke_configuration(in, *given, each.event_invoke);
        }
      }
    }
  }
}

void read_event_sources(const model& in) {
  for (const function_description& each : in.into.functions) {
    read_events(in, *find_resource(in.resources, each.logical_id), each);
  }
  for (const resource& of : in.resources) {
    if (of.type == "AWS::Lambda::EventSourceMapping") {
      read_mapping(in, of);
    }
  }
}

}  // namespace kelvin::templates
