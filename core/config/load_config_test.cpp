// SPDX-License-Identifier: Apache-2.0
// From file, environment and command line to a Config, or to every error at once.
#include "core/config/load_config.hpp"

#include "core/config/test_plugins.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace shadowcat::core;
using shadowcat::core::testing::Loading;
using Lines = std::vector<std::string>;

namespace {

// As it stands in the mission's seed.
const char* const kSeed = R"(reverse_proxy:
  bind_address: "127.0.0.1:8080"
  upstreams:
    - name: "primary"
      transport: "stdio"
      command: ["mcp-server", "--production"]
    - name: "secondary"
      transport: "http"
      url: "https://mcp.example.com"
  session:
    timeout_secs: 300
    max_sessions: 1000
  tls:
    enabled: false
    cert_path: "/path/to/cert.pem"
    key_path: "/path/to/key.pem"
)";

const char* const kSmall = R"(reverse_proxy:
  upstreams:
    - name: a
      transport: http
      url: http://127.0.0.1:9/
)";

ConfigRequest one_line() {
    ConfigRequest request;
    request.upstreams = {
        Json{{"name", "upstream-1"}, {"transport", "stdio"}, {"command", {"server", "${X}"}}}};
    return request;
}

ConfigRequest with(Environment environment) {
    ConfigRequest request;
    request.environment = std::move(environment);
    return request;
}

}  // namespace

TEST_CASE("the seed's configuration is accepted exactly as it is written") {
    const Loading loading(kSeed);
    const Config& config = loading.config();
    REQUIRE(config.upstreams.size() == 2);
    CHECK(config.upstreams[0].name == "primary");
    CHECK(config.upstreams[0].connector.name == "stdio");
    CHECK(config.upstreams[0].connector.options["command"] == Json({"mcp-server", "--production"}));
    CHECK(config.upstreams[1].connector.options == Json{{"url", "https://mcp.example.com"}});
    CHECK(config.session.idle_timeout == std::chrono::seconds(300));
    CHECK(config.session.max_sessions == 1000);
    CHECK(config.listener.options["bind_address"] == "127.0.0.1:8080");
    CHECK(config.listener.options["tls"]["enabled"] == false);
}

TEST_CASE("the example seed.yaml is the seed's configuration") {
    std::ifstream file(SHADOWCAT_CONFIGS_DIR "/seed.yaml");
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == kSeed);
}

TEST_CASE("defaults are filled in, those of plugins too") {
    const Loading loading(kSmall);
    const Config& config = loading.config();
    CHECK(config.listener.options["path"] == "/mcp");
    CHECK(config.listener.options["max_header_bytes"] == 16384);
    CHECK(config.strategy.name == "round_robin");
    CHECK_FALSE(config.upstreams[0].settings.isolation == Isolation::shared);
    CHECK_FALSE(config.upstreams[0].health.has_value());
    CHECK(config.session.request_timeout == std::chrono::seconds(60));
    CHECK(config.session.message.max_bytes == 1000);  // the listener's default
    REQUIRE(config.metrics_sinks.size() == 1);
    CHECK(config.metrics_sinks[0].options["path"] == "/metrics");
    CHECK(config.workers == 0);
    CHECK(config.plugins.load.size() == 7);
}

TEST_CASE("with a file sessions are strict, on the one-line start lenient") {
    const Loading strict(kSmall);
    CHECK_FALSE(strict.config().session.adopt_unknown);
    CHECK_FALSE(strict.config().session.lenient_revisions);
    const Loading lenient("", one_line());
    CHECK(lenient.config().session.adopt_unknown);
    CHECK(lenient.config().session.lenient_revisions);
}

TEST_CASE("the one-line start is strict too where others can reach it, or when told so") {
    ConfigRequest open = one_line();
    open.options.emplace_back(Origin::command_line("--bind"),
                              std::vector<std::string>{"reverse_proxy", "bind_address"},
                              "0.0.0.0:8080");
    const Loading reachable("", open);
    CHECK_FALSE(reachable.config().session.adopt_unknown);
    CHECK_FALSE(reachable.config().session.lenient_revisions);
    ConfigRequest told = one_line();
    told.environment = {{"SHADOWCAT_REVERSE_PROXY__SESSION__UNKNOWN_ID", "reject"}};
    const Loading rejecting("", told);
    CHECK_FALSE(rejecting.config().session.adopt_unknown);
}

