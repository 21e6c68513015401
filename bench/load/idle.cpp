// SPDX-License-Identifier: Apache-2.0
// bench-load idle: what sessions and streams cost on which nothing happens. Most clients of a proxy
// are idle most of the time.
#include "commands.hpp"
#include "memory.hpp"
#include "session.hpp"

#include <algorithm>
#include <memory>

namespace bench {
namespace {

constexpr std::size_t kConnections = 4;    // sessions are opened over so many
constexpr std::size_t kBatch = 64;         // streams are opened so many at once,
constexpr milliseconds kWaitForHead{500};  // and each batch gets this long for its heads

double each(std::uint64_t before, std::uint64_t after, std::uint64_t count) {
    if (count == 0) return 0;
    return (static_cast<double>(after) - static_cast<double>(before)) / static_cast<double>(count);
}

std::string growth_json(const Memory& before, const Memory& after, std::uint64_t count) {
    JsonObject object;
    object.add("before_bytes", before.process).add("after_bytes", after.process);
    object.add("bytes_each", each(before.process, after.process, count));
    object.add("descendants_before_bytes", before.descendants);
    object.add("descendants_after_bytes", after.descendants);
    object.add("descendants_bytes_each", each(before.descendants, after.descendants, count));
    return object.text();
}

/// An open GET, and the text of its request.
struct Stream {
    Stream(const Target& target, std::string head)
        : connection(target.address()), request(std::move(head)) {}

    Connection connection;
    std::string request;
};

class Idle {
public:
    explicit Idle(const Options& options)
        : target_(options),
          pid_(static_cast<pid_t>(options.count("--pid"))),
          sessions_(options.count("--sessions", 1000)),
          streams_(options.count("--streams", 1000)),
          timeout_(seconds_of(options.number("--timeout", 10))) {
        if (!is_running(pid_)) throw UsageError("--pid: no process " + std::to_string(pid_));
        if (sessions_ < 1 || sessions_ > 1'000'000) throw UsageError("--sessions: 1 to 1000000");
        if (streams_ > sessions_) throw UsageError("--streams is more than --sessions");
        allow_many_descriptors();
    }

    int run() {
        open_sessions(std::max<std::uint64_t>(sessions_ / 10, 1));
        ids_.clear();
        const Memory before = settled_memory(pid_);
        open_sessions(sessions_);
        const Memory held = settled_memory(pid_);
        open_streams();
        const Memory streaming = settled_memory(pid_);
        look_again();
        report(before, held, streaming);
        return 0;
    }

private:
    void open_sessions(std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i)
            ids_.push_back(
                open_session(connections_[i % kConnections], target_, Clock::now() + timeout_));
    }

    void open_streams() {
        for (std::uint64_t i = 0; i < streams_; i += kBatch) {
            const std::uint64_t end = std::min<std::uint64_t>(i + kBatch, streams_);
            for (std::uint64_t stream = i; stream < end; ++stream)
                open_stream(ids_[stream]);
            await_heads(open_.size() - static_cast<std::size_t>(end - i));
        }
    }

    void open_stream(const std::string& id) {
        open_.push_back(std::make_unique<Stream>(target_, target_.head("GET", id, 0)));
        open_.back()->connection.start({open_.back()->request, {}, {}, {}});
    }

    /// Of the streams from `first` on: until each has a head or has failed, or time is up.
    void await_heads(std::size_t first) {
        const Time deadline = Clock::now() + kWaitForHead;
        for (std::size_t i = first; i < open_.size(); ++i) {
            Connection& connection = open_[i]->connection;
            while (connection.state() == Connection::State::kBusy && !connection.has_head()) {
                if (!await_news(connection, deadline)) break;
            }
        }
    }

    /// What has happened to them meanwhile.
    void look_again() {
        for (const auto& stream : open_) {
            if (stream->connection.state() == Connection::State::kBusy)
                stream->connection.proceed();
            count(stream->connection);
        }
    }

    void count(const Connection& connection) {
        const bool busy = connection.state() == Connection::State::kBusy;
        if (!connection.has_head()) {
            ++(busy ? unconfirmed_ : lost_);
        } else if (const int status = connection.head().status(); status != 200) {
            ++refused_;
            refusal_ = status;
        } else {
            ++(busy ? confirmed_ : lost_);
        }
    }

    void report(const Memory& before, const Memory& held, const Memory& streaming) const {
        JsonObject object;
        object.add("command", std::string_view("idle")).add("sessions", sessions_);
        const auto without =
            static_cast<std::uint64_t>(std::ranges::count(ids_, std::string(kNoSessionId)));
        object.add("sessions_without_id", without);
        object.add_raw("session", growth_json(before, held, sessions_));
        object.add("streams", streams_).add("streams_confirmed", confirmed_);
        object.add("streams_unconfirmed", unconfirmed_).add("streams_refused", refused_);
        object.add("streams_lost", lost_);
        if (refused_ > 0) object.add("refused_with_status", static_cast<std::uint64_t>(refusal_));
        object.add_raw("stream", growth_json(held, streaming, confirmed_ + unconfirmed_));
        std::printf("%s\n", object.text().c_str());
    }

    Target target_;
    pid_t pid_;
    std::uint64_t sessions_;
    std::uint64_t streams_;
    nanoseconds timeout_;
    std::vector<Connection> connections_ = make_connections();
    std::vector<std::string> ids_;
    std::vector<std::unique_ptr<Stream>> open_;
    std::uint64_t confirmed_ = 0, unconfirmed_ = 0, refused_ = 0, lost_ = 0;
    int refusal_ = 0;

    std::vector<Connection> make_connections() const {
        std::vector<Connection> connections;
        for (std::size_t i = 0; i < kConnections; ++i)
            connections.emplace_back(target_.address());
        return connections;
    }
};

}  // namespace

int idle_command(int argc, char** argv) {
    const Options options(argc, argv,
                          {{"--url"},
                           {"--pid"},
                           {"--sessions"},
                           {"--streams"},
                           {"--header", Options::Kind::kRepeated},
                           {"--timeout"}});
    return Idle(options).run();
}

}  // namespace bench
