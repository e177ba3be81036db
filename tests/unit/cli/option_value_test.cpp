#include "emulator/cli/option_value.hpp"

#include "tests/support/failure_text.hpp"

using namespace kelvin;
using namespace kelvin::test;

TEST_CASE("whole numbers of a range") {
  CHECK(*parse_number("128", 128, 10240) == 128);
  CHECK(*parse_number("10240", 128, 10240) == 10240);
  CHECK(*parse_number("0", 0, 1) == 0);
  for (const char* text :
       {"", "127", "10241", "-128", "+128", " 128", "128 ", "1e3", "128MB", "0x80", "99999999999999"}) {
    CAPTURE(text);
    CHECK(failure_text(parse_number(text, 128, 10240, "MB"), errc::invalid_argument) ==
          "must be a whole number from 128 to 10240 (MB)");
  }
}

TEST_CASE("targets") {
  struct row {
    const char* text;
    const char* name;
    const char* path;
  };
  for (const auto& [text, name, path] :
       {row{"bootstrap", "", "bootstrap"}, row{"./a=b/c", "", "./a=b/c"}, row{"/x=y", "", "/x=y"},
        row{"pets=./build", "pets", "./build"}, row{"pets=a=b", "pets", "a=b"}, row{"a b=c", "a b", "c"}}) {
    CAPTURE(text);
    const auto parsed = parse_target(text);
    REQUIRE(succeeds(parsed));
    CHECK(parsed->name == name);
    CHECK(parsed->path == path);
  }
  for (const char* text : {"", "=x", "x="})
    failure_text(parse_target(text), errc::invalid_argument);
}

TEST_CASE("addresses to listen on") {
  struct row {
    const char* text;
    const char* host;
    unsigned port;
  };
  for (const auto& [text, host, port] :
       {row{"127.0.0.1:9000", "127.0.0.1", 9000}, row{"localhost:0", "localhost", 0}, row{"[::1]:65535", "::1", 65535},
        row{"0.0.0.0:80", "0.0.0.0", 80}, row{"[::]:1", "::", 1}}) {
    CAPTURE(text);
    const auto parsed = parse_listen(text);
    REQUIRE(succeeds(parsed));
    CHECK(parsed->host == host);
    CHECK(parsed->port == port);
  }
  for (const char* text :
       {"", "9000", ":9000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:9000", "[::1]",
        "[127.0.0.1]:1", "example.com:80", "1.2.3:80", "[]:80", "http://127.0.0.1:80"}) {
    CAPTURE(text);
    CHECK(contains(failure_text(parse_listen(text), errc::invalid_argument), "must be HOST:PORT"));
  }
}

TEST_CASE("endpoints") {
  CHECK(parse_endpoint("http://127.0.0.1:9000")->port == 9000);
  CHECK(parse_endpoint("http://localhost:1/")->host == "localhost");
  CHECK(parse_endpoint("http://localhost")->port == 80);
  CHECK(parse_endpoint("http://[::1]:9000/")->host == "::1");
  CHECK(parse_endpoint("http://[::1]")->port == 80);
  for (const char* text : {"", "127.0.0.1:9000", "http://", "http://127.0.0.1:0", "http://example.com:1",
                           "http://127.0.0.1:9000/path", "ftp://127.0.0.1:1"}) {
    CAPTURE(text);
    CHECK(contains(failure_text(parse_endpoint(text), errc::invalid_argument), "must be http://HOST:PORT"));
  }
  CHECK(
      contains(failure_text(parse_endpoint("https://127.0.0.1:1"), errc::unsupported), "https is not in this version"));
}

TEST_CASE("variables") {
  CHECK(parse_variable("A=b=c")->first == "A");
  CHECK(parse_variable("A=b=c")->second == "b=c");
  CHECK(parse_variable("A=")->second.empty());
  for (const char* text : {"", "A", "=b"})
    failure_text(parse_variable(text), errc::invalid_argument);
}

TEST_CASE("where credentials come from") {
  CHECK(parse_credentials("dummy")->source == credentials_source::dummy);
  CHECK(parse_credentials("environment")->source == credentials_source::environment);
  CHECK(parse_credentials("profile:a:b")->source == credentials_source::profile);
  CHECK(parse_credentials("profile:a:b")->profile == "a:b");
  for (const char* text : {"", "Dummy", "profile", "profile:"}) {
    CHECK(contains(failure_text(parse_credentials(text), errc::invalid_argument), "must be dummy, environment or"));
  }
}

TEST_CASE("words") {
  CHECK(*parse_log_level("debug") == notice_level::debug);
  CHECK(*parse_log_level("info") == notice_level::info);
  CHECK(*parse_log_level("warning") == notice_level::warning);
  CHECK(*parse_log_level("error") == notice_level::error);
  failure_text(parse_log_level("warn"), errc::invalid_argument);
  CHECK(*parse_region("us-gov-west-1") == "us-gov-west-1");
  for (const char* text : {"", "US-EAST-1", "us east", "1us", "us/east"}) {
    failure_text(parse_region(text), errc::invalid_argument);
  }
  CHECK(*parse_account_id("000000000001") == "000000000001");
  for (const char* text : {"", "12345678901", "1234567890123", "12345678901x"}) {
    failure_text(parse_account_id(text), errc::invalid_argument);
  }
  CHECK(*parse_host("dev_box.Local") == "dev_box.Local");
  CHECK(*parse_host("[fe80::1]") == "[fe80::1]");
  for (const char* text : {"", "http://a", "a/b", "a b"})
    failure_text(parse_host(text), errc::invalid_argument);
  CHECK(*parse_key_set_place("http://a/b=c=d") == std::pair<std::string, std::string>("http://a/b", "c=d"));
  for (const char* text : {"", "https://a", "https://a=", "=keys", "a=keys", "ftp://a=keys"})
    failure_text(parse_key_set_place(text), errc::invalid_argument);
  CHECK(*parse_handler("src/main.handler") == "src/main.handler");
  CHECK(succeeds(parse_handler(std::string(128, 'x'))));
  failure_text(parse_handler(std::string(129, 'x')), errc::invalid_argument);
  for (const char* text : {"", "a b", "a\n"})
    failure_text(parse_handler(text), errc::invalid_argument);
}
