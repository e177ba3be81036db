#include "emulator/cli/config_printing.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

namespace kelvin {
namespace {

const templates::function_description* description_of(const function_configuration& function,
                                                      const described_targets& targets) {
  for (const described_target& each : targets.all) {
    if (!each.described) {
      continue;
    }
    for (const templates::function_description& known : each.described->functions) {
      if (known.name == function.name && known.logical_id == function.logical_id) {
        return &known;
      }
    }
  }
  return nullptr;
}

void print_function(const function_configuration& function, const templates::function_description* described) {
  std::printf("\nfunction %s\n", function.name.c_str());
  if (described != nullptr) {
    std::printf("  (%s) logical id = %s\n", described->origin.c_str(), described->logical_id.c_str());
  } else {
    std::printf("  target = %s\n", function.target.c_str());
  }
  std::printf("  code = %s\n  bootstrap = %s\n  layers = %s\n", function.code_folder.c_str(),
              function.bootstrap.c_str(), function.layer_folder.value_or("none").c_str());
  if (described == nullptr) {
    std::printf("  memory = %u\n  timeout = %lld\n", function.memory_mib,
                static_cast<long long>(function.timeout.count()));
  } else {
    for (const templates::value_origin& each : described->values) {
      std::printf("  (%s) %s%s%s\n", each.origin.c_str(), each.name.c_str(), each.value.empty() ? "" : " = ",
                  each.value.c_str());
    }
  }
  std::printf("  environments = %u\n", function.environments);
}

const char* name_of(api_kind kind) {
  switch (kind) {
    case api_kind::http: return "HTTP API";
    case api_kind::rest: return "REST API";
    case api_kind::alb: return "load balancer";
    case api_kind::function_url: break;
  }
  return "function URL";
}

std::string described(const authorizer_configuration& authorizer) {
  switch (authorizer.kind) {
    case authorizer_kind::jwt: return "JWT of " + authorizer.issuer;
    case authorizer_kind::iam: return "AWS_IAM";
    case authorizer_kind::lambda_request: return "Lambda REQUEST, function " + authorizer.function_name;
    case authorizer_kind::lambda_token: break;
  }
  return "Lambda TOKEN, function " + authorizer.function_name;
}

void print_api(const api_configuration& api) {
  std::printf("\n%s %s\n  (%s) stages =", name_of(api.kind), api.id.c_str(), api.origin.c_str());
  for (const api_stage& stage : api.stages) {
    std::printf(" %s", stage.name.c_str());
  }
  std::printf("\n");
  if (api.cors) {
    std::printf("  CORS is answered by the gateway\n");
  }
  for (const authorizer_configuration& each : api.authorizers) {
    std::printf("  (%s) authorizer %s = %s\n", each.origin.c_str(), each.name.c_str(), described(each).c_str());
  }
  for (const api_route& route : api.routes) {
    std::printf("  (%s) %s %s -> %s%s%s%s%s\n", route.origin.c_str(), route.method.c_str(), route.path.c_str(),
                route.mock ? "mock" : route.function_name.c_str(), route.authorizer.empty() ? "" : ", authorizer ",
                route.authorizer.c_str(), route.api_key_required ? ", API key" : "", route.streams ? ", streams" : "");
  }
}

}  // namespace

void print_functions(const loaded_functions& loaded, const described_targets& targets) {
  for (const function_configuration& each : loaded.functions) {
    print_function(each, description_of(each, targets));
  }
  for (const api_configuration& each : loaded.apis) {
    print_api(each);
  }
  for (const described_target& target : targets.all) {
    if (!target.described) {
      continue;
    }
    for (const templates::event_source_description& each : target.described->event_sources) {
      std::printf("\nevent source %s\n  (%s) %s -> %s, not served yet\n", each.name.c_str(), each.origin.c_str(),
                  each.type.c_str(), each.function_name.c_str());
    }
  }
}

}  // namespace kelvin