TEST_CASE("command line beats environment, environment beats file") {
    ConfigRequest request = with({{"SHADOWCAT_REVERSE_PROXY__BIND_ADDRESS", "127.0.0.1:2"},
                                  {"SHADOWCAT_REVERSE_PROXY__PATH", "/env"},
                                  {"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__URL", "http://env/"}});
    request.options.emplace_back(Origin::command_line("--bind"),
                                 std::vector<std::string>{"reverse_proxy", "bind_address"},
                                 "127.0.0.1:3");
    const Loading loading(kSmall, request);
    CHECK(loading.config().listener.options["bind_address"] == "127.0.0.1:3");
    CHECK(loading.config().listener.options["path"] == "/env");
    CHECK(loading.config().upstreams[0].connector.options["url"] == "http://env/");
}

TEST_CASE("--upstream takes the place of the file's upstreams; the environment may add to it") {
    ConfigRequest request = one_line();
    request.environment = {{"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__ENV__KEY", "v"},
                           {"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__COMMAND", "ignored"}};
    request.isolation = "shared";
    const Loading loading(kSeed, request);
    REQUIRE(loading.config().upstreams.size() == 1);
    const UpstreamConfig& upstream = loading.config().upstreams[0];
    CHECK(upstream.connector.options["command"] == Json({"server", "${X}"}));  // as typed
    CHECK(upstream.connector.options["env"] == Json{{"KEY", "v"}});
    CHECK(upstream.settings.isolation == Isolation::shared);
}

TEST_CASE("every error is reported at once, in the order of the file") {
    CHECK(
        Loading(R"(reverse_proxi: {}
reverse_proxy:
  bind_address: 8080
  upstreams:
    - name: a b
      transport: stdio
      comand: [x]
    - name: b
      transport: carrier-pigeon
      anything: goes
    - transport: http
      url: http://x/
      command: [x]
  session: { timeout_secs: 0, max_sessions: many }
  limits: { max_body_bytes: 1 }
logging: { level: loud }
metrics: [ { sink: carrier-pigeon } ]
interceptors: [ { type: message_log, levle: info }, {} ]
workers: -1
)",
                with({{"SHADOWCAT_LOGGING__FORMAT", "xml"}}))
            .problems() ==
        Lines{
            "a.yaml:1:1: reverse_proxi: unknown key; did you mean 'reverse_proxy'?",
            "a.yaml:3:3: reverse_proxy.bind_address: expected ADDRESS:PORT such as "
            "127.0.0.1:8080 or [::1]:8080, found \"8080\"",
            "a.yaml:5:7: reverse_proxy.upstreams[0].command: missing required key (Program and "
            "arguments)",
            "a.yaml:5:7: reverse_proxy.upstreams[0].name: expected 1 to 64 letters, digits, '_', "
            "'.' or '-', found \"a b\"",
            "a.yaml:7:7: reverse_proxy.upstreams[0].comand: unknown key; did you mean 'command'?",
            "a.yaml:9:7: reverse_proxy.upstreams[1].transport: no loaded plugin offers the "
            "connector 'carrier-pigeon'; offered: http, stdio",
            "a.yaml:11:7: reverse_proxy.upstreams[2].name: missing required key (Its name in "
            "logs and metrics: letters, digits, _ . -)",
            "a.yaml:13:7: reverse_proxy.upstreams[2].command: unknown key; known keys: name, "
            "transport, isolation, era, pool, health, retry, circuit_breaker, outlier_ejection, "
            "url",
            "a.yaml:14:14: reverse_proxy.session.timeout_secs: expected a whole number from 1 to "
            "2592000, found 0",
            "a.yaml:14:31: reverse_proxy.session.max_sessions: expected a whole number, found "
            "\"many\"",
            "a.yaml:15:13: reverse_proxy.limits.max_body_bytes: expected a whole number from 10 "
            "to 5000, found 1",
            "a.yaml:16:12: logging.level: expected one of trace, debug, info, warn, error, off, "
            "found \"loud\"",
            "a.yaml:17:14: metrics[0].sink: no loaded plugin offers the metrics sink "
            "'carrier-pigeon'; offered: prometheus",
            "a.yaml:18:38: interceptors[0].levle: unknown key; did you mean 'level'?",
            "a.yaml:18:53: interceptors[1].type: missing required key (Which one, by the name its "
            "plugin gives it)",
            "a.yaml:19:1: workers: expected a whole number from 0 to 256, found -1",
            "env SHADOWCAT_LOGGING__FORMAT: logging.format: expected one of text, json, found "
            "\"xml\"",
        });
}

