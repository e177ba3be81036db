#include "emulator/web/web_response.hpp"

namespace kelvin::web {

web_response own_answer(unsigned status, std::string_view content_type, std::string_view body) {
  web_response answer;
  answer.status = status;
  answer.fields.push_back({"Content-Type", std::string(content_type)});
  answer.body.append(body);
  return answer;
}

}  // namespace kelvin::web
