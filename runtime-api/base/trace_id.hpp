#pragma once

#include "runtime-api/base/clock.hpp"

#include <string>
#include <string_view>

namespace kelvin {

/// What API Gateway and load balancers put into X-Amzn-Trace-Id of a request that came without one:
/// `Root=1-<8 hex: seconds>-<24 hex>`.
std::string make_root_trace_id(wall_time now);

/// What a front door hands on with an invocation: its root with the parent and the lineage that AWS adds,
/// unsampled, unless the caller's own names a parent.
std::string make_invocation_trace_id(std::string_view root);

/// The value of Lambda-Runtime-Trace-Id: the caller's X-Amzn-Trace-Id if it names a Root, else a new
/// unsampled one in the form recorded on AWS, `Root=…;Parent=…;Sampled=0;Lineage=1:<8 hex>:0`.
std::string make_trace_id(std::string_view callers, wall_time now);

}  // namespace kelvin
