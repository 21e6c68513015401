// SPDX-License-Identifier: Apache-2.0
// Who hears of changes: the session, and every open request of subscriptions/listen.
#include "subscriptions.hpp"

#include "resources.hpp"
#include "stateless.hpp"

#include <algorithm>
#include <utility>

namespace demo {
namespace {

constexpr std::size_t kMaxListeners = 256;
constexpr std::string_view kSubscriptionKey = "io.modelcontextprotocol/subscriptionId";

RpcError invalid_filter(std::string_view expected) {
    return {kInvalidParams, "Invalid params: " + std::string(expected)};
}

const Json& filter_of(const Json& request) {
    const Json& params = params_of(request);
    const auto filter = params.find("notifications");
    if (filter != params.end() && filter->is_object()) return *filter;
    throw invalid_filter("\"notifications\" is required and must be an object");
}

bool wants_tools(const Json& filter) {
    const Json wanted = filter.value("toolsListChanged", Json(false));
    if (wanted.is_boolean()) return wanted.get<bool>();
    throw invalid_filter("\"toolsListChanged\" must be true or false");
}

std::vector<std::string> existing_uris(const Session& session, const Json& filter) {
    const Json wanted = filter.value("resourceSubscriptions", Json::array());
    const auto is_text = [](const Json& uri) { return uri.is_string(); };
    if (!wanted.is_array() || !std::ranges::all_of(wanted, is_text)) {
        throw invalid_filter("\"resourceSubscriptions\" must be an array of strings");
    }
    auto uris = wanted.get<std::vector<std::string>>();
    std::erase_if(uris, [&](const std::string& uri) { return !resource_exists(session, uri); });
    return uris;
}

Json tag(const Json& id) { return {{kSubscriptionKey, id}}; }

}  // namespace

Subscriptions::Listener Subscriptions::listener_for(const Json& request) const {
    const Json& filter = filter_of(request);
    return {request.at("id"), wants_tools(filter), existing_uris(session_, filter)};
}

void Subscriptions::send(const Listener& listener, std::string_view method, Json params) {
    params["_meta"] = tag(listener.id);
    client_.notify(method, std::move(params));
}

void Subscriptions::listen(const Json& request) {
    Listener listener = listener_for(request);
    const std::lock_guard lock(mutex_);
    if (listeners_.size() >= kMaxListeners) {
        throw RpcError(kInternalError, "too many requests listen; end one of them first");
    }
    if (std::ranges::find(listeners_, listener.id, &Listener::id) != listeners_.end()) {
        throw RpcError(kInvalidRequest, "Invalid request: a request with this id listens already");
    }
    Json honoured = Json::object();
    if (listener.hears_tools) honoured["toolsListChanged"] = true;
    if (!listener.uris.empty()) honoured["resourceSubscriptions"] = listener.uris;
    send(listener, "notifications/subscriptions/acknowledged", {{"notifications", honoured}});
    listeners_.push_back(std::move(listener));
}

void Subscriptions::cancel(const Json& id) {
    const std::lock_guard lock(mutex_);
    listeners_.remove_if([&](const Listener& listener) { return listener.id == id; });
}

void Subscriptions::end_all() {
    const std::lock_guard lock(mutex_);
    for (const Listener& listener : std::exchange(listeners_, {})) {
        client_.send(make_result(listener.id, stateless_result({{"_meta", tag(listener.id)}})));
        client_.notify("notifications/cancelled", {{"requestId", listener.id}});
    }
}

void Subscriptions::tools_changed() {
    constexpr std::string_view kMethod = "notifications/tools/list_changed";
    if (session_.in_use()) client_.notify(kMethod);
    const std::lock_guard lock(mutex_);
    for (const Listener& listener : listeners_) {
        if (listener.hears_tools) send(listener, kMethod, Json::object());
    }
}

void Subscriptions::resource_updated(const std::string& uri) {
    constexpr std::string_view kMethod = "notifications/resources/updated";
    if (session_.is_subscribed(uri)) client_.notify(kMethod, {{"uri", uri}});
    const std::lock_guard lock(mutex_);
    for (const Listener& listener : listeners_) {
        const bool hears = std::ranges::find(listener.uris, uri) != listener.uris.end();
        if (hears) send(listener, kMethod, {{"uri", uri}});
    }
}

}  // namespace demo
