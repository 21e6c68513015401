// SPDX-License-Identifier: Apache-2.0
// traceparent: what is read, what is refused, what is written; and where a message carries it.
#include "shadowcat/sdk/trace_context.hpp"

#include "shadowcat/sdk/message.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::sdk;

namespace {

constexpr const char* kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string with_traceparent(std::string text) {
    Message message = Message::parse(std::move(text)).value();
    message.set_traceparent("00-x");
    CHECK(message.traceparent() == "00-x");
    const auto again = Message::parse(message.bytes());
    REQUIRE_MESSAGE(again.has_value(), again.error().message());
    CHECK(again->traceparent() == "00-x");
    CHECK(again->id() == message.id());
    CHECK(again->method() == message.method());
    CHECK(again->name() == message.name());
    CHECK(again->progress_token() == message.progress_token());
    return message.bytes();
}

}  // namespace

TEST_CASE("a traceparent is read and written") {
    const auto context = TraceContext::parse(kParent);
    REQUIRE(context);
    CHECK(context->trace_id() == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK(context->span_id() == "00f067aa0ba902b7");
    CHECK(context->sampled());
    CHECK(context->text() == kParent);
}

TEST_CASE("malformed ones are none") {
    for (const char* text : {"", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                             "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0"}) {
        CHECK_MESSAGE(!TraceContext::parse(text), text);
    }
    CHECK(TraceContext::parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-more"));
}

TEST_CASE("a child keeps the trace and has a span of its own") {
    const TraceContext parent = TraceContext::fresh(true);
    const TraceContext child = parent.child();
    CHECK(child.trace_id() == parent.trace_id());
    CHECK(child.span_id() != parent.span_id());
    CHECK(child.sampled());
    CHECK(TraceContext::parse(child.text()).has_value());
    CHECK_FALSE(TraceContext().valid());
}

TEST_CASE("a message takes it wherever it has room for it") {
    CHECK(with_traceparent(R"({"jsonrpc":"2.0","id":1,"method":"ping"})") ==
          R"({"params":{"_meta":{"traceparent":"00-x"}},"jsonrpc":"2.0","id":1,"method":"ping"})");
    CHECK(with_traceparent(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{}})") ==
          R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"traceparent":"00-x"}}})");
    CHECK(
        with_traceparent(R"({"method":"m","params":{"name":"n"},"jsonrpc":"2.0","id":1})") ==
        R"({"method":"m","params":{"_meta":{"traceparent":"00-x"},"name":"n"},"jsonrpc":"2.0","id":1})");
    CHECK(
        with_traceparent(
            R"({"jsonrpc":"2.0","params":{"_meta":{"progressToken":5},"uri":"u"},"id":"a","method":"m"})") ==
        R"({"jsonrpc":"2.0","params":{"_meta":{"traceparent":"00-x","progressToken":5},"uri":"u"},"id":"a","method":"m"})");
    CHECK(
        with_traceparent(
            R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{ "traceparent":"00-a-longer-one" },"name":"n"}})") ==
        R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{ "traceparent":"00-x" },"name":"n"}})");
}

TEST_CASE("ids and tokens can still be replaced afterwards") {
    Message message =
        Message::parse(
            R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"progressToken":5},"name":"n"}})")
            .value();
    message.set_traceparent("00-x");
    message.set_progress_token("\"longer\"");
    message.set_id("777");
    message.set_traceparent("00-y");
    CHECK(
        message.bytes() ==
        R"({"jsonrpc":"2.0","id":777,"method":"m","params":{"_meta":{"traceparent":"00-y","progressToken":"longer"},"name":"n"}})");
}

TEST_CASE("messages without a place for it stay as they are") {
    for (const char* text : {R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":7}})",
                             R"({"jsonrpc":"2.0","id":1,"method":"m","params":null})",
                             R"({"jsonrpc":"2.0","id":1,"result":{}})"}) {
        Message message = Message::parse(text).value();
        message.set_traceparent("00-x");
        CHECK(message.bytes() == text);
        CHECK(message.traceparent().empty());
    }
}
