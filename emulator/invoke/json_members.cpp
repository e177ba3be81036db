#include "emulator/invoke/json_members.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace kelvin {
namespace {

using json = nlohmann::json;

class string_members final : public json::json_sax_t {
 public:
  explicit string_members(const string_member_taker& take) : take_(take) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool binary(json::binary_t&) override { return true; }
  bool string(std::string& text) override { return !is_member() || take_(name_, text); }
  bool key(std::string& name) override {
    if (is_member()) {
      name_ = std::move(name);
    }
    return true;
  }
  bool start_object(std::size_t) override { return enter(true); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(false); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  /// Whether the parser is right below the outermost value, and that is an object.
  bool is_member() const noexcept { return depth_ == 1 && outermost_is_object_; }
  bool enter(bool object) {
    outermost_is_object_ = depth_ == 0 ? object : outermost_is_object_;
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }

  const string_member_taker& take_;
  std::string name_;
  unsigned depth_ = 0;
  bool outermost_is_object_ = false;
};

}  // namespace

bool read_string_members(std::string_view text, const string_member_taker& take) {
  string_members members(take);
  return json::sax_parse(text, &members);
}

}  // namespace kelvin
