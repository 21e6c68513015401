// SPDX-License-Identifier: Apache-2.0
// Records calls over HTTP as a busy proxy does, on one thread: what they cost a worker, and what
// the thread that writes tapes.
#include "shadowcat/sdk/metrics.hpp"

#include "record/entry_queue.hpp"
#include "record/tape_desk.hpp"

#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

constexpr int kCallsPerBatch = 64;

double cpu_seconds() {
    rusage used = {};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

Options options_for(const std::string& directory) {
    sdk::Json config = sdk::Json::object();
    config["path"] = directory;
    std::vector<sdk::ConfigError> errors;
    return Options(sdk::validate(Options::schema(), config, "", errors));
}

/// A call of 200 bytes and its answer, with the HTTP heads around them.
class Call {
public:
    explicit Call(std::uint64_t number)
        : number_(number),
          request_(
              sdk::Message::parse(
                  R"({"jsonrpc":"2.0","id":)" + std::to_string(number) +
                  R"(,"method":"tools/call","params":{"name":"echo","arguments":{"message":")" +
                  std::string(110, 'x') + "\"}}}")
                  .value()),
          response_(sdk::Message::parse(R"({"jsonrpc":"2.0","id":)" + std::to_string(number) +
                                        R"(,"result":{"content":[{"type":"text","text":")" +
                                        std::string(110, 'x') + R"("}],"isError":false}})")
                        .value()) {}

    void queue(EntryQueue& queue) const {
        push_event(queue, request_head());
        push(queue, request_, sdk::Direction::client_to_server);
        push(queue, response_, sdk::Direction::server_to_client);
        push_event(queue, response_head());
        push_event(queue, end());
    }

private:
    void push(EntryQueue& queue, const sdk::Message& message, sdk::Direction direction) const {
        sdk::MessageContext context(direction, "s1", "primary");
        context.revision = "2025-06-18";
        context.exchange = context.stream = number_;
        queue.push(EntryParts(message, context, 0));
    }

    static void push_event(EntryQueue& queue, const sdk::TransportEvent& event) {
        queue.push(EntryParts(event, 0));
    }

    sdk::TransportEvent event(sdk::TransportEvent::Kind kind) const {
        sdk::TransportEvent made(kind, sdk::Hop::downstream, "s1");
        made.stream = number_;
        return made;
    }

    sdk::TransportEvent request_head() const {
        static const std::array<sdk::HeaderField, 6> kHeaders = {
            sdk::HeaderField("Host", "127.0.0.1:38211"),
            sdk::HeaderField("Content-Type", "application/json"),
            sdk::HeaderField("Accept", "application/json, text/event-stream"),
            sdk::HeaderField("MCP-Protocol-Version", "2025-06-18"),
            sdk::HeaderField("Mcp-Session-Id", "f2a9c10b41d0e7c58a6b3d2e1f00c4d9"),
            sdk::HeaderField("Content-Length", "200")};
        sdk::TransportEvent made = event(sdk::TransportEvent::Kind::http_request);
        made.method = "POST";
        made.target = "/mcp";
        made.headers = kHeaders;
        return made;
    }

    sdk::TransportEvent response_head() const {
        static const std::array<sdk::HeaderField, 3> kHeaders = {
            sdk::HeaderField("Content-Type", "application/json"),
            sdk::HeaderField("Mcp-Session-Id", "f2a9c10b41d0e7c58a6b3d2e1f00c4d9"),
            sdk::HeaderField("Content-Length", "204")};
        sdk::TransportEvent made = event(sdk::TransportEvent::Kind::http_response);
        made.status = 200;
        made.headers = kHeaders;
        return made;
    }

    sdk::TransportEvent end() const {
        sdk::TransportEvent made = event(sdk::TransportEvent::Kind::stream_closed);
        made.text = "answered";
        return made;
    }

    std::uint64_t number_;
    sdk::Message request_;
    sdk::Message response_;
};

[[gnu::noinline]] void queue_calls(EntryQueue& queue, const std::vector<Call>& calls) {
    for (const Call& call : calls)
        call.queue(queue);
}

[[gnu::noinline]] void write_calls(EntryQueue& queue, EntryQueue::Work& work, TapeDesk& desk) {
    const sdk::TimePoint now = sdk::Clock::now();
    queue.wait(work, now);
    work.entries.for_each([&](Entry& entry) { desk.take(std::move(entry), now); });
    work.entries.clear();
    desk.flush(now);
    queue.release(work.bytes);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return std::puts("usage: tape-writer DIRECTORY [CALLS]"), 2;
    const int batches = (argc > 2 ? std::atoi(argv[2]) : 64'000) / kCallsPerBatch;
    std::vector<Call> calls;
    for (std::uint64_t number = 1; number <= kCallsPerBatch; ++number)
        calls.emplace_back(number);
    const Options options = options_for(argv[1]);
    sdk::Metrics metrics;
    TapeMetrics counters(metrics);
    TapeDesk desk(options, counters);
    EntryQueue queue(options.queue_bytes);
    EntryQueue::Work work;
    double worker = 0;
    double writer = 0;
    for (int batch = 0; batch < batches; ++batch) {
        const double begin = cpu_seconds();
        queue_calls(queue, calls);
        const double queued = cpu_seconds();
        write_calls(queue, work, desk);
        worker += queued - begin;
        writer += cpu_seconds() - queued;
    }
    desk.end("measured", sdk::Clock::now());
    const double count = static_cast<double>(batches) * kCallsPerBatch;
    std::printf("CPU a call: worker %.2f us, writer %.2f us\n", worker / count * 1e6,
                writer / count * 1e6);
    return 0;
}
