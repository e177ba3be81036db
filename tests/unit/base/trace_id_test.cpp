#include "runtime-api/base/trace_id.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <string>

using namespace kelvin;
using namespace std::chrono_literals;

TEST_CASE("a caller's trace id is kept, else one is made in AWS's form") {
  const wall_time when{0x5f84c7a9s};
  CHECK(make_trace_id("Root=1-5f84c7a9-0123456789abcdef01234567;Sampled=1", when) ==
        "Root=1-5f84c7a9-0123456789abcdef01234567;Sampled=1");
  const std::regex form("Root=1-5f84c7a9-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:0");
  CHECK(std::regex_match(make_trace_id("", when), form));
  CHECK(std::regex_match(make_trace_id("Self=1-2-3", when), form));
  CHECK(make_trace_id("", when) != make_trace_id("", when));
}

TEST_CASE("a front door's trace id is a root alone") {
  const wall_time when{0x67ab12cds};
  const std::string made = make_root_trace_id(when);
  CHECK(std::regex_match(made, std::regex("Root=1-67ab12cd-[0-9a-f]{24}")));
  CHECK(made != make_root_trace_id(when));
  CHECK(make_trace_id(made, when) == made);
}

TEST_CASE("an invocation behind a front door has the door's root, and a parent of its own") {
  const std::string root = "Root=1-67ab12cd-0123456789abcdef01234567";
  const std::regex form(root + ";Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:0");
  CHECK(std::regex_match(make_invocation_trace_id(root), form));
  const std::string whole = root + ";Parent=0123456789abcdef;Sampled=1";
  CHECK(make_invocation_trace_id(whole) == whole);
}
