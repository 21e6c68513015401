// SPDX-License-Identifier: Apache-2.0
// The connector's configuration: its schema, and what the schema can't check.
#include "upstream_target.hpp"

#include "text.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>

namespace shadowcat::http {

namespace {

/// Headers that this connector, or HTTP/1.1 itself, decides about.
constexpr std::array<std::string_view, 18> kOwnHeaders = {"accept",
                                                          "accept-encoding",
                                                          "connection",
                                                          "content-length",
                                                          "content-type",
                                                          "expect",
                                                          "host",
                                                          "keep-alive",
                                                          "last-event-id",
                                                          "mcp-method",
                                                          "mcp-name",
                                                          "mcp-session-id",
                                                          "te",
                                                          "traceparent",
                                                          "mcp-protocol-version",
                                                          "proxy-connection",
                                                          "transfer-encoding",
                                                          "upgrade"};

constexpr std::int64_t kMaxConnections = 256;
constexpr std::int64_t kCloseTimeout = 2;
constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kTokenMarks.find(c) != std::string_view::npos;
}

bool is_value_character(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 0x7F);
}

void check_header(const std::string& name, const std::string& value) {
    const auto fail = [&](std::string_view why) {
        throw std::runtime_error("headers." + name + ": " + std::string(why));
    };
    if (name.empty() || !std::ranges::all_of(name, is_token_character)) {
        fail("not the name of a header");
    }
    if (!std::ranges::all_of(value, is_value_character))
        fail("the value holds a control character");
    const std::string lowered = to_lower(name);
    if (std::ranges::find(kOwnHeaders, lowered) != kOwnHeaders.end() ||
        lowered.starts_with("mcp-param-")) {
        fail("is set by the connector itself");
    }
}

Schema tls_schema() {
    Schema schema;
    schema
        .add(
            string("ca_file", "PEM file with the CA certificates to trust instead of the system's"))
        .add(boolean("verify", "check the server's certificate; false only for experiments")
                 .defaults_to(true))
        .add(string("cert_path", "PEM file with this client's certificate chain"))
        .add(string("key_path", "PEM file with this client's private key"))
        .add(string("server_name", "name to ask for and to verify instead of the URL's host"));
    return schema;
}

TlsClientOptions tls_options(const Json& config) {
    TlsClientOptions options;
    options.verify = config.value("verify", true);
    options.ca_file = config.value("ca_file", "");
    options.cert_path = config.value("cert_path", "");
    options.key_path = config.value("key_path", "");
    options.server_name = config.value("server_name", "");
    if (options.cert_path.empty() != options.key_path.empty()) {
        throw std::runtime_error("tls: cert_path and key_path need each other");
    }
    return options;
}

bool has_effect(const TlsClientOptions& options) {
    return !options.verify || !options.ca_file.empty() || !options.cert_path.empty() ||
           !options.server_name.empty();
}

template <class T>
T value_or_throw(Result<T> result) {
    if (result.has_error()) throw std::runtime_error(result.error().message());
    return *std::move(result);
}

Schema base_schema() {
    Schema schema;
    schema.add(string("url", "where the MCP server is: http:// or https://").required())
        .add(
            string_map("headers", "headers added to every request, such as Authorization").secret())
        .add(object("tls", "for https:// URLs", tls_schema()))
        .add(integer("connect_timeout_secs",
                     "limit for name look-up, TCP and TLS handshake together")
                 .defaults_to(10)
                 .between(1, 600))
        .add(integer("max_idle_connections", "connections per worker kept open for later calls")
                 .defaults_to(64)
                 .between(0, 65536))
        .add(integer("idle_timeout_secs", "when an unused connection is closed")
                 .defaults_to(60)
                 .between(1, 86400))
        .add(integer("send_timeout_secs",
                     "limit for delivering a notification or a client's response")
                 .defaults_to(30)
                 .between(1, 3600))
        .add(integer("max_response_header_bytes", "limit for the head of one answer")
                 .defaults_to(16384)
                 .between(256, 1048576));
    return schema;
}

Duration seconds(const Json& config, const char* key) {
    return std::chrono::seconds(config.at(key).get<std::int64_t>());
}

}  // namespace

Schema UpstreamTarget::schema() {
    Schema schema = base_schema();
    schema
        .add(integer("max_connections", "calls under way per worker; more wait for their turn")
                 .defaults_to(kMaxConnections)
                 .between(1, 65536))
        .add(integer("close_timeout_secs", "limit for the DELETE that ends a session")
                 .defaults_to(kCloseTimeout)
                 .between(1, 600));
    return schema;
}

Schema UpstreamTarget::stream_schema() { return base_schema(); }

UpstreamTarget::UpstreamTarget(const Json& config)
    : url(value_or_throw(UpstreamUrl::parse(config.at("url").get<std::string>()))),
      connect_timeout(seconds(config, "connect_timeout_secs")),
      idle_timeout(seconds(config, "idle_timeout_secs")),
      send_timeout(seconds(config, "send_timeout_secs")),
      close_timeout(std::chrono::seconds(config.value("close_timeout_secs", kCloseTimeout))),
      max_connections(static_cast<std::size_t>(config.value("max_connections", kMaxConnections))),
      max_idle_connections(config.at("max_idle_connections").get<std::size_t>()),
      max_response_header_bytes(config.at("max_response_header_bytes").get<std::uint32_t>()) {
    if (config.contains("headers")) {
        for (const auto& [name, value] : config.at("headers").items()) {
            check_header(name, value.get<std::string>());
            headers.emplace_back(name, value.get<std::string>());
        }
    }
    const TlsClientOptions options = tls_options(config.value("tls", Json::object()));
    if (!url.tls && has_effect(options)) {
        throw std::runtime_error("tls: has no effect, the url begins with http://");
    }
    if (url.tls) tls = value_or_throw(TlsContext::client(options));
}

Error UpstreamTarget::failure(ErrorCode code, std::string_view what) const {
    return upstream_error(code, url.display() + ": " + std::string(what));
}

}  // namespace shadowcat::http