TEST_CASE("keys that have no effect yet are refused, not ignored") {
    CHECK(Loading(std::string(kSmall) + "      isolation: per_request\n").problems().size() == 1);
}

TEST_CASE("capacity, retries and guards of an upstream are read") {
    const Loading loading(std::string(kSmall) + R"(      pool:
        { max: 4, min_idle: 2, max_inflight: 9, wait_timeout_secs: 3, max_age_secs: 60, weight: 5 }
      retry: { max_attempts: 3, budget_percent: 10, trust_annotations: true }
      circuit_breaker: { failures: 7 }
      outlier_ejection: { failure_percent: 30 }
)");
    const UpstreamSettings& read = loading.config().upstreams[0].settings;
    CHECK(read.pool.max_links == 4);
    CHECK(read.pool.min_idle == 2);
    CHECK(read.pool.max_inflight == 9);
    CHECK(read.pool.wait_timeout == std::chrono::seconds(3));
    CHECK(read.pool.max_age == std::chrono::seconds(60));
    CHECK(read.pool.weight == 5);
    CHECK(read.retry.max_attempts == 3);
    CHECK(read.retry.budget_percent == 10);
    CHECK(read.retry.trust_annotations);
    REQUIRE(read.breaker);
    CHECK(read.breaker->failures == 7);
    CHECK(read.breaker->open_for == std::chrono::seconds(30));
    REQUIRE(read.outlier);
    CHECK(read.outlier->failure_percent == 30);
}

TEST_CASE("without the keys there is no breaker and no ejection, but there are retries") {
    const Loading loading(kSmall);
    const UpstreamSettings& read = loading.config().upstreams[0].settings;
    CHECK_FALSE(read.breaker);
    CHECK_FALSE(read.outlier);
    CHECK(read.retry.max_attempts == 2);
}

TEST_CASE("bounds that contradict each other are errors") {
    CHECK(
        Loading(std::string(kSmall) + "      pool: { max: 2, min_idle: 3 }\n").problems().size() ==
        1);
    CHECK(Loading(std::string(kSmall) + "      pool: { backoff_ms: 2, max_backoff_ms: 1 }\n")
              .problems()
              .size() == 1);
    CHECK(Loading(std::string(kSmall) + "      isolation: shared\n      pool: { min_idle: 1 }\n")
              .problems()
              .size() == 1);
}

TEST_CASE("the admin pages have a listener of their own, without an MCP endpoint") {
    const Loading loading(std::string(kSmall) + "admin: { bind_address: '127.0.0.1:9090' }\n");
    REQUIRE(loading.config().admin);
    CHECK(loading.config().admin->options["bind_address"] == "127.0.0.1:9090");
    CHECK(loading.config().admin->options["path"] == "");
    CHECK(Loading(std::string(kSmall) + "admin: { bind_address: nowhere }\n").problems() ==
          Lines{"a.yaml:6:10: admin.bind_address: expected ADDRESS:PORT such as 127.0.0.1:9090, "
                "found \"nowhere\""});
}

TEST_CASE("an access log needs a plugin that writes it") {
    CHECK(Loading(std::string(kSmall) + "logging: { access_log: x }\n").problems().size() == 1);
}

