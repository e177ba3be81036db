#pragma once

#include "emulator/inspect/code_facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kelvin::inspection {

enum class severity {
  fails,  ///< it would not run on AWS, or not be taken there
  costs,  ///< it runs, and costs start-up time or size
  note,
};

/// One thing that is worth saying.
struct finding {
  inspection::severity severity;
  std::string id;      ///< stable, for programs: `wrong-architecture`
  std::string where;   ///< a path on AWS, or the target
  std::string what;    ///< a sentence
  std::string advice;  ///< what to do; empty: nothing
};

std::string_view name_of(severity of);

/// What is to be said of code on a system and an architecture; what fails comes first.
std::vector<finding> findings_of(const code_facts& code, const lambda_system& system, std::uint16_t machine);

/// Whether any of them fails.
bool any_fails(const std::vector<finding>& found);

// Its parts, in the order in which they are asked.
void judge_package(const code_facts& code, std::vector<finding>& found);
void judge_modes(const code_facts& code, std::vector<finding>& found);
void judge_script(const code_facts& code, const lambda_system& system, std::vector<finding>& found);
void judge_elf(const code_facts& code, const lambda_system& system, std::uint16_t machine, const std::string& path,
               const elf_facts& elf, std::vector<finding>& found);
void judge_size(const std::string& path, const elf_facts& elf, std::vector<finding>& found);

}  // namespace kelvin::inspection
