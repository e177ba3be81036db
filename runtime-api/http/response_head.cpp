#include "runtime-api/http/response_head.hpp"

#include "runtime-api/http/exchange.hpp"
#include "runtime-api/http/text.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace kelvin::http {
namespace {

std::string_view reason_of(unsigned status) noexcept {
  const auto known = boost::beast::http::int_to_status(status);
  if (known == boost::beast::http::status::unknown) {
    return {};
  }
  return boost::beast::http::obsolete_reason(known);
}

void append_number(std::string& text, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(digits.data(), end);
}

}  // namespace

void append_field(std::string& fields, std::string_view name, std::string_view value) {
  // Copied whole and corrected in place: this runs a dozen times per request.
  const auto at = [&fields](std::size_t position) { return fields.begin() + static_cast<std::ptrdiff_t>(position); };
  const std::size_t name_begin = fields.size();
  fields.append(name);
  std::replace_if(
      at(name_begin), fields.end(), [](char each) { return !is_token_character(each); }, '-');
  fields.append(": ");
  const std::size_t value_begin = fields.size();
  fields.append(value);
  std::replace_if(
      at(value_begin), fields.end(), [](char each) { return is_control(each) && each != '\t'; }, ' ');
  fields.append("\r\n");
}

std::string_view date_cache::text(wall_time now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second != second_) {
    static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = second.time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 64> printed;
    // Not strftime: the names of days must not follow the locale.
    const int size = std::snprintf(printed.data(), printed.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                   months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour,
                                   parts.tm_min, parts.tm_sec);
    text_.assign(printed.data(), static_cast<std::size_t>(size));
    second_ = second;
  }
  return text_;
}

bool status_has_body(unsigned status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

void write_response_head(std::string& head, unsigned status, std::string_view date, framing how,
                         std::size_t content_length, bool keep_alive, std::string_view fields) {
  head.assign("HTTP/1.1 ");
  append_number(head, status);
  head.append(" ").append(reason_of(status)).append("\r\nDate: ").append(date);
  if (how == framing::content_length) {
    head.append("\r\nContent-Length: ");
    append_number(head, content_length);
  } else if (how == framing::chunked) {
    head.append("\r\nTransfer-Encoding: chunked");
  }
  head.append(keep_alive ? "\r\nConnection: keep-alive\r\n" : "\r\nConnection: close\r\n");
  head.append(fields).append("\r\n");
}

}  // namespace kelvin::http
