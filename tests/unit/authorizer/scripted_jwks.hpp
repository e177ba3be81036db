#pragma once

#include "emulator/frontdoor/authorizer/jwks_source.hpp"
#include "tests/unit/authorizer/signed_tokens.hpp"

#include <boost/asio/post.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace kelvin::test {

/// A key set with keys of these ids: `second` is the second key of signed_tokens, any other the first.
inline std::string key_set_text(const std::vector<std::string>& ids) {
  std::string text = R"({"keys":[)";
  for (const std::string& id : ids) {
    const std::string_view modulus = id == "second" ? signed_tokens::second_modulus : signed_tokens::first_modulus;
    text += (&id == &ids.front() ? "" : ",") + std::string(R"({"kty":"RSA","kid":")") + id + R"(","n":")" +
            std::string(modulus) + R"(","e":"AQAB"})";
  }
  return text + "]}";
}

/// Documents by their URLs, or by `file ` and their path; any other place cannot be reached.
class scripted_jwks final : public frontdoor::jwks_source {
 public:
  explicit scripted_jwks(boost::asio::io_context& context) : context_(context) {}

  awaitable<result<std::string>> fetch(std::string url) override {
    asked.push_back(url);
    co_await boost::asio::post(context_.get_executor(), use_awaitable);
    if (throws)
      throw std::runtime_error("thrown by the source");
    co_return find(url);
  }

  result<std::string> read(const std::string& path) override {
    asked.push_back("file " + path);
    return find("file " + path);
  }

  std::map<std::string, std::string> documents;
  std::vector<std::string> asked;
  bool throws = false;

 private:
  result<std::string> find(const std::string& place) const {
    const auto found = documents.find(place);
    if (found == documents.end())
      return fail(errc::connection_closed, place + ": nobody is there");
    return found->second;
  }

  boost::asio::io_context& context_;
};

}  // namespace kelvin::test
