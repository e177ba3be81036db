#include "emulator/lab/baseline.hpp"

#include "emulator/lab/report_json.hpp"
#include "emulator/lab/sample_set.hpp"
#include "emulator/lab/schedule.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace kelvin::lab {
namespace {

using json = nlohmann::json;

/// Thrown while a document is read, caught where reading begins: `where` grows on the way out.
struct unreadable {
  std::string what;
};

const json& member(const json& object, const char* name) {
  if (!object.is_object()) {
    throw unreadable{"is no object"};
  }
  const auto found = object.find(name);
  if (found == object.end()) {
    throw unreadable{std::string("lacks `") + name + "`"};
  }
  return *found;
}

std::string text_of(const json& object, const char* name) {
  const json& value = member(object, name);
  if (!value.is_string()) {
    throw unreadable{std::string("has a `") + name + "` that is no text"};
  }
  return value.get<std::string>();
}

std::uint64_t count_of(const json& object, const char* name, std::uint64_t most) {
  const json& value = member(object, name);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) {
    throw unreadable{std::string("has a `") + name + "` that is no whole number of 0 to " + std::to_string(most)};
  }
  return value.get<std::uint64_t>();
}

double figure_of(const json& value, std::string_view name) {
  const double number = value.is_number() ? value.get<double>() : -1;
  if (!std::isfinite(number) || number < 0) {
    throw unreadable{"has a `" + std::string(name) + "` that is no number of 0 or more"};
  }
  return number;
}

const json& list_of(const json& object, const char* name, std::size_t most) {
  const json& value = member(object, name);
  if (!value.is_array() || value.size() > most) {
    throw unreadable{std::string("has a `") + name + "` that is no list of at most " + std::to_string(most)};
  }
  return value;
}

/// Runs `read`; what is unreadable in it is said of `where`.
template <class Read>
auto within(const std::string& where, Read read) {
  try {
    return read();
  } catch (const unreadable& inner) {
    throw unreadable{where + " " + inner.what};
  }
}

cold_start read_start(const json& from) {
  cold_start start;
  start.position = count_of(from, "position", samples_max * targets_max * 2);
  for (const cold_start_figure& figure : cold_start_figures()) {
    const std::string name(figure.name);
    if (figure.always != nullptr) {
      start.*figure.always = figure_of(member(from, name.c_str()), name);
    } else if (const auto found = from.find(name); found != from.end()) {
      start.*figure.where_known = figure_of(*found, name);
    }
  }
  if (start.init_ms <= 0) {
    throw unreadable{"has an `init_ms` that is not over 0"};
  }
  return start;
}

std::vector<cold_start> read_starts(const json& from) {
  std::vector<cold_start> starts;
  for (const json& one : list_of(from, "cold", samples_max)) {
    starts.push_back(within("start " + std::to_string(starts.size() + 1), [&] { return read_start(one); }));
  }
  if (starts.empty()) {
    throw unreadable{"has no starts"};
  }
  return starts;
}

bench_target read_target(const json& from) {
  bench_target target;
  target.name = text_of(from, "name");
  return within("`" + target.name + "`", [&] {
    target.path = text_of(from, "path");
    target.memory_mib = count_of(from, "memory_mib", 1'000'000);
    target.cold = read_starts(from);
    if (from.contains("evicted")) {
      target.evicted = within("evicted", [&] { return read_starts(from["evicted"]); });
    }
    if (from.contains("warm")) {
      for (const json& value : list_of(from, "warm", samples_max)) {
        target.warm_invoke_ms.push_back(figure_of(value, "warm"));
      }
    }
    return std::move(target);
  });
}

machine_description read_machine(const json& from) {
  machine_description machine;
  machine.architecture = text_of(from, "architecture");
  machine.processor = text_of(from, "processor");
  machine.processors = static_cast<unsigned>(count_of(from, "processors", 1'000'000));
  machine.memory_mib = count_of(from, "memory_mib", std::uint64_t{1} << 40);
  machine.kernel = text_of(from, "kernel");
  machine.isolation = text_of(from, "isolation");
  return machine;
}

/// Precondition: the schema version has been checked.
bench_report read_document(const json& from) {
  bench_report report;
  report.kelvin_version = text_of(from, "kelvin_version");
  report.time = text_of(from, "time");
  report.seed = count_of(from, "seed", ~std::uint64_t{0});
  report.machine = within("machine", [&] { return read_machine(member(from, "machine")); });
  for (const json& warning : list_of(from, "warnings", samples_max)) {
    if (!warning.is_string()) {
      throw unreadable{"has a warning that is no text"};
    }
    report.warnings.push_back(warning.get<std::string>());
  }
  for (const json& one : list_of(from, "targets", targets_max)) {
    bench_target target =
        within("target " + std::to_string(report.targets.size() + 1), [&] { return read_target(one); });
    if (std::any_of(report.targets.begin(), report.targets.end(),
                    [&](const bench_target& other) { return other.name == target.name; })) {
      throw unreadable{"has two targets `" + target.name + "`"};
    }
    report.targets.push_back(std::move(target));
  }
  return report;
}

std::string version_text(const json& document) {
  const auto found = document.is_object() ? document.find("schema_version") : document.end();
  const bool told = found != document.end() && found->is_number();
  return told ? "schema version " + found->dump() : "no schema version";
}

std::string difference(const char* what, const std::string& there, const std::string& here) {
  return std::string(what) + " `" + there + "`, not `" + here + "`";
}

}  // namespace

result<bench_report> read_report(std::string_view text, const std::string& file) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    return fail(errc::invalid_argument, file + " is no JSON; write a baseline with `kelvin bench --json " + file + "`");
  }
  if (const auto known = "schema version " + std::to_string(report_schema_version); version_text(document) != known) {
    return fail(errc::invalid_argument, file + " has " + version_text(document) + ", and this kelvin reads " + known +
                                            ": make the baseline anew with `kelvin bench --json " + file + "`");
  }
  try {
    return read_document(document);
  } catch (const unreadable& caught) {
    return fail(errc::invalid_argument,
                file + ": " + caught.what + "; make the baseline anew with `kelvin bench --json " + file + "`");
  }
}

std::vector<std::string> machine_differences(const machine_description& baseline, const machine_description& here) {
  std::vector<std::string> found;
  const auto compare = [&](const char* what, const std::string& there, const std::string& value) {
    if (there != value) {
      found.push_back(difference(what, there, value));
    }
  };
  compare("architecture", baseline.architecture, here.architecture);
  compare("processor", baseline.processor, here.processor);
  compare("processors", std::to_string(baseline.processors), std::to_string(here.processors));
  const auto [less, more] = std::minmax(baseline.memory_mib, here.memory_mib);
  if ((more - less) * 20 > more) {
    found.push_back(
        difference("memory", std::to_string(baseline.memory_mib) + " MiB", std::to_string(here.memory_mib) + " MiB"));
  }
  compare("kernel", baseline.kernel, here.kernel);
  compare("isolation", baseline.isolation, here.isolation);
  return found;
}

result<void> check_machine(const bench_report& baseline, const machine_description& here, const std::string& file,
                           bool any_machine) {
  const std::vector<std::string> found = machine_differences(baseline.machine, here);
  if (any_machine || found.empty()) {
    return {};
  }
  std::string text = file + " was measured on another machine or otherwise (";
  for (std::size_t index = 0; index < found.size(); ++index) {
    text += (index == 0 ? "" : "; ") + found[index];
  }
  return fail(errc::invalid_argument, text + "): times of the two do not compare; make the baseline here");
}

}  // namespace kelvin::lab
