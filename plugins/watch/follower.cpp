// SPDX-License-Identifier: Apache-2.0
// The loop of `shadowcat watch`.
#include "follower.hpp"

#include "entry.hpp"
#include "interrupt.hpp"
#include "output.hpp"
#include "safe_text.hpp"
#include "traffic_line.hpp"

#include <unistd.h>

#include <chrono>
#include <ostream>
#include <thread>
#include <utility>

namespace shadowcat::watch {

namespace {

// A reload of the configuration ends viewers, too: who attaches again soon sees the rest.
constexpr auto kBreath = std::chrono::milliseconds(300);
constexpr auto kLeastLife = std::chrono::seconds(1);

constexpr int kWatchFailed = 1;

}  // namespace

int Follower::run() {
    const auto socket = sdk::choose_control_socket(invocation_.proxy);
    if (socket.has_error()) {
        say(socket.error().message());
        return kWatchFailed;
    }
    socket_ = *socket;
    const InterruptNoted interrupt;
    return follow();
}

int Follower::follow() {
    while (true) {
        const auto begin = sdk::Clock::now();
        const End end = attach();
        if (end == End::failure) return kWatchFailed;
        if (end == End::viewer) return 0;
        const bool short_lived = sdk::Clock::now() - begin < kLeastLife;
        std::this_thread::sleep_for(kBreath);
        if (InterruptNoted::happened()) return 0;
        if (!short_lived && ::access(socket_.c_str(), F_OK) == 0) continue;
        say("the proxy has ended");
        return 0;
    }
}

Follower::End Follower::attach() {
    auto client = sdk::ControlClient::send(socket_, invocation_.request);
    if (client.has_error()) return ended_by(client.error());
    return print_all(*client);
}

/// Says nothing new once interrupted.
sdk::Result<std::optional<sdk::Json>> Follower::next_line(sdk::ControlClient& client) {
    const InterruptNoted::Held held;
    if (InterruptNoted::happened()) return std::optional<sdk::Json>();
    return client.receive();
}

Follower::End Follower::print_all(sdk::ControlClient& client) {
    while (true) {
        const sdk::Result<std::optional<sdk::Json>> line = next_line(client);
        if (InterruptNoted::happened()) return End::viewer;
        if (line.has_error()) return ended_by(line.error());
        if (!line->has_value()) return End::proxy;
        if (!print(**line)) return End::viewer;
    }
}

/// Once attached, whatever goes wrong means that the proxy is on its way out.
Follower::End Follower::ended_by(const sdk::Error& error) {
    if (error.code() == sdk::ErrorCode::cancelled) return End::viewer;
    if (attached_) return End::proxy;
    say(error.message());
    return End::failure;
}

void Follower::greet() {
    const bool again = std::exchange(attached_, true);
    say((again ? "attached again to " : "attached to ") + socket_.string() +
        (again ? "" : " (Ctrl-C ends)"));
}

/// False when nobody reads any more.
bool Follower::print(const sdk::Json& line) {
    const Entry entry = entry_from(line);
    if (entry.event == events::kAttached) {
        greet();
        return true;
    }
    if (invocation_.json) {
        context_.out() << line.dump(-1, ' ', true, sdk::Json::error_handler_t::replace) << '\n';
    } else {
        context_.out() << traffic_line(entry, look()) << '\n';
    }
    return static_cast<bool>(context_.out().flush());
}

Look Follower::look() const {
    const bool terminal = ::isatty(STDOUT_FILENO) == 1;
    const std::string no_color = context_.environment("NO_COLOR").value_or("");
    return Look(coloured(invocation_.colour, terminal, no_color),
                terminal ? terminal_width(STDOUT_FILENO) : 0);
}

void Follower::say(const std::string& sentence) {
    context_.errors() << "shadowcat: " << safe(sentence) << '\n' << std::flush;
}

}  // namespace shadowcat::watch
