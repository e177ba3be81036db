#include "emulator/frontdoor/alb/to_response.hpp"
#include "emulator/frontdoor/function_url/to_response.hpp"
#include "emulator/frontdoor/http_api/to_response.hpp"
#include "emulator/frontdoor/rest_api/to_response.hpp"
#include "emulator/web/function_answer.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/web_exchange.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace kelvin;
using kelvin::fuzz::require;

namespace {

void check(const web::web_response& response) {
  require(response.status >= 200 && response.status <= 599);
  for (const name_value& each : response.fields) {
    require(!each.name.empty());
  }
}

void check_same(std::string_view posted) {
  const web::function_answer read = web::read_function_answer(posted);
  const web::function_answer parsed = web::read_whole_answer(posted);
  require(read.whole.kind == parsed.whole.kind && read.whole.view() == parsed.whole.view());
  require(read.body.kind == parsed.body.kind && read.body.view() == parsed.body.view());
  require(read.status_code.kind == parsed.status_code.kind && read.status_code.text == parsed.status_code.text);
  require(read.headers.fields.size() == parsed.headers.fields.size());
  require(read.unknown_key == parsed.unknown_key);
}

}  // namespace

/// Whatever a function posts, each door makes an answer of it, in each of its modes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view posted(reinterpret_cast<const char*>(data), size);
  check_same(posted);
  test::web_exchange exchange;
  const request_id id;
  const web::web_request& request = exchange.request;
  const web::web_context& context = exchange.context;
  for (const payload_version version : {payload_version::v1, payload_version::v2}) {
    check(frontdoor::http_api::to_response(test::success(posted), request, context, id, version));
  }
  for (const bool other : {false, true}) {
    exchange.api.multi_value_headers = other;
    exchange.api.binary_media_types.assign(other ? 1 : 0, "*/*");
    check(frontdoor::rest_api::to_response(test::success(posted), request, context, id));
    check(frontdoor::alb::to_response(test::success(posted), request, context, id));
  }
  check(frontdoor::function_url::to_response(test::success(posted), request, context, id));
  check(frontdoor::function_url::to_response(
      test::success(posted, "application/vnd.awslambda.http-integration-response"), request, context, id));
  return 0;
}
