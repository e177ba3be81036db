#include "lambda_http.hpp"

#include <map>
#include <string>

namespace {

using lambda_http::request;
using lambda_http::response;

const std::map<std::string, std::string> greetings = {{"de", "Hallo"}, {"en", "Hello"}, {"fr", "Bonjour"}};

response problem(int status, const std::string& message) {
  return {status, "{\"message\":" + lambda_runtime::json_string(message) + "}"};
}

/// What follows `prefix` in the path; empty if the path starts otherwise.
std::string behind(const std::string& path, const std::string& prefix) {
  return path.compare(0, prefix.size(), prefix) == 0 ? path.substr(prefix.size()) : "";
}

response greet(const request& asked, const std::string& name) {
  const std::string language = request::value_or(asked.query, "language", asked.cookie("language", "en"));
  const auto word = greetings.find(language);
  if (word == greetings.end())
    return problem(400, "no greeting in '" + language + "'");
  return {200, "{\"greeting\":" + lambda_runtime::json_string(word->second + ", " + name + "!") + "}"};
}

response choose_language(const std::string& language) {
  if (greetings.count(language) == 0)
    return problem(404, "no language '" + language + "'");
  response answer{204, ""};
  answer.cookies = {"language=" + language + "; Path=/; HttpOnly"};
  return answer;
}

response handle(const request& asked) {
  const std::string name = behind(asked.path, "/greetings/");
  const std::string language = behind(asked.path, "/language/");
  if (asked.method == "GET" && !name.empty())
    return greet(asked, name);
  if (asked.method == "PUT" && !language.empty())
    return choose_language(language);
  if (asked.method == "POST" && asked.path == "/greetings" && !asked.body.empty())
    return greet(asked, asked.body);
  return problem(404, "nothing at " + asked.method + " " + asked.path);
}

}  // namespace

int main() {
  lambda_http::serve(handle);
}
