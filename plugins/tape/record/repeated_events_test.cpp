// SPDX-License-Identifier: Apache-2.0
// What is remembered of heads that repeat themselves never shows where it doesn't belong.
#include "record/studio.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace shadowcat;
using namespace shadowcat::tape;
using scene::Studio;
using Fields = std::vector<std::pair<std::string, std::string>>;

namespace {

Entry head(const std::string& session, const Fields& fields, std::uint64_t stream = 0,
           const std::string& target = "/mcp") {
    sdk::TransportEvent event(sdk::TransportEvent::Kind::http_request, sdk::Hop::downstream,
                              session);
    std::vector<sdk::HeaderField> headers;
    for (const auto& [name, value] : fields)
        headers.emplace_back(name, value);
    event.headers = headers;
    event.stream = stream;
    event.method = "POST";
    event.target = target;
    Entry entry(event, 0);
    entry.time = sdk::Clock::now();
    return entry;
}

/// The values of a header on a tape, in order.
std::vector<std::string> values_of(const std::filesystem::path& tape, const std::string& name) {
    std::vector<std::string> values;
    for (const TapeLine& line : scene::lines_of(tape)) {
        if (line.kind != TapeLine::Kind::event || !line.fields.contains("headers")) continue;
        for (const auto& field : line.fields["headers"])
            if (field[0] == name) values.push_back(field[1].get<std::string>());
    }
    return values;
}

}  // namespace

TEST_CASE("heads that differ in one field, in their stream or their target stay apart") {
    Studio studio;
    studio.take(scene::message(scene::request(1)));
    for (std::uint64_t number = 1; number <= 600; ++number)
        studio.take(head("s1",
                         {{"Host", "h"}, {"Content-Length", std::to_string(100 + number % 50)}},
                         number, number % 3 == 0 ? "/mcp?page=1" : "/mcp?page=2"));
    studio.end();
    std::uint64_t number = 0;
    for (const TapeLine& line : scene::lines_of(studio.only_tape())) {
        if (line.kind != TapeLine::Kind::event) continue;
        ++number;
        CHECK(line.fields["stream"] == number);
        CHECK(line.fields["target"] == (number % 3 == 0 ? "/mcp?page=1" : "/mcp?page=2"));
        CHECK(line.fields["headers"][0][1] == "h");
        CHECK(line.fields["headers"][1][1] == std::to_string(100 + number % 50));
        CHECK_FALSE(line.fields.contains("redacted"));
    }
    CHECK(number == 600);
}

TEST_CASE("the same secret in the same head has another marker on another tape") {
    Studio studio;
    for (const std::string session : {"s1", "s2"})
        studio.take(scene::message(scene::request(1), scene::Said(session, {})));
    for (int round = 0; round < 3; ++round)
        for (const std::string session : {"s1", "s2"})
            studio.take(head(session, {{"Authorization", "Bearer s3cr3t"}, {"X", "y"}}));
    studio.end();
    std::set<std::string> markers;
    for (const auto& tape : studio.tapes()) {
        CHECK(Scratch::text(tape).find("s3cr3t") == std::string::npos);
        const auto values = values_of(tape, "Authorization");
        REQUIRE(values.size() == 3);
        CHECK(std::set<std::string>(values.begin(), values.end()).size() == 1);
        CHECK(values[0].starts_with("[redacted:"));
        markers.insert(values[0]);
    }
    CHECK(markers.size() == 2);
}

TEST_CASE("a head that is too long to be remembered is written like all others") {
    Studio studio;
    studio.take(scene::message(scene::request(1)));
    for (const std::string letter : {"a", "b"}) {
        std::string value;
        for (int i = 0; i < 5000; ++i)
            value += letter;
        studio.take(head("s1", {{"X-Long", value}, {"Cookie", letter}}));
    }
    studio.end();
    const auto values = values_of(studio.only_tape(), "X-Long");
    REQUIRE(values.size() == 2);
    CHECK(values[0] == std::string(5000, 'a'));
    CHECK(values[1] == std::string(5000, 'b'));
    const auto cookies = values_of(studio.only_tape(), "Cookie");
    CHECK(cookies[0] != cookies[1]);
}

TEST_CASE("telltale keys are found wherever they stand") {
    const Redactor redactor{RedactOptions()};
    const Marker marker;
    for (std::size_t shift = 0; shift < 40; ++shift) {
        for (const std::string_view text :
             {R"("params":{"requestState":"s3cr3t"}})", R"("result":{"_meta":{"token":"s3cr3t"}}})",
              R"("result":{"action":"accept","content":{"a":"s3cr3t"}}})",
              R"("params":{"inputResponses":{"k":{"action":"a","content":{"a":"s3cr3t"}}}}})",
              R"("result":{"inputRequests":{"k":{"params":{"url":"s3cr3t"}}}}})",
              R"("error":{"data":{"elicitations":[{"url":"s3cr3t"}]}}})"}) {
            std::string message = R"({"x":")" + std::string(shift, 'x') + "\",";
            message += text;
            CHECK(redactor.redact_message(message, MessageFacts(), marker));
            CHECK(message.find("s3cr3t") == std::string::npos);
        }
    }
}
