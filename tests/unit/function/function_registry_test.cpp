#include "emulator/function/function_registry.hpp"

#include "emulator/function/function_name.hpp"

#include <doctest/doctest.h>

using namespace kelvin;

namespace {

function_registry registry_of(const std::vector<std::string>& names) {
  std::vector<function_configuration> functions;
  for (const auto& name : names)
    functions.emplace_back().name = name;
  return {account_configuration(), std::move(functions)};
}

}  // namespace

TEST_CASE("functions are found by their exact name") {
  const auto registry = registry_of({"one", "two"});
  CHECK(registry.find("one") == &registry.functions().front());
  CHECK(registry.find("two") == &registry.functions().back());
  for (const char* name : {"", "On", "ONE", "one ", "function"})
    CHECK(registry.find(name) == nullptr);
}

TEST_CASE("`function` stands for the only function") {
  const auto only = registry_of({"one"});
  CHECK(only.resolve("function") == &only.functions().front());
  CHECK(only.resolve("one") == &only.functions().front());
  CHECK(only.resolve("two") == nullptr);
  CHECK(registry_of({"one", "two"}).resolve("function") == nullptr);
  const auto called_so = registry_of({"one", "function"});
  CHECK(called_so.resolve("function") == &called_so.functions().back());
}

TEST_CASE("ARNs") {
  account_configuration account;
  CHECK(function_arn(account, "pets") == "arn:aws:lambda:us-east-1:123456789012:function:pets");
  account.region = "eu-central-1";
  account.account_id = "000000000001";
  CHECK(function_arn(account, "pets") == "arn:aws:lambda:eu-central-1:000000000001:function:pets");
}

TEST_CASE("names of functions") {
  for (const char* name : {"a", "A-b_9", "0"})
    CHECK(is_function_name(name));
  CHECK(is_function_name(std::string(64, 'x')));
  for (const char* name : {"", "a b", "a.b", "a/b", "\xC3\xA4", "a:b"})
    CHECK_FALSE(is_function_name(name));
  CHECK_FALSE(is_function_name(std::string(65, 'x')));
  CHECK(to_function_name("my app.v2") == "my-app-v2");
  CHECK(to_function_name("") == "function");
  CHECK(to_function_name(std::string(80, 'x')) == std::string(64, 'x'));
}

TEST_CASE("functions come and go; who found one before may go on with it") {
  auto registry = registry_of({"one", "two"});
  const function_configuration* const one = registry.find("one");
  const function_configuration* const two = registry.find("two");
  CHECK(registry.remove("one"));
  CHECK_FALSE(registry.remove("one"));
  CHECK(registry.find("one") == nullptr);
  CHECK(one->name == "one");
  CHECK(registry.find("two") == two);
  function_configuration again;
  again.name = "one";
  again.memory_mib = 512;
  const function_configuration& added = registry.add(again);
  CHECK(&added == registry.find("one"));
  CHECK(registry.find("one")->memory_mib == 512);
  CHECK(registry.functions().size() == 2);
  CHECK(registry.find("two") == two);
}
