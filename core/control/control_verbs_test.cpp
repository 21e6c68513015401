// SPDX-License-Identifier: Apache-2.0
// ControlVerbs: whose handler is found.
#include "core/control/control_verbs.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

using Names = std::vector<std::string>;

sdk::awaitable<sdk::Result<void>> done() { co_return sdk::Result<void>(); }

/// Does nothing; counts how often it was asked.
ControlVerbs::Handler counting(int& count) {
    return [&count](const sdk::Json&, sdk::ControlPeer&) {
        ++count;
        return done();
    };
}

class NoPeer final : public sdk::ControlPeer {
public:
    sdk::awaitable<sdk::Result<void>> send(sdk::Json) override { co_return sdk::Result<void>(); }
    bool gone() const noexcept override { return true; }
    void on_gone(std::function<void()>) override {}
};

void ask(const ControlVerbs& verbs, const char* verb) {
    NoPeer peer;
    const auto handler = verbs.find(verb);
    if (!handler) return;
    const auto performed = (*handler)(nullptr, peer);  // it counts when called
}

}  // namespace

TEST_CASE("a verb is served while its registration lives") {
    ControlVerbs verbs;
    int asked = 0;
    CHECK_FALSE(verbs.find("a"));
    std::shared_ptr<void> a = verbs.serve("a", counting(asked));
    const std::shared_ptr<void> b = verbs.serve("b", counting(asked));
    CHECK(verbs.names() == Names{"a", "b"});
    ask(verbs, "a");
    CHECK(asked == 1);
    a.reset();
    CHECK(verbs.names() == Names{"b"});
    CHECK_FALSE(verbs.find("a"));
}

TEST_CASE("of two for one verb the later is asked, and the earlier again once that has gone") {
    ControlVerbs verbs;
    int first = 0, second = 0;
    const std::shared_ptr<void> one = verbs.serve("a", counting(first));
    std::shared_ptr<void> two = verbs.serve("a", counting(second));
    ask(verbs, "a");
    two.reset();
    ask(verbs, "a");
    CHECK(first == 1);
    CHECK(second == 1);
    CHECK(verbs.names() == Names{"a"});
}

TEST_CASE("registrations may outlive the table") {
    std::shared_ptr<void> registration;
    int asked = 0;
    {
        ControlVerbs verbs;
        registration = verbs.serve("a", counting(asked));
    }
    registration.reset();
    CHECK(asked == 0);
}
