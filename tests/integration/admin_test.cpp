// SPDX-License-Identifier: Apache-2.0
// The pages for operators: what they show, what they start, and who gets none of it.
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

const std::string kAdmin = "admin: { bind_address: \"127.0.0.1:0\" }\n";

ReverseProxy with_admin(const std::string& upstream_keys = "") {
    return ReverseProxy::with_config(config_for({kDemoServer}, upstream_keys) + kAdmin);
}

}  // namespace

TEST_CASE("with an admin address its pages are there and not on the main listener") {
    ReverseProxy proxy = with_admin();
    for (const char* path : {"/health", "/healthz", "/readyz", "/metrics", "/stats", "/upstreams",
                             "/sessions", "/config"}) {
        CHECK_MESSAGE(proxy.admin(path).status == 200, path);
        CHECK_MESSAGE(proxy.page(path).status == 404, path);
    }
    CHECK(proxy.admin("/mcp", "POST").status == 404);
    CHECK(proxy.admin("/nothing").status == 404);
}

TEST_CASE("pages have methods") {
    ReverseProxy proxy = with_admin();
    const HttpResponse get = proxy.admin("/drain");
    CHECK(get.status == 405);
    CHECK(get.header("allow") == "POST");
    CHECK(proxy.admin("/stats", "POST").status == 405);
}

TEST_CASE("stats, upstreams and sessions tell what goes on, without secrets") {
    ReverseProxy proxy = with_admin("      env: { TOKEN: hush-hush }\n");
    McpClient client = proxy.client();
    client.initialize();
    const Json stats = proxy.admin("/stats").json();
    CHECK(stats.at("sessions").at("live") == 1);
    CHECK(stats.at("draining") == false);
    CHECK(stats.at("pid") == proxy.process().pid());
    CHECK(stats.at("reload").at("number") == 0);
    const Json upstreams = proxy.admin("/upstreams").json().at("upstreams");
    REQUIRE(upstreams.size() == 1);
    CHECK(upstreams[0].at("name") == "primary");
    CHECK(upstreams[0].at("era") == "legacy");
    CHECK(upstreams[0].at("links").at("used") == 1);
    const HttpResponse sessions = proxy.admin("/sessions");
    REQUIRE(sessions.json().at("sessions").size() == 1);
    CHECK(sessions.json().at("sessions")[0].at("upstream") == "primary");
    CHECK(sessions.body.find(client.session()) == std::string::npos);
    const HttpResponse config = proxy.admin("/config");
    CHECK(config.body.find("hush-hush") == std::string::npos);
    CHECK(config.json().at("reverse_proxy").at("upstreams")[0].at("env").at("TOKEN") == "***");
}

TEST_CASE("POST /reload does what SIGHUP does and says how it went") {
    ReverseProxy proxy = with_admin();
    const HttpResponse same = proxy.admin("/reload", "POST");
    CHECK(same.status == 200);
    CHECK(same.json().at("number") == 1);
    CHECK(same.json().at("changes") == "no change");
    proxy.rewrite("reverse_proxy: { upstreams: 7 }\n");
    const HttpResponse bad = proxy.admin("/reload", "POST");
    CHECK(bad.status == 422);
    CHECK(bad.json().at("applied") == false);
    CHECK_FALSE(bad.json().at("errors").empty());
    CHECK(proxy.admin("/stats").json().at("reload").at("number") == 2);
}

TEST_CASE("POST /drain: not ready, new clients refused, what runs finishes, exit 0") {
    ReverseProxy proxy = with_admin();
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 10}, {"delay_ms", 50}}, "t");
    call.wait_for("notifications/progress");
    CHECK(proxy.admin("/drain", "POST").status == 202);
    const HttpResponse ready = proxy.admin("/readyz");
    CHECK(ready.status == 503);
    CHECK(ready.json().at("status") == "draining");
    CHECK(proxy.admin("/healthz").status == 200);
    CHECK(text_of(call.response()) == "done after 10 steps");
    CHECK(proxy.process().wait_exit() == "exit 0");
}
