// SPDX-License-Identifier: Apache-2.0
// What a viewer gets to see.
#include "filter.hpp"

#include "glob.hpp"
#include "pairs.hpp"
#include "testing.hpp"

using namespace shadowcat;
using namespace shadowcat::watch;
using namespace std::chrono_literals;

namespace {

/// A small conversation, paired; each entry is called as the comment behind it.
class Talk {
public:
    Talk() {
        const Record request = add(noted(call_of("1", "search"), kOut));        // request
        add(noted(result_of("1"), kIn), request.at + 20ms);                     // answer
        add(noted(R"({"jsonrpc":"2.0","id":2,"method":"ping"})", kOut, "s2"));  // ping
        add(noted(R"({"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"no"}})", kIn,
                  "s2"));  // error
        sdk::TransportEvent opened(sdk::TransportEvent::Kind::session_opened, sdk::Hop::downstream,
                                   "s1");
        add(record_of(opened, Wanted()));  // opened
        sdk::TransportEvent status(sdk::TransportEvent::Kind::http_response, sdk::Hop::upstream,
                                   "s1");
        status.upstream = "primary";
        status.status = 503;
        add(record_of(status, Wanted()));  // status
    }

    /// The names of what a viewer with `config` sees.
    std::string shown(const sdk::Json& config, bool found = false) const {
        static const std::vector<std::string> names = {"request", "answer", "ping",
                                                       "error",   "opened", "status"};
        const Filter filter = filter_of(config);
        std::string out;
        for (std::size_t i = 0; i < entries_.size(); ++i)
            if (filter.shows(entries_[i], found)) out += (out.empty() ? "" : " ") + names[i];
        return out;
    }

private:
    Record add(Record record, sdk::TimePoint at = {}) {
        if (at != sdk::TimePoint()) record.at = at;
        pairs_.see(record);
        entries_.push_back(record.entry);
        return record;
    }

    Pairs pairs_{10};
    std::vector<Entry> entries_;
};

}  // namespace

TEST_CASE("globs") {
    CHECK(glob_matches("tools/call", "tools/call"));
    CHECK(glob_matches("tools/*", "tools/call"));
    CHECK(glob_matches("*", ""));
    CHECK(glob_matches("*call*", "tools/call"));
    CHECK(glob_matches("t??ls/*l", "tools/call"));
    CHECK(glob_matches("a*b*c", "a-b-b-c"));
    CHECK_FALSE(glob_matches("tools", "tools/call"));
    CHECK_FALSE(glob_matches("", "x"));
    CHECK_FALSE(glob_matches("a*c?", "a-b-c"));
    CHECK_FALSE(glob_matches("?", ""));
    CHECK_FALSE(glob_matches(std::string(200, '*') + "b", std::string(10'000, 'a')));
}

TEST_CASE("filters") {
    const Talk talk;
    CHECK(talk.shown(sdk::Json::object()) == "request answer ping error opened status");
    CHECK(talk.shown({{"methods", {"tools/*"}}}) == "request answer");
    CHECK(talk.shown({{"methods", {"ping", "x"}}}) == "ping error");
    CHECK(talk.shown({{"tools", {"sea*"}}}) == "request answer");
    CHECK(talk.shown({{"sessions", {"s2"}}}) == "ping error");
    CHECK(talk.shown({{"upstreams", {"primary"}}}) == "request answer ping error status");
    CHECK(talk.shown({{"upstreams", {"second*"}}}) == "");
    CHECK(talk.shown({{"direction", "server_to_client"}}) == "answer error");
    CHECK(talk.shown({{"direction", "client_to_server"}}) == "request ping");
    CHECK(talk.shown({{"errors", true}}) == "error status");
    CHECK(talk.shown({{"slow_ms", 20}}) == "answer");
    CHECK(talk.shown({{"slow_ms", 21}}) == "");
    CHECK(talk.shown({{"contains", "x"}}) == "");
    CHECK(talk.shown({{"contains", "x"}, {"sessions", {"s2"}}}, true) == "ping error");
    CHECK(talk.shown({{"errors", true}, {"methods", {"tools/*"}}}) == "");
}

TEST_CASE("that something is missing is told to everybody") {
    CHECK(filter_of({{"errors", true}, {"sessions", {"s9"}}, {"contains", "x"}})
              .shows(dropped_entry(3), false));
}

TEST_CASE("wrong filters are refused") {
    const auto wrong = [](const sdk::Json& config) {
        std::vector<sdk::ConfigError> errors;
        sdk::validate(Filter::schema(), config, "", errors);
        return errors.size() == 1 ? errors[0].path : "";
    };
    CHECK(wrong({{"direction", "up"}}) == "direction");
    CHECK(wrong({{"slow_ms", -1}}) == "slow_ms");
    CHECK(wrong({{"max_payload_bytes", 1000000}}) == "max_payload_bytes");
    CHECK(wrong({{"method", "x"}}) == "method");
}
