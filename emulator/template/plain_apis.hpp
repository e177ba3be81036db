#pragma once

#include "emulator/template/sam_apis.hpp"

namespace kelvin::templates {

// APIs of CloudFormation's own resources, as CDK writes them.

/// AWS::ApiGatewayV2::{Api,Stage,Authorizer,Integration,Route}.
void read_http_apis(const model& in, api_drafts& drafts);
/// AWS::ApiGateway::{RestApi,Resource,Method,Stage,Deployment,Authorizer}.
void read_rest_apis(const model& in, api_drafts& drafts);

/// FunctionUrlConfig of functions and AWS::Lambda::Url, behind the APIs that are there.
void add_function_urls(const model& in);
/// Load balancers whose listener forwards everything to a function, behind the APIs that are there.
void add_load_balancers(const model& in);

}  // namespace kelvin::templates
