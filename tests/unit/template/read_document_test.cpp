#include "emulator/template/read_document.hpp"
#include "tests/support/failure_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace kelvin::templates {
namespace {

using test::contains;
using test::failure_text;

node read(std::string_view text) {
  auto document = read_document(text, "t.yaml");
  REQUIRE(test::succeeds(document));
  return std::move(*document);
}

std::string refused(std::string_view text, errc code = errc::invalid_argument) {
  return failure_text(read_document(text, "t.yaml"), code);
}

std::string text_of(const node* value) {
  return value == nullptr ? "(none)" : value->is_scalar() ? value->text : "(not a text)";
}

TEST_CASE("a document: maps, lists and texts with their lines and columns") {
  const node document = read("Resources:\n  F:\n    List:\n      - a\n      - 'b'\n    Empty:\n");
  const node* f = document.find("Resources", "F");
  REQUIRE(f != nullptr);
  CHECK(f->at.line == 3);
  CHECK(f->members[0].at.line == 3);
  CHECK(f->members[0].at.column == 5);
  const node* list = f->find("List");
  REQUIRE(list != nullptr);
  REQUIRE(list->items.size() == 2);
  CHECK(list->items[0].text == "a");
  CHECK_FALSE(list->items[0].quoted);
  CHECK(list->items[1].quoted);
  CHECK(list->items[1].at.line == 5);
  CHECK(list->items[1].at.column == 9);
  CHECK(f->find("Empty") == nullptr);
  CHECK(f->find("Absent") == nullptr);
  CHECK(f->find("List", "deeper") == nullptr);
}

TEST_CASE("short tags have their long form, also one inside the other") {
  const node document = read(
      "a: !Ref x\nb: !GetAtt a.b\nc: !Join [',', [!Ref p, !Sub '${q}']]\nd: !If\n  - c\n  - 1\n  - !Ref r\n"
      "e: !Condition z\nf: !!str 5\n");
  CHECK(text_of(document.find("a", "Ref")) == "x");
  CHECK(text_of(document.find("b", "Fn::GetAtt")) == "a.b");
  const node* join = document.find("c", "Fn::Join");
  REQUIRE(join != nullptr);
  CHECK(text_of(join->items[1].items[0].find("Ref")) == "p");
  CHECK(text_of(join->items[1].items[1].find("Fn::Sub")) == "${q}");
  CHECK(document.find("d", "Fn::If")->items.size() == 3);
  CHECK(text_of(document.find("e", "Condition")) == "z");
  CHECK(text_of(document.find("f")) == "5");
}

TEST_CASE("an unknown short tag is an error with its line") {
  const auto text = refused("a: 1\nb: !Reff x\n");
  CHECK(contains(text, "t.yaml:2:"));
  CHECK(contains(text, "!Reff"));
}

TEST_CASE("anchors, aliases and merge keys") {
  const node document = read(
      "base: &base {A: 1, B: 2}\nother: &other {B: 3, C: 4}\nx:\n  <<: *base\n  B: own\n"
      "y:\n  <<: [*base, *other]\nz: *base\n");
  CHECK(text_of(document.find("x", "A")) == "1");
  CHECK(text_of(document.find("x", "B")) == "own");
  CHECK(text_of(document.find("y", "B")) == "2");
  CHECK(text_of(document.find("y", "C")) == "4");
  CHECK(text_of(document.find("z", "A")) == "1");
  CHECK(document.find("x", "A")->at.line == 1);
  CHECK(contains(refused("x:\n  <<: text\n"), "must be a map"));
}

TEST_CASE("JSON as CDK writes it") {
  const node document = read(
      "{\n\t\"Resources\": {\n\t\t\"F\": {\"Code\": \"a\\/b\\u0041\\n\\ud83d\\ude00 \\\\ud83d\", \"n\": 1.5, \"t\": "
      "true,\n"
      "\t\t\"z\": null, \"e\": {}, \"l\": []}\n\t}\n}\n");
  const node* f = document.find("Resources", "F");
  REQUIRE(f != nullptr);
  CHECK(text_of(f->find("Code")) == "a/bA\n\U0001F600 \\ud83d");
  CHECK(text_of(f->find("n")) == "1.5");
  CHECK(is_true(f->find("t")));
  CHECK(f->find("z") == nullptr);
  CHECK(f->find("e")->is_map());
  CHECK(f->find("l")->is_list());
  CHECK(f->at.line == 3);
}

TEST_CASE("truth values are those of YAML 1.1, and quotes make them texts") {
  const node document = read("a: yes\nb: Off\nc: 'yes'\nd: 'true'\ne: 'false'\nf: 1\n");
  CHECK(is_true(document.find("a")));
  CHECK(is_false(document.find("b")));
  CHECK_FALSE(is_true(document.find("c")));
  CHECK(is_true(document.find("d")));
  CHECK(is_false(document.find("e")));
  CHECK_FALSE(is_true(document.find("f")));
  CHECK_FALSE(is_true(nullptr));
}

TEST_CASE("what is not YAML or JSON is refused with line and column") {
  CHECK(contains(refused("a: 1\nb: [1, 2\nc: 3\n"), "t.yaml:"));
  CHECK(contains(refused("a: 1\n\tb: 2\n"), "t.yaml:2:"));
  CHECK(contains(refused("a: 'open\n"), "not valid YAML"));
  CHECK(contains(refused("{\"a\": 1"), "not valid JSON"));
  CHECK(contains(refused("a: *nowhere\n"), "t.yaml:1:"));
  CHECK(contains(refused(""), "no document"));
  CHECK(contains(refused("a: 1\n---\nb: 2\n"), "several documents"));
}

TEST_CASE("a name that is there twice is named with both lines") {
  const auto text = refused("Resources:\n  F: 1\n  G: 2\n  F: 3\n");
  CHECK(contains(text, "t.yaml:4:3"));
  CHECK(contains(text, "`F` is there twice"));
  CHECK(contains(text, "line 2"));
}

TEST_CASE("size, depth and aliases are bounded") {
  CHECK(contains(refused(std::string(document_bytes + 1, ' '), errc::limit_reached), "1 MB"));
  CHECK(contains(refused(std::string(document_depth + 1, '['), errc::limit_reached), "levels deep"));
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 10; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    laughs += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below;
    for (int times = 1; times < 10; ++times) {
      laughs += ", " + below;
    }
    laughs += "]\n";
  }
  CHECK(contains(refused(laughs, errc::limit_reached), "alias"));
  std::string deep = "a0: &a0 [x]\n";
  for (unsigned level = 1; level <= document_depth; ++level) {
    deep += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [*a" + std::to_string(level - 1) + "]\n";
  }
  CHECK(contains(refused(deep, errc::limit_reached), "levels deep"));
  CHECK(contains(refused("a: &a [*a]\n"), "t.yaml:1:"));
}

}  // namespace
}  // namespace kelvin::templates
