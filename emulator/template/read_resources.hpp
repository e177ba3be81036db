#pragma once

#include "emulator/template/diagnostics.hpp"
#include "emulator/template/node.hpp"
#include "emulator/template/resource.hpp"

#include <vector>

namespace kelvin::templates {

/// Every entry of Resources, in the order of the document, with what Globals say about its type merged in
/// (contract: sam-template, section 4). Says what is wrong with the template as a whole: no Resources, an entry
/// without a Type, an unknown intrinsic function.
std::vector<resource> read_resources(const node& document, diagnostics& notes);

/// The properties that Globals give to a resource of this type; null if there are none.
node globals_of(const node& document, std::string_view type);

/// Maps are merged member by member, lists put together with the global one first; else the own value counts.
node merge_globals(const node& global, const node& own);

/// Says so where resources need each other in a circle, with the chain: AWS refuses that.
void check_circular_references(const std::vector<resource>& all, diagnostics& notes);

}  // namespace kelvin::templates
