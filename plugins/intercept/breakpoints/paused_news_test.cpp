// SPDX-License-Identifier: Apache-2.0
// PausedNews: a follower that doesn't keep up.
#include "breakpoints/paused_news.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace shadowcat;
using namespace shadowcat::intercept;

namespace {

sdk::awaitable<> read_all(std::shared_ptr<PausedNews> news, std::vector<sdk::Json>& lines) {
    for (;;) {
        std::optional<sdk::Json> line = co_await news->next();
        if (!line) co_return;
        lines.push_back(*std::move(line));
    }
}

}  // namespace

TEST_CASE("news come in order; those beyond the bound are counted") {
    sdk::Worker worker;
    const auto news = std::make_shared<PausedNews>(worker.executor());
    for (std::size_t i = 0; i < PausedNews::kMostLines + 3; ++i)
        news->tell(i);
    news->close();
    std::vector<sdk::Json> lines;
    spawn_logged(worker, read_all(news, lines), "read");
    worker.run();
    REQUIRE(lines.size() == PausedNews::kMostLines + 1);
    CHECK(lines[0] == 0);
    CHECK(lines[PausedNews::kMostLines - 1] == PausedNews::kMostLines - 1);
    CHECK(lines.back() == sdk::Json{{"event", "lost"}, {"count", 3}});
}

TEST_CASE("who gives up reads nothing more") {
    sdk::Worker worker;
    const auto news = std::make_shared<PausedNews>(worker.executor());
    std::vector<sdk::Json> lines;
    spawn_logged(worker, read_all(news, lines), "read");
    worker.poll();
    news->tell(1);
    worker.poll();
    news->tell(2);
    news->give_up();
    news->tell(3);
    worker.run();
    CHECK(lines == std::vector<sdk::Json>{1});
}
