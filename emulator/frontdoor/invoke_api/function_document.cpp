#include "emulator/frontdoor/invoke_api/function_document.hpp"

#include "runtime-api/base/base64.hpp"
#include "runtime-api/base/iso_time.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <string_view>

namespace kelvin::frontdoor {
namespace {

using json = nlohmann::ordered_json;

#if defined(__aarch64__)
constexpr const char* architecture = "arm64";
#else
constexpr const char* architecture = "x86_64";
#endif

/// AWS names the runtime's build by a hash; here is none, and it shows.
constexpr std::string_view runtime_hash = "0000000000000000000000000000000000000000000000000000000000000000";

/// `2026-01-02T03:04:05.000+0000`: functions' times have no colon and no Z.
std::string last_modified(wall_time when) {
  std::string text = iso_time(when);
  text.pop_back();
  return text.append("+0000");
}

std::string qualified_arn(const function_configuration& function, const function_facts& facts) {
  std::string arn = function_arn(facts.account, function.name);
  return facts.qualifier.empty() ? arn : arn.append(":").append(facts.qualifier);
}

std::string sha256_text(const code_artifact& code) {
  return base64_encode({reinterpret_cast<const char*>(code.sha256.data()), code.sha256.size()});
}

std::string file_url(const std::string& path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::error_code error;
  std::string url = "file://";
  for (const char each : std::filesystem::absolute(path, error).string()) {
    const auto byte = static_cast<unsigned char>(each);
    const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') ||
                       std::string_view("/-._~").find(each) != std::string_view::npos;
    if (plain) {
      url.push_back(each);
    } else {
      url.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return url;
}

json logging_document(const function_configuration& function) {
  json logging;
  if (function.logging.format == log_format::json) {
    logging["LogFormat"] = "JSON";
    logging["ApplicationLogLevel"] = name_of(function.logging.application_level);
    logging["SystemLogLevel"] = name_of(function.logging.system_level);
  } else {
    logging["LogFormat"] = "Text";
  }
  logging["LogGroup"] = "/aws/lambda/" + function.name;
  return logging;
}

/// A destination as an ARN; a file, which AWS has not, as its URL.
std::string destination_text(const event_destination& destination, const account_configuration& account) {
  return destination.kind == event_destination::kind_type::function ? function_arn(account, destination.name)
                                                                    : file_url(destination.name);
}

json destination_document(const std::optional<event_destination>& destination, const account_configuration& account) {
  json document = json::object();
  if (destination) {
    document["Destination"] = destination_text(*destination, account);
  }
  return document;
}

}  // namespace

json listed_function_document(const function_configuration& function, const function_facts& facts) {
  json document;
  document["FunctionName"] = function.name;
  document["FunctionArn"] = qualified_arn(function, facts);
  document["Runtime"] = "provided.al2023";
  document["Role"] = "arn:aws:iam::" + facts.account.account_id + ":role/kelvin";
  document["Handler"] = function.handler;
  document["CodeSize"] = facts.code.size_bytes;
  document["Description"] = "";
  document["Timeout"] = function.timeout.count();
  document["MemorySize"] = function.memory_mib;
  document["LastModified"] = last_modified(facts.code.last_modified);
  document["CodeSha256"] = sha256_text(facts.code);
  document["Version"] = "$LATEST";
  if (function.event_invoke.dead_letter) {
    document["DeadLetterConfig"]["TargetArn"] = destination_text(*function.event_invoke.dead_letter, facts.account);
  }
  if (!function.variables.empty()) {
    document["Environment"]["Variables"] = function.variables;
  }
  document["TracingConfig"]["Mode"] = "PassThrough";
  document["RevisionId"] = facts.revision_id;
  document["PackageType"] = "Zip";
  document["Architectures"] = json::array({architecture});
  document["EphemeralStorage"]["Size"] = function.ephemeral_storage_mib;
  document["SnapStart"] = {{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}};
  document["LoggingConfig"] = logging_document(function);
  return document;
}

json function_document(const function_configuration& function, const function_facts& facts) {
  json document = listed_function_document(function, facts);
  document["State"] = "Active";
  document["LastUpdateStatus"] = "Successful";
  document["RuntimeVersionConfig"]["RuntimeVersionArn"] =
      "arn:aws:lambda:" + facts.account.region + "::runtime:" + std::string(runtime_hash);
  return document;
}

json function_with_code(const function_configuration& function, const function_facts& facts) {
  json answer;
  answer["Configuration"] = function_document(function, facts);
  answer["Code"] = {{"RepositoryType", "S3"}, {"Location", file_url(facts.code.path)}};
  if (function.reserved_concurrency) {
    answer["Concurrency"]["ReservedConcurrentExecutions"] = *function.reserved_concurrency;
  }
  return answer;
}

json event_invoke_document(const function_configuration& function, const function_facts& facts) {
  const event_invoke_configuration& of = function.event_invoke;
  json document;
  document["LastModified"] =
      std::chrono::duration_cast<std::chrono::duration<double>>(facts.code.last_modified.time_since_epoch()).count();
  document["FunctionArn"] = function_arn(facts.account, function.name) + ":$LATEST";
  if (of.maximum_retry_attempts) {
    document["MaximumRetryAttempts"] = *of.maximum_retry_attempts;
  }
  if (of.maximum_event_age) {
    document["MaximumEventAgeInSeconds"] = of.maximum_event_age->count();
  }
  document["DestinationConfig"] = {{"OnSuccess", destination_document(of.on_success, facts.account)},
                                   {"OnFailure", destination_document(of.on_failure, facts.account)}};
  return document;
}

}  // namespace kelvin::frontdoor
