#include "emulator/app/memory_policy.hpp"

#include <malloc.h>

#include <variant>

namespace kelvin {
namespace {

using namespace std::chrono_literals;

/// Above any payload, so that payloads come from the heap; the allocator's own maximum is 32 MiB.
constexpr int mapped_from_bytes = 32 * 1024 * 1024;
/// What may lie unused at the heap's end while invocations go on.
constexpr int kept_bytes = 128 * 1024 * 1024;
constexpr auto quiet = 2s;

}  // namespace

memory_policy::memory_policy(clock& time) : clock_(time), give_back_(time.make_alarm([] { ::malloc_trim(0); })) {
  ::mallopt(M_MMAP_THRESHOLD, mapped_from_bytes);
  ::mallopt(M_TRIM_THRESHOLD, kept_bytes);
}

void memory_policy::report(const lifecycle_event& event) {
  if (std::holds_alternative<platform_report>(event)) {
    give_back_->set(clock_.now() + quiet);
  }
}

}  // namespace kelvin
