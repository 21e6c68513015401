// SPDX-License-Identifier: Apache-2.0
// Reads the sections. Lists whose entries have plugins' keys are taken out and read one by one.
#include "core/config/config_reader.hpp"

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/exchange_sink.hpp"
#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/metrics_sink.hpp"

#include "core/config/config_schema.hpp"
#include "core/config/listener_section.hpp"
#include "core/config/masked.hpp"
#include "core/config/upstream_reader.hpp"
#include "core/control/control_socket.hpp"

#include <map>

namespace shadowcat::core {

namespace {

constexpr const char* kDefaultSink = "prometheus";
constexpr const char* kAccessLog = "access_log";

bool has(const Json& holder, const char* key) {
    return holder.contains(key) && !holder.at(key).is_null();
}

/// Gives `holder[key]` and leaves an empty list there, if it is a list.
Json take_list(Json& holder, const char* key) {
    if (!holder.is_object() || !holder.contains(key) || !holder.at(key).is_array()) return nullptr;
    return std::exchange(holder[key], Json::array());
}

class ConfigReader {
public:
    ConfigReader(SectionReader& reader, const PluginRegistry& registry,
                 const ConfigRequest& request)
        : reader_(reader), registry_(registry), request_(request) {}

    Config read() {
        Json raw = reader_.config().value;
        config_.shown = masked(raw, root_schema(registry_, true, listener_of(request_.mode)));
        raw.erase("plugins");  // read before
        Json nothing;
        Json& proxy = raw.contains("reverse_proxy") ? raw["reverse_proxy"] : nothing;
        upstreams_missing_ = proxy.is_null() || (proxy.is_object() && !has(proxy, "upstreams"));
        const Json upstreams = take_list(proxy, "upstreams");
        const Json interceptors = take_list(raw, "interceptors");
        const bool metrics_given = raw.contains("metrics");
        const Json metrics = take_list(raw, "metrics");
        const Json exchange_sinks = take_list(raw, "exchange_sinks");
        const Json all = reader_.validated(root_schema(registry_, true, listener_of(request_.mode)),
                                           "", std::move(raw));

        config_.logging.format = format_of(all.at("logging"));
        read_proxy(all.at("reverse_proxy"), upstreams);
        for (PartConfig& part :
             read_parts(interceptors, sdk::Interceptor::kKind, "interceptors", "type")) {
            config_.interceptors.emplace_back(std::move(part));
        }
        config_.metrics_sinks = read_parts(metrics, sdk::MetricsSink::kKind, "metrics", "sink");
        if (!metrics_given) add_default_sink();
        config_.exchange_sinks =
            read_parts(exchange_sinks, sdk::ExchangeSink::kKind, "exchange_sinks", "sink");
        read_logging(all.at("logging"));
        read_process(all);
        read_control(all.value("control", Json::object()).value("socket", ""));
        refuse_stdout();
        config_.workers = all.at("workers").get<std::size_t>();
        return std::move(config_);
    }

private:
    void read_proxy(const Json& proxy, const Json& upstreams) {
        read_session(proxy.value("session", Json::object()));
        read_bridge(proxy.value("bridge", Json::object()));
        read_cache(proxy.value("cache", Json::object()));
        read_limits(proxy.value("limits", Json::object()));
        read_upstreams(reader_, registry_, with_forward_defaults(upstreams), config_);
        const bool no_list = upstreams.is_null() && !upstreams_missing_;
        if (config_.upstreams.empty() && !no_list) {
            reader_.fail("reverse_proxy.upstreams", "list at least one, or give --upstream");
        }
        const ListenerSection listener = read_listener(reader_, registry_, request_, proxy);
        config_.listener = listener.part;
        use_lenient_defaults(proxy, listener.loopback);
    }

    void read_session(const Json& session) {
        config_.session.idle_timeout = std::chrono::seconds(session.value("timeout_secs", 300));
        config_.session.max_sessions = session.value("max_sessions", std::size_t{1000});
        config_.session.adopt_unknown = session.value("unknown_id", "") == "adopt";
        const std::string repair = session.value("repair", "when_safe");
        config_.session.repair = repair == "always"  ? Repair::always
                                 : repair == "never" ? Repair::never
                                                     : Repair::when_safe;
        config_.session.replay_messages =
            session.value("replay_messages", config_.session.replay_messages);
        config_.session.replay_bytes = session.value("replay_bytes", config_.session.replay_bytes);
    }

