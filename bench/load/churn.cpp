// SPDX-License-Identifier: Apache-2.0
// bench-load churn: whole sessions, one after the other on each connection. What a session costs
// shows only when many begin and end: ids, tables, processes behind them.
#include "caller.hpp"
#include "commands.hpp"

namespace bench {
namespace {

constexpr std::string_view kEcho =
    R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"message":"churned"}}})";

enum class Stage { kInitialize, kInitialized, kCall, kDelete, kDone };

/// One connection and where it is in its cycle.
struct Cycle {
    Cycle(const Target& target, Poller& poller, std::size_t token)
        : connection(target.address(), &poller, token) {}

    Connection connection;
    Stage stage = Stage::kDone;
    std::string session;
    std::string text;  ///< The request under way.
    Time began{};
    Time sent{};
};

class Churn {
public:
    explicit Churn(const Options& options)
        : target_(options),
          seconds_(options.number("--seconds")),
          timeout_(seconds_of(options.number("--timeout", 10))) {
        const std::uint64_t count = options.count("--connections");
        if (count < 1 || count > 20'000) throw UsageError("--connections must be 1 to 20000");
        if (seconds_ <= 0) throw UsageError("--seconds must be above 0");
        allow_many_descriptors();
        for (std::size_t i = 0; i < count; ++i)
            cycles_.push_back(std::make_unique<Cycle>(target_, poller_, i));
    }

    int run() {
        const Time start = Clock::now();
        end_ = start + seconds_of(seconds_);
        for (const auto& cycle : cycles_)
            begin(*cycle);
        while (under_way_ > 0) {
            for (const std::size_t index : poller_.wait(Clock::now() + milliseconds(100)))
                on_ready(*cycles_[index]);
            give_up_late();
        }
        return report(static_cast<double>(nanoseconds_between(start, Clock::now())) / 1e9);
    }

private:
    void begin(Cycle& cycle) {
        ++under_way_;
        cycle.began = Clock::now();
        cycle.session.clear();
        send(cycle, Stage::kInitialize, target_.post({}, kInitialize));
    }

    void send(Cycle& cycle, Stage stage, std::string text) {
        cycle.stage = stage;
        cycle.text = std::move(text);
        cycle.sent = Clock::now();
        cycle.connection.start({cycle.text, {}, {}, {}});
        if (cycle.connection.state() == Connection::State::kFailed)
            fail(cycle, Fault::kLost, cycle.connection.failure());
    }

    void on_ready(Cycle& cycle) {
        const bool was_busy = cycle.connection.state() == Connection::State::kBusy;
        const Connection::State state = cycle.connection.proceed();
        if (!was_busy || state == Connection::State::kBusy) return;
        if (state == Connection::State::kFailed) {
            return fail(cycle, Fault::kLost, cycle.connection.failure());
        }
        on_answer(cycle);
    }

    void on_answer(Cycle& cycle) {
        switch (cycle.stage) {
            case Stage::kInitialize:
                return on_initialize(cycle);
            case Stage::kInitialized:
                if (!is_status(cycle, 200, 299)) return;
                return send(cycle, Stage::kCall, target_.post(cycle.session, kEcho));
            case Stage::kCall:
                return on_call(cycle);
            case Stage::kDelete:
                return on_delete(cycle);
            case Stage::kDone:
                return;
        }
    }

    void on_initialize(Cycle& cycle) {
        try {
            cycle.session = session_of(cycle.connection);
        } catch (const std::runtime_error& error) {
            return fail(cycle, Fault::kStatus, error.what());
        }
        send(cycle, Stage::kInitialized, target_.post(cycle.session, kInitialized));
    }

    void on_call(Cycle& cycle) {
        if (!is_status(cycle, 200, 200)) return;
        const Fault fault = echoed_.judge(cycle.connection.body(), 2);
        if (fault != Fault::kNone) return fail(cycle, fault, excerpt(cycle.connection.body()));
        if (cycle.session != kNoSessionId) {
            return send(cycle, Stage::kDelete, target_.head("DELETE", cycle.session, 0));
        }
        ++without_id_;
        complete(cycle);
    }

    void on_delete(Cycle& cycle) {
        const int status = cycle.connection.head().status();
        if (status == 404 || status == 405) {
            ++deletes_refused_;
        } else if (!is_status(cycle, 200, 299)) {
            return;
        }
        complete(cycle);
    }

    bool is_status(Cycle& cycle, int lowest, int highest) {
        const int status = cycle.connection.head().status();
        if (status >= lowest && status <= highest) return true;
        fail(cycle, Fault::kStatus,
             "status " + std::to_string(status) + ": " + excerpt(cycle.connection.body()));
        return false;
    }

    void complete(Cycle& cycle) {
        tally_.right(nanoseconds_between(cycle.began, Clock::now()));
        again(cycle);
    }

    /// That connection stops: a server that refuses everything isn't asked a million times.
    void fail(Cycle& cycle, Fault fault, std::string detail) {
        tally_.wrong(fault, std::move(detail));
        cycle.stage = Stage::kDone;
        --under_way_;
    }

    void again(Cycle& cycle) {
        cycle.stage = Stage::kDone;
        --under_way_;
        if (Clock::now() < end_) begin(cycle);
    }

    void give_up_late() {
        const Time now = Clock::now();
        for (const auto& cycle : cycles_) {
            const bool late = cycle->stage != Stage::kDone && now - cycle->sent > timeout_;
            if (!late) continue;
            cycle->connection.fail("no answer in time");
            fail(*cycle, Fault::kLate, "no answer in time");
        }
    }

    int report(double seconds) {
        JsonObject object;
        object.add("command", std::string_view("churn"));
        object.add("connections", std::uint64_t{cycles_.size()}).add("seconds", seconds);
        object.add("cycles_per_second", static_cast<double>(tally_.answered()) / seconds);
        object.add("deletes_refused", deletes_refused_);
        object.add("sessions_without_id", without_id_);
        add_tally(object, tally_);
        return finish(object, tally_);
    }

    Target target_;
    Expected echoed_{{"churned"}};
    double seconds_;
    nanoseconds timeout_;
    Poller poller_;
    std::vector<std::unique_ptr<Cycle>> cycles_;
    std::size_t under_way_ = 0;
    Time end_{};
    Tally tally_;
    std::uint64_t deletes_refused_ = 0;
    std::uint64_t without_id_ = 0;
};

}  // namespace

int churn_command(int argc, char** argv) {
    const Options options(argc, argv,
                          {{"--url"},
                           {"--connections"},
                           {"--seconds"},
                           {"--header", Options::Kind::kRepeated},
                           {"--timeout"}});
    return Churn(options).run();
}

}  // namespace bench
