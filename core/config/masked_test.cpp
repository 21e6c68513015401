// SPDX-License-Identifier: Apache-2.0
// What operators may see of a configuration, and what they may not.
#include "core/config/masked.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::core;

namespace {

sdk::Schema secret_schema() {
    sdk::Schema server;
    server.add(sdk::string("url", "u")).add(sdk::string_map("headers", "h").secret());
    server.add(sdk::string("token", "t").secret());
    sdk::Schema root;
    root.add(sdk::object_list("servers", "s", server)).add(sdk::integer("workers", "w"));
    return root;
}

}  // namespace

TEST_CASE("secrets are masked wherever they stand, the rest is shown") {
    const auto shown = masked(
        sdk::Json::parse(
            R"({"workers":2,"servers":[{"url":"http://h/p","headers":{"A":"x"},"token":"y"}]})"),
        secret_schema());
    CHECK(
        shown ==
        sdk::Json::parse(
            R"({"workers":2,"servers":[{"url":"http://h/p","headers":{"A":"***"},"token":"***"}]})"));
}

TEST_CASE("credentials in URLs are masked") {
    const auto shown =
        masked(sdk::Json::parse(
                   R"({"servers":[{"url":"https://me:pw@h/p?q=a@b"},{"url":"http://h/a@b"}]})"),
               secret_schema());
    CHECK(shown["servers"][0]["url"] == "https://***@h/p?q=a@b");
    CHECK(shown["servers"][1]["url"] == "http://h/a@b");
}

TEST_CASE("what nobody declared is not shown") {
    CHECK(masked(sdk::Json::parse(R"({"odd":"secret"})"), secret_schema())["odd"] == "***");
}