TEST_CASE("mistakes on the command line and in the environment are named by option and variable") {
    ConfigRequest request =
        with({{"SHADOWCAT_REVERSE_PROXY__BIND_ADRESS", "x"}, {"SHADOWCAT_WORKERS", "many"}});
    request.options.emplace_back(Origin::command_line("--bind"),
                                 std::vector<std::string>{"reverse_proxy", "bind_address"}, "8080");
    CHECK(Loading(kSmall, request).problems() ==
          Lines{"env SHADOWCAT_REVERSE_PROXY__BIND_ADRESS: reverse_proxy.bind_adress: unknown key; "
                "did you mean 'bind_address'?",
                "env SHADOWCAT_WORKERS: workers: expected a whole number, found \"many\"",
                "--bind: expected ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080, found "
                "\"8080\""});
}

TEST_CASE("variables in the file are expanded unless something overrides the value") {
    const std::string yaml = R"(reverse_proxy:
  upstreams:
    - name: a
      transport: http
      url: http://${HOST}:${PORT:-9}/
workers: ${CORES}
)";
    const Loading good(yaml, with({{"HOST", "h"}, {"CORES", "3"}}));
    CHECK(good.config().upstreams[0].connector.options["url"] == "http://h:9/");
    CHECK(good.config().workers == 3);
    CHECK(Loading(yaml, with({{"HOST", "h"}}))
              .problems()
              .at(0)
              .starts_with("a.yaml:6:1: workers: the environment variable CORES is not set"));
    const Loading overridden(yaml, with({{"HOST", "h"}, {"SHADOWCAT_WORKERS", "2"}}));
    CHECK(overridden.config().workers == 2);
}

TEST_CASE("text keys get the text that was written, not what YAML makes of it") {
    const Loading loading(R"(reverse_proxy:
  upstreams:
    - name: 007
      transport: stdio
      command: [serve, 1.10, 0x1F, True]
      env: { VERSION: 2.0, PORT: 0080 }
)");
    const UpstreamConfig& upstream = loading.config().upstreams[0];
    CHECK(upstream.name == "007");
    CHECK(upstream.connector.options["command"] == Json({"serve", "1.10", "0x1F", "True"}));
    CHECK(upstream.connector.options["env"] == Json{{"VERSION", "2.0"}, {"PORT", "0080"}});
}

TEST_CASE("TLS needs files that can be read") {
    const std::string small = kSmall;
    CHECK(
        Loading(small + "  tls: { enabled: true, cert_path: /nowhere.pem }\n").problems() ==
        Lines{"a.yaml:6:3: reverse_proxy.tls.key_path: missing: TLS is enabled and needs it",
              "a.yaml:6:25: reverse_proxy.tls.cert_path: /nowhere.pem can't be read: No such file "
              "or directory"});
}

TEST_CASE("asking clients for certificates needs a file of authorities") {
    const std::string start =
        std::string(kSmall) + "  tls: { enabled: true, cert_path: /dev/null, key_path: /dev/null";
    const std::string where = "a.yaml:6:3: reverse_proxy.tls.client_ca_path: ";
    for (const std::string auth : {"optional", "required"}) {
        CHECK(Loading(start + ", client_auth: " + auth + " }\n").problems() ==
              Lines{where + "missing: client_auth is " + auth + " and needs it"});
    }
    CHECK(Loading(start + ", client_ca_path: /nowhere.pem }\n")
              .problems()
              .at(0)
              .ends_with("reverse_proxy.tls.client_ca_path: /nowhere.pem can't be read: No such "
                         "file or directory"));
    CHECK(Loading(start + ", client_ca_path: /dev/null, client_auth: required }\n")
              .problems()
              .empty());
    CHECK(Loading(start + ", client_auth: maybe }\n")
              .problems()
              .at(0)
              .find("expected one of none, optional, required") != std::string::npos);
}

TEST_CASE("a proxy without upstreams is refused") {
    CHECK(Loading("reverse_proxy: {}\n").problems() ==
          Lines{"a.yaml:1:1: reverse_proxy.upstreams: list at least one, or give --upstream"});
    CHECK(Loading("", ConfigRequest()).problems() ==
          Lines{"reverse_proxy.upstreams: list at least one, or give --upstream"});
    for (const char* yaml :
         {"reverse_proxy: { upstreams: }\n", "reverse_proxy: { upstreams: [] }\n",
          "reverse_proxy:\n", "workers: 1\n"}) {
        const Lines lines = Loading(yaml).problems();
        CAPTURE(yaml);
        REQUIRE(lines.size() == 1);
        CHECK(lines[0].ends_with("reverse_proxy.upstreams: list at least one, or give --upstream"));
    }
    CHECK(Loading("reverse_proxy: { upstreams: 3 }\n").problems().size() == 1);
    CHECK(Loading("reverse_proxy: 3\n").problems().at(0) ==
          "a.yaml:1:1: reverse_proxy: expected a mapping, found 3");
}

