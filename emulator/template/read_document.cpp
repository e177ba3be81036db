#include "emulator/template/read_document.hpp"

#include "emulator/template/document_builder.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <sstream>
#include <utility>

namespace kelvin::templates {
namespace {

place place_of(const YAML::Mark& mark, unsigned file) {
  return {file, static_cast<unsigned>(mark.line + 1), static_cast<unsigned>(mark.column + 1)};
}

/// Hands the parser's events on. A builder that failed ends the parsing.
class event_adapter final : public YAML::EventHandler {
 public:
  struct stopped {};

  event_adapter(document_builder& builder, unsigned file) : builder_(builder), file_(file) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.null(place_of(mark, file_), anchor);
    check();
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.alias(place_of(mark, file_), anchor);
    check();
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    ends_quoted_ = tag == "!";
    builder_.scalar(place_of(mark, file_), tag, anchor, value);
    check();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    builder_.begin(place_of(mark, file_), tag, anchor, node_kind::list);
    check();
  }
  void OnSequenceEnd() override {
    builder_.end();
    check();
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    builder_.begin(place_of(mark, file_), tag, anchor, node_kind::map);
    check();
  }
  void OnMapEnd() override {
    builder_.end();
    check();
  }

  /// Whether the last text of the document is in quotes.
  bool ends_quoted() const noexcept { return ends_quoted_; }

 private:
  void check() const {
    if (builder_.failed()) {
      throw stopped();
    }
  }

  document_builder& builder_;
  unsigned file_;
  bool ends_quoted_ = false;
};

std::optional<unsigned> hexadecimal(std::string_view text) {
  unsigned value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return text.size() == 4 && read.ec == std::errc() && read.ptr == text.data() + 4 ? std::optional(value)
                                                                                   : std::nullopt;
}

/// JSON writes characters beyond U+FFFF as two escapes, which YAML does not know: they become one of YAML's,
/// with blanks behind the text's end taken from nowhere, so columns of that line may be off by two.
std::string without_surrogates(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    made += text[at];
    if (text[at] != '\\' || at + 1 >= text.size()) {
      continue;
    }
    const auto high = text[at + 1] == 'u' ? hexadecimal(text.substr(at + 2, 4)) : std::nullopt;
    const auto low = high && text.substr(at + 6, 2) == "\\u" && at + 8 <= text.size()
                         ? hexadecimal(text.substr(at + 8, 4))
                         : std::nullopt;
    if (low && *high >= 0xD800 && *high < 0xDC00 && *low >= 0xDC00 && *low < 0xE000) {
      constexpr std::string_view digits = "0123456789ABCDEF";
      const unsigned code = 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00);
      made += 'U';
      for (int shift = 28; shift >= 0; shift -= 4) {
        made += digits[(code >> shift) & 15];
      }
      at += 11;
    } else {
      made += text[++at];
    }
  }
  return made;
}

}  // namespace

result<node> read_document(std::string_view text, const std::string& shown, unsigned file) {
  if (text.size() > document_bytes) {
    return fail(errc::limit_reached, shown + ": the file has more than 1 MB, which is all that AWS takes");
  }
  const auto begin = text.find_first_not_of(" \t\r\n");
  const bool is_json = begin != std::string_view::npos && text[begin] == '{';
  document_builder builder(shown);
  const auto failed_at = [&](const YAML::Mark& mark, const std::string& what) {
    const place at = place_of(mark, file);
    return fail(errc::invalid_argument, shown + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                                            ": this is not valid " + (is_json ? "JSON" : "YAML") + ": " + what);
  };
  try {
    std::istringstream stream(is_json ? without_surrogates(text) : std::string(text));
    YAML::Parser parser(stream);
    event_adapter events(builder, file);
    // The parser takes the file's end for a closing quote, unless no line end stands before it.
    const auto check_last_quote = [&] {
      document_builder again(shown);
      event_adapter ignored(again, file);
      std::istringstream trimmed(std::string(text.substr(0, text.find_last_not_of(" \t\r\n") + 1)));
      YAML::Parser(trimmed).HandleNextDocument(ignored);
    };
    if (parser.HandleNextDocument(events) && !builder.failed()) {
      if (events.ends_quoted() && !is_json) {
        check_last_quote();
      }
      document_builder second(shown);
      event_adapter further(second, file);
      if (parser.HandleNextDocument(further)) {
        return fail(errc::invalid_argument, shown + ": the file holds several documents; a template is one");
      }
    }
  } catch (const event_adapter::stopped&) {
    return builder.take();
  } catch (const YAML::Exception& caught) {
    return failed_at(caught.mark, caught.msg);
  }
  return builder.take();
}

}  // namespace kelvin::templates
