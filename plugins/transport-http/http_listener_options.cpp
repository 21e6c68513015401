// SPDX-License-Identifier: Apache-2.0
// Keys, defaults, bounds and the conversions that can fail.
#include "http_listener_options.hpp"

#include <charconv>
#include <stdexcept>

namespace shadowcat::http {

namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kLongestKeepAlive = 32767;  // the system's
constexpr const char* kSsePath = "/sse";
constexpr const char* kSseMessagePath = "/messages";

[[noreturn]] void refuse(const std::string& key, const std::string& why) {
    throw std::invalid_argument(key + ": " + why);
}

std::uint16_t parse_port(std::string_view text, const std::string& whole) {
    std::uint16_t port = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failed != std::errc() || stop != text.data() + text.size()) {
        refuse("bind_address", "'" + whole + "' has no port from 0 to 65535 at its end");
    }
    return port;
}

std::string checked_path(std::string path, const std::string& key = "path") {
    if (path.empty()) return path;
    if (!path.starts_with('/')) refuse(key, "'" + path + "' doesn't begin with '/'");
    if (path.find_first_of("?# ") != std::string::npos) {
        refuse(key, "'" + path + "' is more than a path");
    }
    return path;
}

SsePaths sse_of(const Json& config, const std::string& endpoint) {
    const Json sse = config.value("sse", Json::object());
    SsePaths paths;
    if (!sse.value("enabled", false)) return paths;
    paths.stream = checked_path(sse.value("path", kSsePath), "sse.path");
    paths.messages = checked_path(sse.value("message_path", kSseMessagePath), "sse.message_path");
    if (paths.stream.empty()) refuse("sse.path", "is empty");
    if (paths.stream == endpoint) refuse("sse.path", "is the MCP endpoint's");
    if (paths.messages.empty()) refuse("sse.message_path", "is empty");
    if (paths.messages == endpoint || paths.messages == paths.stream) {
        refuse("sse.message_path", "is another endpoint's");
    }
    return paths;
}

ClientAuth client_auth_of(const Json& tls) {
    const std::string text = tls.value("client_auth", "none");
    if (text == "required") return ClientAuth::required;
    return text == "optional" ? ClientAuth::optional : ClientAuth::none;
}

std::optional<TlsContext> load_tls(const Json& tls) {
    if (!tls.value("enabled", false)) return std::nullopt;
    for (const char* key : {"cert_path", "key_path"}) {
        if (tls.value(key, "").empty()) {
            refuse(std::string("tls.") + key, "is needed where tls.enabled is true");
        }
    }
    TlsServerOptions options(tls.value("cert_path", ""), tls.value("key_path", ""));
    options.client_ca_path = tls.value("client_ca_path", "");
    options.client_auth = client_auth_of(tls);
    Result<TlsContext> context = TlsContext::server(options);
    if (!context) throw std::invalid_argument(context.error().message());
    return *std::move(context);
}

OriginPolicy policy_of(const Json& config, const asio::ip::tcp::endpoint& bind) {
    using List = std::vector<std::string>;
    return OriginPolicy(bind.address().is_loopback(), config.value("allowed_origins", List()),
                        config.value("allowed_hosts", List()));
}

Duration seconds(const Json& config, const char* key) {
    return std::chrono::seconds(config.at(key).get<std::int64_t>());
}

Schema tls_schema() {
    Schema schema;
    schema.add(boolean("enabled", "serve https").defaults_to(false));
    schema.add(string("cert_path", "certificate chain, PEM"));
    schema.add(string("key_path", "private key, PEM, without a passphrase"));
    schema.add(string("client_ca_path", "CA certificates of clients, PEM"));
    schema.add(string("client_auth",
                      "whether clients show a certificate: none isn't asked for, a good one is "
                      "optional, or required. Its subject owns the sessions that it opens")
                   .defaults_to("none")
                   .one_of({"none", "optional", "required"}));
    return schema;
}

Schema sse_schema() {
    Schema schema;
    schema.add(boolean("enabled", "serve clients that know nothing newer").defaults_to(false));
    schema.add(string("path", "where clients open their stream").defaults_to(kSsePath));
    schema.add(string("message_path", "where they post to; they are told, with a secret token")
                   .defaults_to(kSseMessagePath));
    return schema;
}