TEST_CASE("forward mode over stdio is transparent and has the stdio listener") {
    ConfigRequest request = one_line();
    request.mode = ProxyMode::forward_stdio;
    const Loading loading("", request);
    CHECK(loading.config().listener.name == "stdio");
    CHECK(loading.config().session.transparent);
    CHECK(loading.config().listener.options == Json{{"max_message_bytes", 77}});

    request.environment = {{"SHADOWCAT_REVERSE_PROXY__LIMITS__MAX_MESSAGE_BYTES", "88"}};
    const Loading limited("", request);
    CHECK(limited.config().listener.options == Json{{"max_message_bytes", 88}});

    request.environment = {{"SHADOWCAT_REVERSE_PROXY__BIND_ADDRESS", "127.0.0.1:1"}};
    CHECK(Loading("", request).problems().size() == 1);  // it would have no effect
}

TEST_CASE("the control socket is there by itself in forward mode only") {
    using Socket = ControlConfig::Socket;
    CHECK(Loading(kSmall).config().control.socket == Socket::off);
    CHECK_FALSE(Loading(kSmall).config().forward);
    ConfigRequest forward = one_line();
    forward.mode = ProxyMode::forward_stdio;
    CHECK(Loading("", forward).config().control.socket == Socket::automatic);
    CHECK(Loading("", forward).config().forward);
    forward.environment = {{"SHADOWCAT_CONTROL__SOCKET", "off"}};
    CHECK(Loading("", forward).config().control.socket == Socket::off);
}

TEST_CASE("the control socket where the file says") {
    using Socket = ControlConfig::Socket;
    const auto with_socket = [](const std::string& socket) {
        return std::string(kSmall) + "control: { socket: " + socket + " }\n";
    };
    CHECK(Loading(with_socket("auto")).config().control.socket == Socket::automatic);
    CHECK(Loading(with_socket("off")).config().control.socket == Socket::off);
    const Loading path(with_socket("/run/shadowcat/control.sock"));
    CHECK(path.config().control.socket == Socket::path);
    CHECK(path.config().control.path == "/run/shadowcat/control.sock");
    CHECK(Loading(with_socket("on")).problems() ==
          Lines{"a.yaml:6:12: control.socket: expected auto, off or a path with a slash, found "
                "\"on\""});
    CHECK(Loading(with_socket("/" + std::string(107, 'x'))).problems() ==
          Lines{"a.yaml:6:12: control.socket: expected a path of at most 107 bytes, found one of "
                "108"});
}

TEST_CASE("a plugin that fails is reported with what can be judged without it") {
    ConfigRequest request;
    const auto broken = [](const PluginsConfig&, auto& errors) -> const PluginRegistry& {
        static const PluginRegistry kEmpty;
        errors.emplace_back("plugins.load[1]", "plugin 'x' not found");
        return kEmpty;
    };
    request.environment = {{"SHADOWCAT_LOGGING__LEVEL", "loud"},
                           {"SHADOWCAT_PLUGINS__LOAD__0", "pool"},
                           {"SHADOWCAT_PLUGINS__LOAD__1", "x"}};
    const auto result = load_config(request, broken);
    REQUIRE(std::holds_alternative<Diagnostics>(result));
    const auto& diagnostics = std::get<Diagnostics>(result);
    REQUIRE(diagnostics.size() == 2);
    CHECK(diagnostics[0].text().starts_with("env SHADOWCAT_LOGGING__LEVEL: logging.level: "));
    CHECK(diagnostics[1].text() ==
          "env SHADOWCAT_PLUGINS__LOAD__1: plugins.load[1]: plugin 'x' not found");
}
