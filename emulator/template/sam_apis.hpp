#pragma once

#include "emulator/template/api_draft.hpp"
#include "emulator/template/model.hpp"

#include <map>
#include <string>

namespace kelvin::templates {

/// The APIs of a template by their ids.
using api_drafts = std::map<std::string, api_draft>;

/// AWS::Serverless::HttpApi and AWS::Serverless::Api, with what their definitions say.
void read_sam_apis(const model& in, api_drafts& drafts);

/// The events HttpApi and Api of functions; makes the implicit APIs. Behind every API resource.
void read_api_events(const model& in, api_drafts& drafts);

/// Auth of AWS::Serverless::HttpApi and AWS::Serverless::Api, resolved.
void read_sam_auth(api_draft& draft, const node& auth);

}  // namespace kelvin::templates
