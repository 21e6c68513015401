// SPDX-License-Identifier: Apache-2.0
// The resources: a counter that changes, a page about the server and a template.
#pragma once

#include "json_rpc.hpp"
#include "session.hpp"

#include <string_view>

namespace demo {

inline constexpr std::string_view kCounterUri = "demo://counter";
inline constexpr std::string_view kGreetingPrefix = "demo://greeting/";
inline constexpr std::string_view kGreetingTemplate = "demo://greeting/{name}";

Json list_resources();
Json list_resource_templates();
/// RpcError -32002 for a URI that is not here; the same goes for a subscription.
Json read_resource(const Session& session, const Json& params);
Json subscribe_resource(Session& session, const Json& params);
Json unsubscribe_resource(Session& session, const Json& params);

}  // namespace demo
