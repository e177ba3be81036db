#include "emulator/function/credentials.hpp"

#include "tests/support/failure_text.hpp"
#include "tests/support/scoped_variable.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace kelvin;
using namespace kelvin::test;

namespace {

struct fixture {
  temporary_folder folder;
  scoped_variable home{"HOME", folder.path()};
  scoped_variable credentials_file{"AWS_SHARED_CREDENTIALS_FILE", nullptr};
  scoped_variable config_file{"AWS_CONFIG_FILE", nullptr};
  scoped_variable key{"AWS_ACCESS_KEY_ID", nullptr};
  scoped_variable secret{"AWS_SECRET_ACCESS_KEY", nullptr};
  scoped_variable token{"AWS_SESSION_TOKEN", nullptr};
};

}  // namespace

TEST_CASE("dummy credentials are complete") {
  const auto values = dummy_credentials();
  CHECK_FALSE(values.access_key_id.empty());
  CHECK_FALSE(values.secret_access_key.empty());
  CHECK_FALSE(values.session_token.empty());
}

TEST_CASE_FIXTURE(fixture, "credentials of the environment") {
  CHECK(contains(failure_text(environment_credentials(), errc::not_found), "AWS_ACCESS_KEY_ID is not set"));
  const scoped_variable given_key("AWS_ACCESS_KEY_ID", "KEY");
  CHECK(contains(failure_text(environment_credentials(), errc::not_found), "AWS_SECRET_ACCESS_KEY is not set"));
  const scoped_variable given_secret("AWS_SECRET_ACCESS_KEY", "SECRET");
  CHECK(environment_credentials()->session_token.empty());
  const scoped_variable given_token("AWS_SESSION_TOKEN", "TOKEN");
  const auto values = environment_credentials();
  CHECK(values->access_key_id == "KEY");
  CHECK(values->secret_access_key == "SECRET");
  CHECK(values->session_token == "TOKEN");
}

TEST_CASE_FIXTURE(fixture, "static keys of a profile") {
  folder.write(".aws/credentials",
               "# comment\n[default]\naws_access_key_id=D\naws_secret_access_key=DS\n\n[ work ]\n"
               "aws_access_key_id = W\r\naws_secret_access_key = a=b/c\naws_session_token = T\n");
  folder.write(".aws/config",
               "[default]\nregion = eu-west-1\ns3 =\n  max_queue_size = 1\n[profile only]\naws_access_key_id = O\n"
               "aws_secret_access_key = OS\n[profile work]\ncredential_process = ignored\n");
  CHECK(profile_credentials("default")->access_key_id == "D");
  CHECK(profile_credentials("default")->session_token.empty());
  const auto work = profile_credentials("work");
  REQUIRE(succeeds(work));
  CHECK(work->access_key_id == "W");
  CHECK(work->secret_access_key == "a=b/c");
  CHECK(work->session_token == "T");
  CHECK(profile_credentials("only")->secret_access_key == "OS");
}

TEST_CASE_FIXTURE(fixture, "the files can be elsewhere") {
  const auto path = folder.write("elsewhere", "[mine]\naws_access_key_id=K\naws_secret_access_key=S\n");
  const scoped_variable chosen("AWS_SHARED_CREDENTIALS_FILE", path);
  CHECK(profile_credentials("mine")->access_key_id == "K");
}

TEST_CASE_FIXTURE(fixture, "profiles that are more than keys are named") {
  struct row {
    const char* setting;
    const char* meaning;
  };
  for (const auto& [setting, meaning] :
       {row{"role_arn", "assumes a role"}, row{"sso_session", "IAM Identity Center (SSO)"},
        row{"sso_start_url", "IAM Identity Center (SSO)"}, row{"credential_process", "runs a credential process"},
        row{"web_identity_token_file", "uses a web identity"}, row{"login_session", "uses a console login"}}) {
    CAPTURE(setting);
    folder.write(".aws/config", "[profile other]\n" + std::string(setting) + " = value\n");
    const auto text = failure_text(profile_credentials("other"), errc::unsupported);
    CHECK(contains(text, meaning));
    CHECK(contains(text, "aws configure export-credentials --profile other --format env"));
  }
  folder.write(".aws/config", "[profile other]\nrole_arn = value\n");
  folder.write(".aws/credentials", "[other]\naws_access_key_id=K\naws_secret_access_key=S\n");
  CHECK(contains(failure_text(profile_credentials("other"), errc::unsupported), "assumes a role"));
}

TEST_CASE_FIXTURE(fixture, "what is missing or malformed is named") {
  CHECK(contains(failure_text(profile_credentials("gone"), errc::not_found),
                 "no such profile in " + folder.path() + "/.aws/credentials and " + folder.path() + "/.aws/config"));
  folder.write(".aws/config", "[profile gone]\nregion = eu-west-1\n");
  CHECK(contains(failure_text(profile_credentials("gone"), errc::not_found), "has no aws_access_key_id"));
  folder.write(".aws/credentials", "[gone\n");
  CHECK(contains(failure_text(profile_credentials("gone"), errc::invalid_argument), "credentials:1: "));
  folder.write(".aws/credentials", "\nkey = value\n");
  CHECK(contains(failure_text(profile_credentials("gone"), errc::invalid_argument), "credentials:2: a value stands"));
  folder.write(".aws/credentials", "[gone]\nnonsense\n");
  CHECK(contains(failure_text(profile_credentials("gone"), errc::invalid_argument), "credentials:2: expected"));
  const scoped_variable homeless("HOME", nullptr);
  CHECK(contains(failure_text(profile_credentials("gone"), errc::not_found), "HOME is not set"));
}
