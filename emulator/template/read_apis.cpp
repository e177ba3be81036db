#include "emulator/template/read_apis.hpp"

#include "emulator/template/open_api.hpp"
#include "emulator/template/plain_apis.hpp"
#include "emulator/template/sam_apis.hpp"

#include <utility>

namespace kelvin::templates {
namespace {

void take(const model& in, api_drafts& drafts, const std::string& id) {
  const auto found = drafts.find(id);
  if (found == drafts.end()) {
    return;
  }
  check_open_api(found->second, found->second.definition);
  api_configuration made = found->second.finish();
  drafts.erase(found);
  if (made.routes.empty()) {
    in.notes.warn({}, "the API " + made.id + " (" + made.origin + ") has no route that can be served");
  } else {
    in.into.apis.push_back(std::move(made));
  }
}

}  // namespace

void read_apis(const model& in) {
  api_drafts drafts;
  read_sam_apis(in, drafts);
  read_http_apis(in, drafts);
  read_rest_apis(in, drafts);
  read_api_events(in, drafts);
  for (const resource& each : in.resources) {
    take(in, drafts, each.id);
  }
  while (!drafts.empty()) {
    take(in, drafts, std::string(drafts.begin()->first));
  }
  add_load_balancers(in);
  add_function_urls(in);
}

}  // namespace kelvin::templates