    void read_bridge(const Json& from) {
        BridgeSettings& bridge = config_.session.bridge;
        bridge.probe_timeout = std::chrono::seconds(from.value("probe_timeout_secs", 5));
        bridge.input_timeout = std::chrono::seconds(from.value("input_timeout_secs", 300));
        bridge.max_parked = from.value("max_parked", bridge.max_parked);
        bridge.max_input_rounds = from.value("max_input_rounds", bridge.max_input_rounds);
        bridge.max_subscriptions = from.value("max_subscriptions", bridge.max_subscriptions);
        bridge.max_listens = from.value("max_listens", bridge.max_listens);
    }

    void read_cache(const Json& from) {
        CacheSettings& cache = config_.session.cache;
        cache.enabled = from.value("enabled", false);
        cache.max_ttl = std::chrono::seconds(from.value("max_ttl_secs", 3600));
        cache.max_bytes = from.value("max_bytes", cache.max_bytes);
    }

    void read_limits(const Json& limits) {
        SessionSettings& session = config_.session;
        session.request_timeout = std::chrono::seconds(limits.value("request_timeout_secs", 60));
        session.human_timeout = std::chrono::seconds(limits.value("client_timeout_secs", 600));
        session.first_byte_timeout =
            std::chrono::seconds(limits.value("first_byte_timeout_secs", 0));
        session.total_timeout = std::chrono::seconds(limits.value("total_timeout_secs", 3600));
        ProcessConfig& process = config_.process;
        process.drain_timeout = std::chrono::seconds(limits.value("drain_timeout_secs", 10));
        process.retire_timeout = std::chrono::seconds(limits.value("retire_timeout_secs", 3600));
        process.max_bytes_in_flight =
            limits.value("max_bytes_in_flight", process.max_bytes_in_flight);
        process.max_memory_bytes = limits.value("max_memory_bytes", process.max_memory_bytes);
        session.message.max_bytes = limits.value("max_body_bytes", session.message.max_bytes);
        session.message.max_depth = limits.value("max_depth", session.message.max_depth);
        session.max_in_flight = limits.value("max_in_flight", session.max_in_flight);
        session.max_outbox_messages =
            limits.value("max_queued_messages", session.max_outbox_messages);
    }

    // The one-line start is for trying things out: there the common mistakes are forgiven, as long
    // as nobody else can reach the listener.
    void use_lenient_defaults(const Json& proxy, bool loopback) {
        const bool reverse = request_.mode == ProxyMode::reverse;
        const bool as_it_comes = request_.mode == ProxyMode::forward_stdio && !request_.translate;
        config_.session.transparent = !reverse && !request_.translate;
        config_.session.passes_text = as_it_comes;
        config_.session.bridge.enabled = !as_it_comes;
        const Json session = proxy.value("session", Json::object());
        const bool private_start = loopback && !request_.file;
        const std::string anonymous =
            session.value("anonymous", !reverse || private_start ? "shared" : "separate");
        config_.session.cache.anonymous_is_one = anonymous == "shared";
        config_.session.bridge.anonymous =
            anonymous == "shared" ? Anonymous::shared : Anonymous::separate;
        if (!private_start) return;
        config_.session.lenient_revisions = true;
        if (!session.contains("unknown_id")) config_.session.adopt_unknown = true;
    }

    std::vector<PartConfig> read_parts(const Json& list, std::string_view kind, const char* path,
                                       const char* selector) {
        std::vector<PartConfig> parts;
        for (std::size_t i = 0; i < list.size(); ++i) {
            const std::string where = sdk::child_path(path, i);
            Json entry = list[i];
            reader_.config().restore_texts(part_entry_schema(registry_, kind, selector, Json()),
                                           where, entry);
            const std::string name = name_in(entry, selector);
            if (!name.empty() && registry_.find(kind, name) == nullptr) {
                reader_.fail(sdk::child_path(where, selector),
                             registry_.unknown_part(kind, name).message());
                continue;
            }
            const sdk::Schema schema = part_entry_schema(registry_, kind, selector, entry);
            Json options = reader_.validated(schema, where, std::move(entry));
            options.erase(selector);
            parts.emplace_back(name, std::move(options));
        }
        return parts;
    }

    static std::string name_in(const Json& entry, const char* selector) {
        if (!entry.is_object() || !entry.contains(selector)) return {};
        const Json& name = entry.at(selector);
        return name.is_string() ? name.get<std::string>() : std::string();
    }

    void add_default_sink() {
        const Part* part = registry_.find<sdk::MetricsSink>(kDefaultSink);
        if (part == nullptr) return;
        config_.metrics_sinks.emplace_back(
            part->name, reader_.validated(part->schema, "metrics", Json::object()));
    }

