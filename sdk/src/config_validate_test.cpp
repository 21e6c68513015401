// SPDX-License-Identifier: Apache-2.0
// What an operator reads when a configuration value is wrong.
#include "shadowcat/sdk/config.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::sdk;

namespace {

Schema server_schema() {
    Schema tls;
    tls.add(string("cert_path", "The certificate").defaults_to("cert.pem"));
    Schema schema;
    schema.add(string("name", "What it is called").required());
    schema.add(integer("port", "Where it listens").defaults_to(80).between(1, 65535));
    schema.add(boolean("verbose", "Whether it talks"));
    schema.add(string("mode", "How it works").one_of({"fast", "slow"}));
    schema.add(string_list("args", "Its arguments"));
    schema.add(string_map("env", "Its environment"));
    schema.add(object("tls", "Transport security", tls));
    return schema;
}

std::vector<std::string> errors_of(const Json& value) {
    std::vector<ConfigError> errors;
    validate(server_schema(), value, "server", errors);
    std::vector<std::string> lines;
    for (const auto& error : errors)
        lines.push_back(error.path + ": " + error.message);
    return lines;
}

}  // namespace

TEST_CASE("a valid value gets its defaults") {
    std::vector<ConfigError> errors;
    const Json out = validate(server_schema(), Json{{"name", "a"}}, "server", errors);
    CHECK(errors.empty());
    CHECK(out["port"] == 80);
    CHECK(out["tls"]["cert_path"] == "cert.pem");
    CHECK_FALSE(out.contains("verbose"));
}

TEST_CASE("every error is reported, with its path") {
    const auto lines =
        errors_of(Json{{"prot", 1}, {"port", 0}, {"mode", "warp"}, {"args", {1, Json::object()}}});
    REQUIRE(lines.size() == 5);
    CHECK(lines[0] == "server.prot: unknown key; did you mean 'port'?");
    CHECK(lines[1] == "server.name: missing required key (What it is called)");
    CHECK(lines[2] == "server.port: expected a whole number from 1 to 65535, found 0");
    CHECK(lines[3] == "server.mode: expected one of fast, slow, found \"warp\"");
    CHECK(lines[4] == "server.args[1]: expected a string, found {}");
}

TEST_CASE("an unknown key that resembles none lists the known ones") {
    CHECK(errors_of(Json{{"name", "a"}, {"zzzzzzzzzz", 1}}).at(0) ==
          "server.zzzzzzzzzz: unknown key; known keys: name, port, verbose, mode, args, env, tls");
}

TEST_CASE("strings from the environment stand for numbers and booleans") {
    std::vector<ConfigError> errors;
    const Json out = validate(
        server_schema(), Json{{"name", "a"}, {"port", "8080"}, {"verbose", "true"}}, "", errors);
    CHECK(errors.empty());
    CHECK(out["port"] == 8080);
    CHECK(out["verbose"] == true);
    CHECK(errors_of(Json{{"name", "a"}, {"port", "80x"}}).at(0) ==
          "server.port: expected a whole number, found \"80x\"");
}

TEST_CASE("nested values of the wrong type are named") {
    CHECK(errors_of(Json{{"name", "a"}, {"tls", "yes"}, {"env", 3}}) ==
          std::vector<std::string>{"server.env: expected a mapping of strings, found 3",
                                   "server.tls: expected a mapping, found \"yes\""});
}

TEST_CASE("a secret is not shown, even when it is wrong") {
    Schema schema;
    schema.add(string("token", "A password").secret());
    schema.add(string_map("headers", "Header fields").secret());
    std::vector<ConfigError> errors;
    validate(schema, Json{{"token", {"hunter2"}}, {"headers", {{"Authorization", {"hunter2"}}}}},
             "", errors);
    REQUIRE(errors.size() == 2);
    CHECK(errors[0].message == "expected a string, found a value that is not shown");
    CHECK(errors[1].path == "headers.Authorization");
    CHECK(errors[1].message == "expected a string, found a value that is not shown");
}
