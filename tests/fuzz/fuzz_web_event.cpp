#include "emulator/frontdoor/alb/to_event.hpp"
#include "emulator/frontdoor/function_url/to_event.hpp"
#include "emulator/frontdoor/http_api/to_event.hpp"
#include "emulator/frontdoor/rest_api/to_event.hpp"
#include "emulator/invoke/json_check.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/web_exchange.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <string>

using namespace kelvin;
using kelvin::fuzz::require;

/// Whatever bytes a request is made of, each door's event is valid JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  test::web_exchange exchange;
  const std::string method = input.ConsumeRandomLengthString(16);
  const std::string path = "/" + input.ConsumeRandomLengthString();
  const std::string query = input.ConsumeRandomLengthString();
  const std::string content_type = input.ConsumeRandomLengthString();
  exchange.request.domain_name = input.ConsumeRandomLengthString();
  exchange.request.trace_id = input.ConsumeRandomLengthString();
  exchange.context.resource = input.ConsumeRandomLengthString();
  exchange.context.path_parameters = {{input.ConsumeRandomLengthString(), path.substr(1)}};
  exchange.stage_variables = {{input.ConsumeRandomLengthString(), input.ConsumeRandomLengthString()}};
  for (int count = input.ConsumeIntegralInRange(0, 40); count > 0; --count) {
    const std::string name = input.ConsumeRandomLengthString();
    exchange.fields.add(name, input.ConsumeRandomLengthString());
  }
  exchange.api.multi_value_headers = input.ConsumeBool();
  if (input.ConsumeBool()) {
    exchange.api.binary_media_types = {"*/*"};
  }
  const std::string body = input.ConsumeRemainingBytesAsString();
  exchange.post(content_type, body);
  exchange.request.method = method;
  exchange.request.raw_path = path;
  exchange.request.raw_query = query;
  exchange.context.stage_path = path;
  for (const payload_version version : {payload_version::v1, payload_version::v2}) {
    require(is_json(frontdoor::http_api::to_event(exchange.request, exchange.context, version).view()));
  }
  require(is_json(frontdoor::rest_api::to_event(exchange.request, exchange.context).view()));
  require(is_json(frontdoor::function_url::to_event(exchange.request, exchange.context).view()));
  require(is_json(frontdoor::alb::to_event(exchange.request, exchange.context).view()));
  return 0;
}
