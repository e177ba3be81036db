#include "emulator/invoke/json_check.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <cstdint>

namespace kelvin {
namespace {

/// Takes every event of the parser and keeps nothing: only acceptance matters.
struct ignoring_handler {
  using error_code = boost::json::error_code;
  using text = boost::json::string_view;

  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t, error_code&) { return true; }
  bool on_string_part(text, std::size_t, error_code&) { return true; }
  bool on_string(text, std::size_t, error_code&) { return true; }
  bool on_key_part(text, std::size_t, error_code&) { return true; }
  bool on_key(text, std::size_t, error_code&) { return true; }
  bool on_number_part(text, error_code&) { return true; }
  bool on_int64(std::int64_t, text, error_code&) { return true; }
  bool on_uint64(std::uint64_t, text, error_code&) { return true; }
  bool on_double(double, text, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(text, error_code&) { return true; }
  bool on_comment(text, error_code&) { return true; }
};

}  // namespace

bool is_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = payload_depth_max;
  boost::json::basic_parser<ignoring_handler> parser(options);
  boost::json::error_code error;
  // more = false: what is incomplete at the end of the text is an error.
  const std::size_t parsed = parser.write_some(false, text.data(), text.size(), error);
  if (error) {
    return false;
  }
  return text.find_first_not_of(" \t\r\n", parsed) == std::string_view::npos;
}

}  // namespace kelvin
