#include "emulator/terminal/status_display.hpp"

#include "emulator/terminal/screen.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace kelvin {

status_display::status_display(kelvin::clock& time, log_writer& log, const status_board& board, status_style style,
                               std::function<screen_size()> size)
    : clock_(time), log_(log), board_(board), style_(style), size_(std::move(size)), tick_(time.make_alarm([this] {
        draw();
      })) {}

status_display::~status_display() {
  hide();
}

void status_display::show() {
  shown_ = true;
  draw();
}

void status_display::hide() {
  shown_ = false;
  tick_->clear();
  log_.set_footer({});
}

void status_display::draw() {
  if (!shown_) {
    return;
  }
  const auto functions = board_.all();
  const auto lines = status_lines(functions, clock_.now(), size_(), style_);
  std::vector<std::size_t> columns;
  for (const screen_line& each : lines) {
    columns.push_back(each.columns);
  }
  log_.set_footer({block_text(lines), [abandoned = abandoned_, columns = std::move(columns), size = size_] {
                     return *abandoned ? std::string() : erase_block(columns, size().columns);
                   }});
  if (shows_time(functions)) {
    tick_->set(clock_.now() + std::chrono::seconds(1));
  } else {
    tick_->clear();
  }
}

void status_display::abandon() {
  *std::exchange(abandoned_, std::make_shared<bool>(false)) = true;
  log_.set_footer({});
  draw();
}

}  // namespace kelvin
