#pragma once

#include "emulator/template/model.hpp"

#include <map>
#include <string>

namespace kelvin::templates {

/// What stands over the variables that a template declares.
struct variable_overrides {
  std::map<std::string, std::string> shell;    ///< of kelvin's own environment: for declared variables
  std::map<std::string, std::string> options;  ///< --env and --env-file: for every function
  /// JSON files: function (its name or logical id, or `Parameters` for all) to variables, for declared ones.
  std::map<std::string, std::map<std::string, std::string>> files;
};

/// Reads AWS::Serverless::Function and AWS::Lambda::Function into the project: names first, so that each may
/// name the others, then everything else.
void read_functions(const model& in, const variable_overrides& overrides);

/// EventInvokeConfig of the functions, and AWS::Lambda::EventInvokeConfig. Behind read_functions().
void read_event_invoke(const model& in);

/// The events of functions that are no APIs, and AWS::Lambda::EventSourceMapping. Behind read_functions().
void read_event_sources(const model& in);

/// A function's Environment.Variables under all that stands over them.
void read_variables(const model& in, const node& environment, const variable_overrides& overrides,
                    function_description& made);

/// Where the code of a function or layer lies: the path of CodeUri, Code, ContentUri or Content, or of what CDK says
/// in the resource's Metadata. nullopt, and a warning, where it lies on AWS only.
std::optional<named_path> read_code(const model& in, const resource& of, std::string_view property_name);

}  // namespace kelvin::templates
