// SPDX-License-Identifier: Apache-2.0
// The sections of the configuration, the listener's keys in their places.
#include "core/config/config_schema.hpp"

#include "shadowcat/sdk/exchange_sink.hpp"
#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/listener.hpp"
#include "shadowcat/sdk/metrics_sink.hpp"

#include "core/config/upstream_keys.hpp"

namespace shadowcat::core {

using namespace sdk;  // the field functions: string, integer, …

namespace {

Schema session_schema() {
    Schema session;
    session.add(integer("timeout_secs", "Seconds after which a session without traffic ends")
                    .defaults_to(300)
                    .between(1, 30 * 86400));
    session.add(integer("max_sessions", "Most client sessions at a time; more are refused")
                    .defaults_to(1000)
                    .between(1, 1'000'000));
    session.add(
        string("unknown_id",
               "What a session id that this proxy did not mint gets: 404 (reject), or a new "
               "session of that name (adopt). Without a configuration file and on a "
               "loopback address: adopt; otherwise: reject")
            .one_of({"adopt", "reject"}));
    session.add(
        string("repair",
               "When the upstream has lost a session (its process died, its server answered 404): "
               "initialise it anew, unless a tool that may keep state was called since, then the "
               "client gets 404 (when_safe); always; or never")
            .defaults_to("when_safe")
            .one_of({"when_safe", "always", "never"}));
    session.add(
        string("anonymous",
               "Whether clients of 2026-07-28 without a proven identity count as one (shared) or "
               "not (separate). Matters where the server speaks in sessions: one session for all "
               "of them, or one for each request. Without a configuration file and on a loopback "
               "address, and in forward mode: shared; otherwise: separate")
            .one_of({"separate", "shared"}));
    session.add(integer("replay_messages",
                        "Most messages that one session keeps for clients that lost a stream")
                    .defaults_to(256)
                    .between(0, 100'000));
    session.add(integer("replay_bytes", "Most bytes of such messages")
                    .defaults_to(1024 * 1024)
                    .between(0, 1024 * 1024 * 1024));
    return session;
}

Schema bridge_schema() {
    Schema bridge;
    bridge.add(integer("probe_timeout_secs",
                       "How long a server may take to say whether it speaks 2026-07-28; silence of "
                       "a process counts as no")
                   .defaults_to(5)
                   .between(1, 300));
    bridge.add(integer("input_timeout_secs",
                       "How long a call waits for the input that a client of 2026-07-28 was asked "
                       "for")
                   .defaults_to(300)
                   .between(1, 86400));
    bridge.add(integer("max_parked", "Most calls of one worker that wait for such input")
                   .defaults_to(1000)
                   .between(1, 1'000'000));
    bridge.add(integer("max_input_rounds", "How often one call may ask for input")
                   .defaults_to(16)
                   .between(1, 1000));
    bridge.add(integer("max_subscriptions", "Most resources that one client subscribes to")
                   .defaults_to(1000)
                   .between(1, 100'000));
    bridge.add(integer("max_listens", "Most subscription streams of one worker")
                   .defaults_to(10'000)
                   .between(1, 1'000'000));
    return bridge;
}

Schema cache_schema() {
    Schema cache;
    cache.add(boolean("enabled", "Keep results for as long as a server of 2026-07-28 says (ttlMs)")
                  .defaults_to(false));
    cache.add(integer("max_ttl_secs", "Longest time, whatever a server says")
                  .defaults_to(3600)
                  .between(1, 30 * 86400));
    cache.add(integer("max_bytes", "Most bytes of all results together")
                  .defaults_to(16 * 1024 * 1024)
                  .between(1024, std::int64_t{1} << 40));
    return cache;
}

Schema limits_schema() {
    Schema limits;
    limits.add(integer("request_timeout_secs",
                       "Longest silence of the server while a request is in flight, in seconds")
                   .defaults_to(60)
                   .between(1, 86400));
    limits.add(integer("client_timeout_secs",
                       "The same while the server waits for an answer of the client (a person may "
                       "have to think)")
                   .defaults_to(600)
                   .between(1, 86400));
    limits.add(integer("first_byte_timeout_secs",
                       "Longest time until the server's first message to a request, in seconds; 0: "
                       "no bound of its own")
                   .defaults_to(0)
                   .between(0, 86400));
    limits.add(integer("total_timeout_secs",
                       "Longest time from a request to its response, progress or not, in seconds; "
                       "0: no bound")
                   .defaults_to(3600)
                   .between(0, 86400));
    limits.add(integer("drain_timeout_secs",
                       "How long requests in flight may take once the proxy was asked to end")
                   .defaults_to(10)
                   .between(0, 86400));
    limits.add(integer("retire_timeout_secs",
                       "How long sessions may stay on an upstream that a reload changed or removed")
                   .defaults_to(3600)
                   .between(0, 30 * 86400));
    limits.add(
        integer("max_bytes_in_flight",
                "Most bytes of messages that the proxy holds; more are not read, and refused "
                "with 503 when that takes too long")
            .defaults_to(256 * 1024 * 1024)
            .between(1024 * 1024, std::int64_t{1} << 40));
    limits.add(integer("max_memory_bytes",
                       "Resident memory of the proxy above which new sessions are refused; 0: no "
                       "bound")
                   .defaults_to(0)
                   .between(0, std::int64_t{1} << 50));
    limits.add(integer("max_body_bytes", "Largest message, in either direction")
                   .defaults_to(10 * 1024 * 1024)
                   .between(1024, 1024 * 1024 * 1024));
    limits.add(
        integer("max_depth", "Deepest nesting of a message").defaults_to(128).between(8, 1024));
    limits.add(integer("max_in_flight", "Most requests of one session at a time")
                   .defaults_to(1024)
                   .between(1, 100'000));
    limits.add(integer("max_queued_messages",
                       "Most messages of the server that wait for one session's client")
                   .defaults_to(256)
                   .between(1, 100'000));
    return limits;
}

Schema tls_schema() {
    Schema tls;
    tls.add(boolean("enabled", "Serve HTTPS").defaults_to(false));
    tls.add(sdk::string("cert_path", "PEM file with the certificate chain"));
    tls.add(sdk::string("key_path", "PEM file with the private key, without a passphrase"));
    tls.add(sdk::string("client_ca_path", "PEM file with the CA certificates of clients"));
    tls.add(sdk::string("client_auth",
                        "Whether clients show a certificate: it isn't asked for (none), a good one "
                        "is optional, or required. Its subject owns the sessions that it opens")
                .defaults_to("none")
                .one_of({"none", "optional", "required"}));
    return tls;
}

Schema logging_schema() {
    Schema logging;
    logging.add(string("level",
                       "Least severe lines that are written. Default: info, with a client on stdin "
                       "and stdout warn")
                    .one_of({"trace", "debug", "info", "warn", "error", "off"}));
    logging.add(string("access_log",
                       "File with one JSON line for each request; the same as an exchange sink "
                       "access_log with this path"));
    logging.add(string("format", "How lines look").defaults_to("text").one_of({"text", "json"}));
    return logging;
}

Schema admin_schema() {
    Schema admin;
    admin.add(string("bind_address",
                     "ADDRESS:PORT of /healthz, /readyz, /metrics, /stats, /upstreams, /sessions, "
                     "/config, and POST /drain and /reload; everyone who reaches it may use it"));
    return admin;
}

Schema control_schema() {
    Schema control;
    control.add(
        string("socket",
               "Where: auto (PID.sock in $XDG_RUNTIME_DIR/shadowcat or /tmp/shadowcat-UID), "
               "a path, or off. Only the proxy's own user can connect. Without this key: "
               "auto in forward mode, otherwise off"));
    return control;
}

Schema reload_schema() {
    Schema reload;
    reload.add(boolean("watch_file", "Whenever the file changes").defaults_to(false));
    return reload;
}

/// The listener's keys that belong into `section`.
Schema keys_of(const Part* listener, std::string_view section) {
    Schema keys;
    if (listener == nullptr) return keys;
    for (const ConfigField& field : listener->schema.fields()) {
        if (listener_section(field.name()) == section) keys.add(field);
    }
    return keys;
}

Schema reverse_proxy_schema(const Part* listener, Schema upstream) {
    Schema proxy = keys_of(listener, "");
    proxy.add(object_list("upstreams", "The servers behind the proxy", std::move(upstream)));
    proxy.add(object("session", "Client sessions", session_schema()));
    proxy.add(object("bridge", "Translation between revisions with sessions and without",
                     bridge_schema()));
    proxy.add(object("cache", "Results for clients of 2026-07-28", cache_schema()));
    proxy.add(object("limits", "Bounds of what clients and servers may ask for",
                     keys_of(listener, "limits").merge(limits_schema())));
    Schema security = keys_of(listener, "security");
    if (!security.fields().empty()) {
        proxy.add(object("security", "Who may talk to the proxy", std::move(security)));
    }
    return proxy.merge(Schema().add(object("tls", "HTTPS for clients", tls_schema())));
}

Schema entry_schema(const std::string& selector, const char* meaning) {
    Schema entry;
    entry.add(string(selector, meaning).required());
    return entry;
}

void merge_kind(Schema& schema, const PluginRegistry& registry, std::string_view kind) {
    for (const Part& part : registry.parts()) {
        if (part.kind == kind) schema.merge(part.schema);
    }
}

}  // namespace

std::string_view listener_section(std::string_view key) {
    if (key.starts_with("allowed_")) return "security";
    const bool limit = key.starts_with("max_") || key.ends_with("_secs") || key.ends_with("_bytes");
    return limit ? "limits" : "";
}

Schema plugins_schema() {
    Schema plugins;
    plugins.add(string_list("search_path",
                            "Directories that are searched for plugins, before those in "
                            "SHADOWCAT_PLUGIN_PATH and those that belong to the program"));
    plugins.add(string_list("load",
                            "Plugins to load: names, or mappings with name or path (absolute), and "
                            "sha256 of the file if it is to be checked. Default: transport-stdio, "
                            "transport-http, pool, metrics, message-log, access-log, otlp"));
    return plugins;
}

Schema plugin_entry_schema() {
    Schema entry;
    entry.add(string("name", "The plugin's name; it is searched for"));
    entry.add(string("path", "The plugin's file, absolute"));
    entry.add(string("sha256", "What the file's SHA-256 must be, in hex"));
    return entry;
}

Schema part_entry_schema(const PluginRegistry& registry, std::string_view kind,
                         const std::string& selector, const Json& entry) {
    Schema schema = entry_schema(selector, "Which one, by the name its plugin gives it");
    const auto name = entry.is_object() ? entry.find(selector) : entry.end();
    if (name == entry.end() || !name->is_string()) return schema;
    const Part* part = registry.find(kind, name->get<std::string>());
    return part != nullptr ? schema.merge(part->schema) : schema;
}

Schema root_schema(const PluginRegistry& registry, bool every_part, const std::string& listener) {
    Schema upstream = every_part ? any_upstream_schema(registry) : core_upstream_schema();
    Schema interceptor = entry_schema("type", "Which interceptor, by the name its plugin gives it");
    Schema sink = entry_schema("sink", "Which sink, by the name its plugin gives it");
    Schema exchange_sink = entry_schema("sink", "Which sink, by the name its plugin gives it");
    if (every_part) {
        merge_kind(interceptor, registry, Interceptor::kKind);
        merge_kind(sink, registry, MetricsSink::kKind);
        merge_kind(exchange_sink, registry, ExchangeSink::kKind);
    }
    Schema root;
    root.add(object("plugins", "What is loaded, and from where", plugins_schema()));
    root.add(object("reverse_proxy", "The proxy itself",
                    reverse_proxy_schema(registry.find<Listener>(listener), std::move(upstream))));
    root.add(object_list("interceptors",
                         "What sees every message, the first nearest to the client: it sees the "
                         "client's messages first and the server's last",
                         std::move(interceptor)));
    root.add(object_list("metrics",
                         "Where metrics go. Without this key: the sink prometheus, if a loaded "
                         "plugin offers it",
                         std::move(sink)));
    root.add(object_list("exchange_sinks",
                         "What is told of every finished request: access logs, traces",
                         std::move(exchange_sink)));
    root.add(object("admin", "Pages for operators; without this key none", admin_schema()));
    root.add(object("control",
                    "The socket over which shadowcat watch and shadowcat intercept talk to the "
                    "proxy",
                    control_schema()));
    root.add(
        object("reload", "When the configuration is read anew, beside SIGHUP", reload_schema()));
    root.add(object("logging", "Lines on stderr", logging_schema()));
    root.add(
        integer("workers", "Worker threads; 0: one for each core").defaults_to(0).between(0, 256));
    return root;
}

}  // namespace shadowcat::core
