// SPDX-License-Identifier: Apache-2.0
// What access logs and traces are told of an exchange.
#include "core/session/transcript.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

/// A record with texts of its own.
class Kept {
public:
    explicit Kept(const sdk::ExchangeRecord& from)
        : record(from),
          session(from.session),
          principal(from.principal),
          peer(from.peer),
          method(from.method),
          name(from.name),
          upstream(from.upstream),
          outcome(from.outcome),
          reason(from.reason) {}

    sdk::ExchangeRecord record;
    std::string session, principal, peer, method, name, upstream, outcome, reason;
};

class KeepingSink final : public sdk::ExchangeSink {
public:
    KeepingSink(std::vector<Kept>& kept, bool traces) : kept_(kept), traces_(traces) {}

    sdk::awaitable<sdk::Result<void>> start() override { co_return sdk::Result<void>(); }
    void on_exchange(const sdk::ExchangeRecord& record) noexcept override {
        kept_.emplace_back(record);
    }
    bool traces() const noexcept override { return traces_; }
    sdk::awaitable<> stop() override { co_return; }

private:
    std::vector<Kept>& kept_;
    bool traces_;
};

class RecordedStage : public Stage {
public:
    explicit RecordedStage(bool traces = false) {
        sinks.add(std::make_unique<KeepingSink>(records, traces));
        session = *table.open(sdk::ClientInfo("alice", "192.0.2.7:4711"));
    }

    std::vector<Kept> records;
    std::shared_ptr<sdk::ClientSession> session;
};

constexpr std::string_view kTrace = "0af7651916cd43dd8448eb211c80319c";
constexpr std::string_view kParent = "b7ad6b7169203331";

std::string traced(std::string_view traceparent) {
    return request("1", "tools/call",
                   R"({"name":"x","_meta":{"traceparent":")" + std::string(traceparent) + R"("}})");
}

}  // namespace

TEST_CASE("an answered call is recorded with who, what, where and how much") {
    RecordedStage stage;
    auto& client = stage.client();
    const std::string call = call_tool("1", "a_tool_with_a_name_of_some_length");
    stage.request(stage.session, client, call);
    stage.say(0, result(id_of_call(1)));
    REQUIRE(stage.records.size() == 1);
    const Kept& kept = stage.records[0];
    CHECK(kept.session == "s1");
    CHECK(kept.principal == "alice");
    CHECK(kept.peer == "192.0.2.7:4711");
    CHECK(kept.method == "tools/call");
    CHECK(kept.name == "a_tool_with_a_name_of_some_length");
    CHECK(kept.upstream == "primary");
    CHECK(kept.outcome == "result");
    CHECK(kept.reason.empty());
    CHECK(kept.record.status == 200);
    CHECK(kept.record.error_code == 0);
    CHECK(kept.record.attempts == 1);
    CHECK(kept.record.bytes_in == call.size());
    CHECK(kept.record.bytes_out == client.got.at(0).size());
    CHECK(kept.record.first_reply.count() > 0);
    CHECK(kept.record.elapsed >= kept.record.first_reply);
    CHECK_FALSE(kept.record.trace.valid());
}

TEST_CASE("a record names the connection its call came on, not the session's latest") {
    RecordedStage stage;
    auto& client = stage.client();
    stage.request(stage.session, client, call_tool("1", "x"));
    const sdk::ClientInfo elsewhere("alice", "[2001:db8:85a3::8a2e:370:7334]:51413");
    CHECK(stage.table.find(stage.session->id(), elsewhere).has_value());
    stage.say(0, result(id_of_call(1)));
    REQUIRE(stage.records.size() == 1);
    CHECK(stage.records[0].peer == "192.0.2.7:4711");
}

TEST_CASE("errors are recorded with the code that the client got") {
    RecordedStage stage;
    auto &refused = stage.client(), &lost = stage.client();
    stage.request(stage.session, refused, call_tool("1", "x"));
    stage.say(0, R"({"jsonrpc":"2.0","id":1024,"error":{"code":-32602,"message":"no"}})");
    stage.request(stage.session, lost, request("2", "tools/list"));
    stage.refuses = true;
    stage.crash(0);
    REQUIRE(stage.records.size() == 2);
    CHECK(stage.records[0].outcome == "error");
    CHECK(stage.records[0].record.error_code == -32602);
    CHECK(stage.records[1].outcome == "failed");
    CHECK(stage.records[1].reason == "crashed");
    CHECK(stage.records[1].record.error_code == -32603);
    CHECK(stage.records[1].record.status == 500);
}

TEST_CASE("a retried call counts its attempts, a cancelled one has no error") {
    RecordedStage stage;
    auto &list = stage.client(), &call = stage.client();
    stage.request(stage.session, list, request("1", "tools/list"));
    stage.crash(0);
    stage.say(1, result(id_of_call(1)));
    REQUIRE(stage.records.size() == 1);
    CHECK(stage.records[0].record.attempts == 2);
    CHECK(stage.records[0].outcome == "result");
    stage.request(stage.session, call, call_tool("2", "x"));
    stage.notify(
        stage.session,
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})");
    REQUIRE(stage.records.size() == 2);
    CHECK(stage.records[1].outcome == "cancelled");
    CHECK(stage.records[1].record.error_code == 0);
}

TEST_CASE("a traced call carries a span of the proxy's own within the client's trace") {
    RecordedStage stage(true);
    auto& client = stage.client();
    stage.request(stage.session, client,
                  traced("00-" + std::string(kTrace) + "-" + std::string(kParent) + "-01"));
    stage.say(0, result(id_of_call(1)));
    const sdk::ExchangeRecord& record = stage.records.at(0).record;
    CHECK(record.trace.trace_id() == kTrace);
    CHECK(record.trace.span_id() != kParent);
    CHECK(std::string_view(record.parent_span.data(), 16) == kParent);
    CHECK(message(stage.servers[0]->got.at(0)).traceparent() == record.trace.text());
}

TEST_CASE("without a usable parent a trace of its own begins") {
    RecordedStage stage(true);
    for (const std::string& call : {traced("00-nonsense"), call_tool("1", "x")}) {
        auto& client = stage.client();
        stage.request(stage.session, client, call);
    }
    stage.say(0, result(id_of_call(1)));
    stage.say(0, result(id_of_call(1) + 1 + 1024));
    REQUIRE(stage.records.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        const sdk::ExchangeRecord& record = stage.records[i].record;
        CHECK(record.trace.valid());
        CHECK(record.parent_span[0] == '\0');
        CHECK(message(stage.servers[0]->got.at(i)).traceparent() == record.trace.text());
    }
}
