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
bool resource_exists(const Session& session, std::string_view uri);
/// RpcError `not_found` for a URI that is not here. A subscription says -32002.
Json read_resource(const Session& session, const Json& params, int not_found);
Json subscribe_resource(Session& session, const Json& params);
Json unsubscribe_resource(Session& session, const Json& params);

}  // namespace demo
