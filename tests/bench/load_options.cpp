#include "load_options.hpp"

#include "sockets.hpp"

#include <charconv>

namespace bench {

namespace {

template <class Number>
void parse_number(std::string_view name, std::string_view text, Number& number) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    fail(std::string(name) + " wants a number, not \"" + std::string(text) + "\"");
  }
}

}  // namespace

load_options parse_load_options(int count, char** arguments) {
  load_options options;
  for (int index = 1; index < count; index += 2) {
    const std::string_view name = arguments[index];
    if (index + 1 == count)
      fail(std::string(name) + " wants a value");
    const std::string_view value = arguments[index + 1];
    if (name == "--port")
      parse_number(name, value, options.port);
    else if (name == "--path")
      options.path = value;
    else if (name == "--connections")
      parse_number(name, value, options.connections);
    else if (name == "--body-bytes")
      parse_number(name, value, options.body_bytes);
    else if (name == "--count")
      parse_number(name, value, options.count);
    else if (name == "--duration-ms")
      parse_number(name, value, options.duration_ms);
    else if (name == "--warmup")
      parse_number(name, value, options.warmup_count);
    else if (name == "--cpu")
      parse_number(name, value, options.cpu);
    else if (name == "--echo")
      options.echo = value != "no";
    else
      fail("unknown option " + std::string(name));
  }
  if (options.port == 0)
    fail("--port is missing");
  if (options.connections == 0)
    fail("--connections must be at least 1");
  if (options.body_bytes < 16)
    fail("--body-bytes must be at least 16");
  if ((options.count == 0) == (options.duration_ms == 0))
    fail("give one of --count and --duration-ms");
  return options;
}

std::string make_json_body(std::size_t size) {
  const std::string_view begin = "{\"payload\":\"";
  const std::string_view end = "\"}";
  std::string body;
  body.reserve(size);
  body.append(begin);
  // Plain text of changing letters: neither the cheapest nor a hostile string to whoever must check it.
  for (std::size_t index = 0; body.size() + end.size() < size; ++index) {
    body.push_back(static_cast<char>('a' + index % 26));
  }
  body.append(end);
  return body;
}

}  // namespace bench