    void read_process(const Json& all) {
        config_.process.watch_file = all.value("reload", Json::object()).value("watch_file", false);
        const Json admin = all.value("admin", Json::object());
        if (!admin.contains("bind_address")) return;
        config_.admin = read_admin(reader_, registry_, admin.at("bind_address"));
    }

    void read_control(const std::string& socket) {
        using Socket = ControlConfig::Socket;
        config_.forward = request_.mode != ProxyMode::reverse;
        const bool by_itself = socket.empty() && config_.forward;
        if (socket == "auto" || by_itself) config_.control.socket = Socket::automatic;
        if (socket.empty() || socket == "auto" || socket == "off") return;
        config_.control.socket = Socket::path;
        config_.control.path = socket;
        if (socket.find('/') == std::string::npos) {
            reader_.fail("control.socket",
                         "expected auto, off or a path with a slash, found \"" + socket + "\"");
        } else if (socket.size() > max_control_path()) {
            reader_.fail("control.socket",
                         "expected a path of at most " + std::to_string(max_control_path()) +
                             " bytes, found one of " + std::to_string(socket.size()));
        }
    }

    /// With a client on stdin and stdout nothing but MCP may be written there.
    void refuse_stdout() {
        if (config_.listener.name != "stdio") return;
        for (std::size_t i = 0; i < config_.exchange_sinks.size(); ++i) {
            if (config_.exchange_sinks[i].options.value("path", "") != "stdout") continue;
            reader_.fail(sdk::child_path("exchange_sinks", i),
                         "stdout carries MCP in this mode; use a file or stderr");
        }
    }

    void add_access_log(const Json& logging) {
        const std::string path = logging.value("access_log", "");
        if (path.empty()) return;
        const Part* part = registry_.find<sdk::ExchangeSink>(kAccessLog);
        if (part == nullptr) {
            reader_.fail("logging.access_log",
                         registry_.unknown_part(sdk::ExchangeSink::kKind, kAccessLog).message());
            return;
        }
        config_.exchange_sinks.emplace_back(
            part->name, reader_.validated(part->schema, "logging", Json{{"path", path}}));
    }

    void read_logging(const Json& logging) {
        add_access_log(logging);
        using sdk::log::Level;
        static const std::map<std::string, Level> kLevels = {
            {"trace", Level::trace}, {"debug", Level::debug}, {"info", Level::info},
            {"warn", Level::warn},   {"error", Level::error}, {"off", Level::off}};
        const auto level = kLevels.find(logging.value("level", usual_level()));
        if (level != kLevels.end()) config_.logging.level = level->second;
    }

    /// Between two pipes stderr is the server's.
    const char* usual_level() const {
        return request_.mode == ProxyMode::forward_stdio ? "warn" : "info";
    }

    static sdk::log::Format format_of(const Json& logging) {
        const bool json = logging.value("format", "") == "json";
        return json ? sdk::log::Format::json : sdk::log::Format::text;
    }

    /// In a forward mode a server started here gets what it would get without a proxy: the whole
    /// environment and, between two pipes, the proxy's own stderr; unless that has to be JSON.
    Json with_forward_defaults(const Json& upstreams) const {
        if (request_.mode == ProxyMode::reverse || !upstreams.is_array()) return upstreams;
        const bool pass = request_.mode == ProxyMode::forward_stdio &&
                          config_.logging.format == sdk::log::Format::text;
        Json filled = upstreams;
        for (Json& each : filled) {
            put_default(each, "inherit_env", Json::array({"*"}));
            if (pass) put_default(each, "stderr", "pass");
        }
        return filled;
    }

    void put_default(Json& upstream, const char* key, const Json& value) const {
        if (!upstream.is_object() || upstream.contains(key)) return;
        const auto transport = upstream.find("transport");
        if (transport == upstream.end() || !transport->is_string()) return;
        const Part* connector =
            registry_.find(sdk::Connector::kKind, transport->get<std::string>());
        if (connector != nullptr && connector->schema.find(key)) upstream[key] = value;
    }

    SectionReader& reader_;
    const PluginRegistry& registry_;
    const ConfigRequest& request_;
    Config config_;
    bool upstreams_missing_ = false;
};

}  // namespace

Config read_config(SectionReader& reader, const PluginRegistry& registry,
                   const ConfigRequest& request) {
    return ConfigReader(reader, registry, request).read();
}

void check_without_plugins(SectionReader& reader) {
    Json raw = reader.config().value;
    for (const char* section : {"plugins", "reverse_proxy", "interceptors", "metrics"}) {
        raw.erase(section);
    }
    reader.validated(root_schema(PluginRegistry(), false), "", std::move(raw));
}

}  // namespace shadowcat::core
