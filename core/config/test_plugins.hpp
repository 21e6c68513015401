// SPDX-License-Identifier: Apache-2.0
// Parts like the built-in ones, for the configuration's tests: schemas only, nothing is ever made.
#pragma once

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/health_checker.hpp"
#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/listener.hpp"
#include "shadowcat/sdk/metrics_sink.hpp"
#include "shadowcat/sdk/pool_strategy.hpp"

#include "core/config/load_config.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

/// Lets doctest show lists of lines.
template <>
struct doctest::StringMaker<std::vector<std::string>> {
    static String convert(const std::vector<std::string>& lines) {
        std::string text;
        for (const std::string& line : lines)
            text += "\n    " + line;
        return text.c_str();
    }
};

namespace shadowcat::core::testing {

inline sdk::Schema http_listener() {
    sdk::Schema tls;
    tls.add(sdk::boolean("enabled", "Serve HTTPS").defaults_to(false));
    tls.add(sdk::string("cert_path", "Certificate"));
    tls.add(sdk::string("key_path", "Key"));
    tls.add(sdk::string("client_ca_path", "Authorities"));
    tls.add(sdk::string("client_auth", "Asked")
                .defaults_to("none")
                .one_of({"none", "optional", "required"}));
    sdk::Schema schema;
    schema.add(sdk::string("bind_address", "Where").defaults_to("127.0.0.1:8080"));
    schema.add(sdk::string("path", "Endpoint").defaults_to("/mcp"));
    schema.add(sdk::integer("max_body_bytes", "Body").defaults_to(1000).between(10, 5000));
    schema.add(sdk::integer("max_header_bytes", "Header").defaults_to(16384).between(1024, 65536));
    schema.add(sdk::string_list("allowed_hosts", "Hosts"));
    schema.add(sdk::object("tls", "HTTPS", tls));
    return schema;
}

inline void add_builtin(PluginRegistry& registry) {
    PartCollector collector;
    sdk::Registrar& registrar = collector;
    sdk::Schema stdio;
    stdio.add(sdk::string_list("command", "Program and arguments").required().between(1, 100));
    stdio.add(sdk::string_map("env", "Environment"));
    sdk::Schema http;
    http.add(sdk::string("url", "Endpoint").required());
    sdk::Schema sticky;
    sticky.add(sdk::integer("replicas", "Points on the ring").defaults_to(8).between(1, 99));
    sdk::Schema ping;
    ping.add(sdk::string("method", "What to ask").defaults_to("ping"));
    sdk::Schema log;
    log.add(sdk::string("level", "Level").defaults_to("debug"));
    sdk::Schema prometheus;
    prometheus.add(sdk::string("path", "Where").defaults_to("/metrics"));
    registrar.add<sdk::Listener>("http", "", http_listener(), {});
    sdk::Schema stdin_listener;
    stdin_listener.add(sdk::integer("max_message_bytes", "Size").defaults_to(77));
    registrar.add<sdk::Listener>("stdio", "", stdin_listener, {});
    registrar.add<sdk::Connector>("stdio", "", stdio, {});
    registrar.add<sdk::Connector>("http", "", http, {});
    registrar.add<sdk::PoolStrategy>("round_robin", "", {}, {});
    registrar.add<sdk::PoolStrategy>("sticky", "", sticky, {});
    registrar.add<sdk::HealthChecker>("mcp_ping", "", ping, {});
    registrar.add<sdk::Interceptor>("message_log", "", log, {});
    registrar.add<sdk::MetricsSink>("prometheus", "", prometheus, {});
    if (!registry.add("builtin", collector.take())) throw std::logic_error("registry refused");
}

/// Loads YAML text and overrides against those parts.
class Loading {
public:
    explicit Loading(const std::string& yaml, ConfigRequest request = ConfigRequest());
    Loading(const Loading&) = delete;
    ~Loading();

    /// Every diagnostic, with the file called `a.yaml`.
    std::vector<std::string> problems() const;
    const Config& config() const;

private:
    std::string file_;
    PluginRegistry registry_;
    std::variant<Config, Diagnostics> result_;
};

}  // namespace shadowcat::core::testing
