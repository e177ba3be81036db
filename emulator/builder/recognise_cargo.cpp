#include "emulator/builder/project_search.hpp"

#include <algorithm>

namespace kelvin {
namespace {

constexpr const char* get_cargo_lambda =
    "cargo-lambda is not installed (pip install cargo-lambda, or see cargo-lambda.info)";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

/// Calls `visit(section, line)` for each line of a TOML text that is neither empty, a comment nor a section's head,
/// and `visit(section, "")` for each head.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  std::string_view section;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('[')) {
      const std::size_t close = line.rfind(']');
      section = trimmed(line.substr(1, close == std::string_view::npos ? close : close - 1));
      visit(section, std::string_view());
    } else if (!line.empty() && !line.starts_with('#')) {
      visit(section, line);
    }
  }
}

/// The folder with the target folder of the crate in `folder`: its workspace's, else its own.
std::string workspace_of(const project_search& search, const std::string& folder, const project_files& files) {
  for (const std::string& above : search.folders) {
    const auto manifest = path_within(above, folder) ? files.text_of(above + "/Cargo.toml") : std::nullopt;
    if (manifest && has_cargo_section(*manifest, "workspace")) {
      return above;
    }
  }
  return folder;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    names.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return names;
}

/// The options for what lies in `target/`: [TRIPLE/](debug|release|PROFILE)/[NAME].
std::string cargo_options(const std::vector<std::string>& below) {
  std::size_t next = 0;
  std::string options;
  // A target triple has at least two hyphens, and no profile that is in use does.
  if (below.size() > 1 && std::count(below[0].begin(), below[0].end(), '-') >= 2) {
    options += " --target " + shell_word(below[next++]);
  }
  if (next < below.size() && below[next] == "release") {
    options += " --release";
  } else if (next < below.size() && below[next] != "debug") {
    options += " --profile " + shell_word(below[next]);
  }
  ++next;
  if (next + 1 == below.size()) {
    options += " --bin " + shell_word(below[next]);
  } else if (next + 2 == below.size() && below[next] == "examples") {
    options += " --example " + shell_word(below[next + 1]);
  }
  return options;
}

/// For what lies in `target/lambda/`: NAME/bootstrap, NAME/bootstrap.zip, extensions/NAME.
std::string cargo_lambda_options(const std::vector<std::string>& below) {
  std::string options;
  if (below.size() > 1 && below[1] != "extensions") {
    options += " --bin " + shell_word(below[1]);
  }
  if (!below.empty() && below.back().ends_with(".zip")) {
    options += " --output-format zip";
  }
  return options;
}

}  // namespace

std::string cargo_value(std::string_view text, std::string_view section, std::string_view name) {
  std::string value;
  for_each_line(text, [&](std::string_view in, std::string_view line) {
    const std::size_t equals = line.find('=');
    if (in != section || equals == std::string_view::npos || trimmed(line.substr(0, equals)) != name) {
      return;
    }
    const std::size_t open = line.find_first_of("\"'", equals);
    const std::size_t close = open == std::string_view::npos ? open : line.find(line[open], open + 1);
    if (close != std::string_view::npos && value.empty()) {
      value = std::string(line.substr(open + 1, close - open - 1));
    }
  });
  return value;
}

bool has_cargo_section(std::string_view text, std::string_view section) {
  bool found = false;
  for_each_line(text, [&](std::string_view in, std::string_view) { found = found || in == section; });
  return found;
}

std::optional<recognised_build> recognise_cargo(const project_search& search, const std::string& folder,
                                                const project_files& files) {
  if (!files.is_file(folder + "/Cargo.toml")) {
    return std::nullopt;
  }
  const std::string workspace = workspace_of(search, folder, files);
  const std::string target = workspace + "/target";
  const auto within = path_within(target, search.file());
  const std::vector<std::string> below = split_path(within.value_or(""));
  recognised_build made;
  made.folder = folder;
  made.sources = {workspace};
  made.outputs = {target, search.file()};
  const std::string because = " in " + folder + ", because of its Cargo.toml";
  if (below.size() > 1 && below[0] == "lambda") {
    if (!files.has_command("cargo-lambda")) {
      return not_recognised(search, std::string("lies where cargo lambda build puts it, but ") + get_cargo_lambda);
    }
    made.kind = build_kind::cargo_lambda;
    made.command = "cargo lambda build" + cargo_lambda_options(below);
    made.artifact = search.artifact;
    made.sentence = "built by `" + made.command + "`" + because;
    return made;
  }
  made.kind = build_kind::cargo;
  made.command = "cargo build" + (within ? cargo_options(below) : std::string());
  made.artifact = within ? search.artifact : "";
  made.sentence = "built by `" + made.command + "`" + because;
  if (!within) {
    made.sentence += "; " + search.file() + " does not lie in " + target +
                     ": where this command does not bring it there, --build CMD names one that does";
  }
  return made;
}

}  // namespace kelvin
