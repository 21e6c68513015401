// SPDX-License-Identifier: Apache-2.0
// Which requests get which page.
#include "core/proxy/pages.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace shadowcat;
using namespace shadowcat::core;

namespace {

sdk::awaitable<> ask(const Pages& pages, sdk::PageRequest request, sdk::Worker& worker,
                     std::optional<sdk::Page>& page) {
    page = co_await pages.serve(std::move(request), worker);
}

sdk::Page asked(const Pages& pages, const std::string& method, const std::string& path) {
    sdk::Worker worker;
    std::optional<sdk::Page> page;
    sdk::PageRequest request(method, path, "q=1");
    spawn_logged(worker, ask(pages, std::move(request), worker, page), "test.page");
    worker.poll();
    return page.value();
}

sdk::Page hello() { return sdk::Page(200, "text/plain", "hello"); }

sdk::awaitable<sdk::Page> echo(sdk::PageRequest request, sdk::Worker&) {
    co_return sdk::Page(202, "text/plain",
                        request.method + " " + request.path + " " + request.query);
}

}  // namespace

TEST_CASE("a page is served at its path and for its method") {
    Pages pages;
    CHECK(pages.add("/hello", hello));
    CHECK(pages.add("/do", "POST", echo));
    CHECK(pages.has("/hello"));
    CHECK_FALSE(pages.has("/bye"));
    CHECK(asked(pages, "GET", "/hello").body == "hello");
    CHECK(asked(pages, "POST", "/do").body == "POST /do q=1");
}

TEST_CASE("other methods get 405 with the right one, other paths 404") {
    Pages pages;
    pages.add("/hello", hello);
    pages.add("/do", "POST", echo);
    CHECK(asked(pages, "POST", "/hello").status == 405);
    CHECK(asked(pages, "POST", "/hello").allow == "GET, HEAD");
    CHECK(asked(pages, "GET", "/do").allow == "POST");
    CHECK(asked(pages, "GET", "/bye").status == 404);
}

TEST_CASE("a path is taken once") {
    Pages pages;
    CHECK(pages.add("/hello", hello));
    CHECK_FALSE(pages.add("/hello", hello));
}