void add_limits(Schema& schema) {
    schema.add(integer("max_body_bytes", "largest request body")
                   .defaults_to(10485760)
                   .between(1, 1 << 30));
    schema.add(integer("max_header_bytes", "largest request head")
                   .defaults_to(16384)
                   .between(256, 1 << 20));
    schema.add(
        integer("max_depth", "deepest nesting of a JSON body").defaults_to(128).between(1, 1024));
    schema.add(integer("max_connections", "connections at a time; more get 503")
                   .defaults_to(10000)
                   .between(1, 1000000));
    schema.add(integer("idle_timeout_secs", "how long an idle connection is kept")
                   .defaults_to(75)
                   .between(1, kDay));
    schema.add(integer("header_timeout_secs", "time for a request's head to arrive")
                   .defaults_to(10)
                   .between(1, kDay));
    schema.add(integer("body_timeout_secs", "time for a request's body to arrive")
                   .defaults_to(30)
                   .between(1, kDay));
    schema.add(integer("write_timeout_secs", "time for the client to take 256 KiB of an answer")
                   .defaults_to(30)
                   .between(1, kDay));
    schema.add(
        integer("ping_interval_secs", "silence on an event stream before a keep-alive comment")
            .defaults_to(15)
            .between(1, kDay));
    schema.add(integer("keepalive_secs",
                       "silence before the system asks whether the client is still there; 0 never")
                   .defaults_to(60)
                   .between(0, kLongestKeepAlive));
}

}  // namespace

Schema http_listener_schema() {
    Schema schema;
    schema.add(string("bind_address", "ADDRESS:PORT to listen on; port 0 lets the system choose")
                   .defaults_to("127.0.0.1:8080"));
    schema.add(string("path", "the MCP endpoint; empty for a listener that serves only pages")
                   .defaults_to("/mcp"));
    schema.add(
        string_list("allowed_origins",
                    "web origins that may call, besides this machine's on a loopback address"));
    schema.add(string_list("allowed_hosts",
                           "Host names that clients may use, besides this machine's on a loopback "
                           "address; elsewhere none means any"));
    add_limits(schema);
    schema.add(object("sse", "the deprecated HTTP+SSE transport of 2024-11-05, beside the endpoint",
                      sse_schema()));
    schema.add(object("tls", "HTTPS", tls_schema()));
    return schema;
}

HttpListenerOptions::HttpListenerOptions(const Json& config)
    : bind(parse_bind_address(config.at("bind_address").get<std::string>())),
      path(checked_path(config.at("path").get<std::string>())),
      sse(sse_of(config, path)),
      policy(policy_of(config, bind)),
      message(config.at("max_body_bytes").get<std::size_t>(),
              config.at("max_depth").get<std::size_t>()),
      max_header_bytes(config.at("max_header_bytes").get<std::uint32_t>()),
      max_connections(config.at("max_connections").get<std::size_t>()),
      idle_timeout(seconds(config, "idle_timeout_secs")),
      header_timeout(seconds(config, "header_timeout_secs")),
      body_timeout(seconds(config, "body_timeout_secs")),
      write_timeout(seconds(config, "write_timeout_secs")),
      ping_interval(seconds(config, "ping_interval_secs")),
      keepalive(config.at("keepalive_secs").get<std::int64_t>()),
      tls(load_tls(config.value("tls", Json::object()))) {}

asio::ip::tcp::endpoint parse_bind_address(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) refuse("bind_address", "'" + text + "' is not ADDRESS:PORT");
    std::string address = text.substr(0, colon);
    const bool bracketed = address.starts_with('[') && address.ends_with(']');
    if (bracketed) address = address.substr(1, address.size() - 2);
    if (address == "localhost") address = "127.0.0.1";
    error_code failed;
    const auto ip = asio::ip::make_address(address, failed);
    if (failed || ip.is_v6() != bracketed) {
        refuse("bind_address",
               "'" + text + "' names no IP address; write 127.0.0.1:8080 or [::1]:8080");
    }
    return {ip, parse_port(std::string_view(text).substr(colon + 1), text)};
}

}  // namespace shadowcat::http
