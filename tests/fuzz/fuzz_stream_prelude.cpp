#include "emulator/web/stream_prelude.hpp"
#include "runtime-api/base/limits.hpp"
#include "tests/fuzz/require.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace kelvin;
using kelvin::fuzz::require;
using progress = web::prelude_reader::progress;

namespace {

struct outcome {
  progress what = progress::need_more;
  unsigned status = 0;
  std::size_t fields = 0;
  std::string rest;
  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome read(std::string_view stream, FuzzedDataProvider* cuts) {
  web::prelude_reader reader;
  outcome found;
  std::size_t begin = 0;
  while (found.what == progress::need_more && begin < stream.size()) {
    const std::size_t left = stream.size() - begin;
    const std::size_t size = cuts == nullptr ? left : cuts->ConsumeIntegralInRange<std::size_t>(1, left);
    found.what = reader.put(stream.substr(begin, size));
    begin += size;
  }
  if (found.what == progress::complete) {
    found.status = reader.prelude().status;
    found.fields = reader.prelude().fields.size() + reader.prelude().multi_value_fields.size();
  }
  found.rest = std::string(reader.take_rest().view()).append(stream.substr(begin));
  return found;
}

}  // namespace

/// How a stream is cut into pieces changes nothing, and no byte behind the prelude is lost.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  std::string stream = input.ConsumeRandomLengthString();
  if (input.ConsumeBool()) {
    stream.append(8, '\0').append(input.ConsumeRandomLengthString());
  }
  const outcome whole = read(stream, nullptr);
  const outcome cut = read(stream, &input);
  require(whole == cut);
  if (whole.what == progress::complete) {
    require(stream.size() - whole.rest.size() <= limits::stream_prelude_bytes + 8);
    require(whole.status >= 200 && whole.status <= 599);
  } else {
    require(whole.rest == stream);
  }
  return 0;
}
