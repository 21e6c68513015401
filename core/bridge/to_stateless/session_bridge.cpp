// SPDX-License-Identifier: Apache-2.0
// Who answers which message of a session.
#include "core/bridge/to_stateless/session_bridge.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/bridge/to_stateless/era_sensor.hpp"
#include "core/bridge/to_stateless/session_result.hpp"
#include "core/mcp/methods.hpp"

#include <algorithm>
#include <atomic>

namespace shadowcat::core {

namespace json = sdk::json;

namespace {

/// Short, and unlike that of any other bridge of this process.
std::string next_label() {
    static std::atomic<std::uint64_t> last{0};
    return std::to_string(++last);
}

ListenTerms terms_of(const std::string& label, const sdk::LinkOptions& options,
                     const BridgeSettings& settings) {
    ListenTerms terms;
    terms.label = label;
    terms.max_uris = options.exclusive ? settings.max_subscriptions : settings.max_listens;
    terms.max_depth = options.message.max_depth;
    terms.acknowledge_within = settings.probe_timeout;
    return terms;
}

/// Tasks of the one era are not those of the other (duties C.7).
bool is_forwarded(const mcp::Method& method) {
    return method.in_sessions() && method.in_stateless() && !method.name.starts_with("tasks/") &&
           !method.name.starts_with("notifications/");
}

bool is_subscription(std::string_view method) {
    return method == "resources/subscribe" || method == "resources/unsubscribe";
}

sdk::Message not_found(const sdk::Message& request) {
    return sdk::make_error(request.id(), sdk::json_rpc::kMethodNotFound,
                           "method '" + std::string(request.method()) + "' not found");
}

class Discarded final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message) override {
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message) override {
        co_return sdk::Result<void>();
    }
};

}  // namespace

SessionBridge::SessionBridge(sdk::Worker& worker, std::shared_ptr<sdk::Link> server,
                             sdk::LinkEvents& events, const sdk::LinkOptions& options,
                             const BridgeSettings& settings, UpstreamEra& era)
    : worker_(worker),
      server_(std::move(server)),
      settings_(settings),
      era_(era),
      max_depth_(options.message.max_depth),
      label_(next_label()),
      listens_(std::make_shared<ListenKeeper>(worker, server_, events,
                                              terms_of(label_, options, settings))) {}

sdk::Message SessionBridge::greet(const sdk::Message& initialize, std::string_view discovered) {
    client_ = ClientProfile(initialize);
    listens_->set_client(client_);
    const std::string_view capabilities = json::member(discovered, "capabilities");
    capabilities_ = json::is_object(capabilities) ? capabilities : "{}";
    return sdk::make_result(initialize.id(),
                            initialize_result(discovered, initialize.protocol_version()));
}

sdk::awaitable<sdk::Result<void>> SessionBridge::call(sdk::Message request,
                                                      sdk::ReplyStream& replies,
                                                      sdk::Cancellation& cancellation) {
    const std::shared_ptr<SessionBridge> alive = shared_from_this();
    const std::string_view method = request.method();
    if (is_forwarded(mcp::method(method))) {
        SessionCall call(*this, request, replies, cancellation);
        co_return co_await call.run(std::move(request));
    }
    if (method == "ping") co_return co_await ping(request, replies, cancellation);
    if (method == "server/discover" && request.is_stateless()) {  // a health check's own
        co_return co_await server_->call(std::move(request), replies, cancellation);
    }
    if (is_subscription(method) && offers("resources", "subscribe")) {
        co_return co_await subscribe(request, replies, cancellation);
    }
    const bool level = method == "logging/setLevel" && offers("logging");
    sdk::Message answer = level ? set_level(request) : not_found(request);
    co_return co_await replies.write(std::move(answer));
}

/// Whether the server has said so; before it was asked nothing is ruled out.
bool SessionBridge::offers(std::string_view capability, std::string_view part) const {
    if (capabilities_.empty()) return true;
    const std::string_view value = json::member(capabilities_, capability);
    return part.empty() ? json::is_object(value) : json::member(value, part) == "true";
}

/// There is no `ping` in the stateless era; any answer shows that the server is well.
sdk::awaitable<sdk::Result<void>> SessionBridge::ping(const sdk::Message& request,
                                                      sdk::ReplyStream& replies,
                                                      sdk::Cancellation& cancellation) {
    Discarded nowhere;
    sdk::Message question = discover_request(client_);
    const sdk::Result<void> done =
        co_await server_->call(std::move(question), nowhere, cancellation);
    if (done.has_error()) co_return done;
    sdk::Message pong = sdk::make_result(request.id(), "{}");
    co_return co_await replies.write(std::move(pong));
}

sdk::Message SessionBridge::set_level(const sdk::Message& request) {
    if (client_.set_log_level(json::unquote(json::member(request.params(), "level")))) {
        return sdk::make_result(request.id(), "{}");
    }
    return sdk::make_error(request.id(), sdk::json_rpc::kInvalidParams, "unknown log level");
}

/// `resources/subscribe` and `resources/unsubscribe`.
sdk::awaitable<sdk::Result<void>> SessionBridge::subscribe(const sdk::Message& request,
                                                           sdk::ReplyStream& replies,
                                                           sdk::Cancellation& cancellation) {
    const std::string id(request.id());
    std::string uri = json::unquote(json::member(request.params(), "uri"));
    sdk::Message answer = sdk::make_result(id, "{}");
    if (uri.empty()) {
        answer = sdk::make_error(id, sdk::json_rpc::kInvalidParams, "a subscription needs a uri");
    } else if (request.method() == "resources/unsubscribe") {
        co_await listens_->unsubscribe(std::move(uri));
    } else {
        const sdk::Result<void> done = co_await listens_->subscribe(std::move(uri), cancellation);
        const bool over = done.has_error() && (cancellation.requested() ||
                                               done.error().code() == sdk::ErrorCode::closed);
        if (over) co_return done;
        if (done.has_error()) {
            const bool unknown = done.error().code() == sdk::ErrorCode::unsupported;
            answer = sdk::make_error(
                id, unknown ? sdk::json_rpc::kInvalidParams : sdk::json_rpc::kInternalError,
                done.error().message());
        }
    }
    co_return co_await replies.write(std::move(answer));
}

sdk::awaitable<sdk::Result<void>> SessionBridge::send(sdk::Message message) {
    if (message.is_response()) {
        const auto asking = std::ranges::find_if(
            calls_, [&message](const SessionCall* call) { return call->awaits(message.id()); });
        if (asking != calls_.end()) {
            (*asking)->answered(message);
        } else {
            sdk::log::debug("late answer dropped", {{"id", message.id()}});
        }
    } else if (message.method() == "notifications/initialized") {
        co_await listens_->want_lists(offers("tools", "listChanged"),
                                      offers("prompts", "listChanged"),
                                      offers("resources", "listChanged"));
    }
    co_return sdk::Result<void>();
}

/// A call that is woken may leave, and take others with it.
void SessionBridge::end(const sdk::Error& error) {
    listens_->close();
    const std::vector<SessionCall*> running = calls_;
    for (SessionCall* call : running) {
        if (std::ranges::find(calls_, call) != calls_.end()) call->end(error);
    }
}

std::string SessionBridge::new_id() {
    return "\"shadowcat-" + label_ + "-" + std::to_string(++last_id_) + "\"";
}

void SessionBridge::look_at(const sdk::Message& response) {
    if (response.kind() != sdk::MessageKind::error) return;
    if (sdk::error_code_of(response) == sdk::json_rpc::kUnsupportedProtocolVersion) era_.forget();
}

}  // namespace shadowcat::core
