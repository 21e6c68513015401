// SPDX-License-Identifier: Apache-2.0
// Filters as text and as sets.
#include "core/bridge/to_stateless/change_filter.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <algorithm>
#include <iterator>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;
namespace json = sdk::json;

ChangeFilter ChangeFilter::read(std::string_view notifications) {
    ChangeFilter filter(json::member(notifications, "toolsListChanged") == "true",
                        json::member(notifications, "promptsListChanged") == "true",
                        json::member(notifications, "resourcesListChanged") == "true");
    json::for_each_element(
        json::member(notifications, "resourceSubscriptions"),
        [&filter](std::string_view uri) { filter.uris.insert(json::unquote(uri)); });
    return filter;
}

std::string ChangeFilter::text() const {
    std::string members;
    if (tools) members += ",\"toolsListChanged\":true";
    if (prompts) members += ",\"promptsListChanged\":true";
    if (resources) members += ",\"resourcesListChanged\":true";
    std::string list;
    for (const std::string& uri : uris)
        list.append(list.empty() ? "" : ",").append(sdk::quote_json(uri));
    if (!list.empty()) members += ",\"resourceSubscriptions\":[" + list + "]";
    return "{" + members.substr(members.empty() ? 0 : 1) + "}";
}

ChangeFilter ChangeFilter::common(const ChangeFilter& other) const {
    ChangeFilter both(tools && other.tools, prompts && other.prompts, resources && other.resources);
    std::ranges::set_intersection(uris, other.uris, std::inserter(both.uris, both.uris.end()));
    return both;
}

void ChangeFilter::add(const ChangeFilter& other) {
    tools |= other.tools;
    prompts |= other.prompts;
    resources |= other.resources;
    uris.insert(other.uris.begin(), other.uris.end());
}

bool ChangeFilter::admits(std::string_view method, std::string_view uri) const {
    if (method == "notifications/tools/list_changed") return tools;
    if (method == "notifications/prompts/list_changed") return prompts;
    if (method == "notifications/resources/list_changed") return resources;
    if (method != "notifications/resources/updated") return false;
    return uris.contains(uri) || std::ranges::any_of(uris, [uri](const std::string& each) {
               return uri.starts_with(each);
           });
}

}  // namespace shadowcat::core
