// SPDX-License-Identifier: Apache-2.0
// Accepting, dispatching, ending.
#include "core/control/control_server.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>

namespace shadowcat::core {

namespace {

constexpr sdk::Duration kAcceptPause = std::chrono::milliseconds(100);

bool is_allowed(int descriptor) {
    ucred peer{};
    socklen_t size = sizeof(peer);
    return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           may_command(peer.uid, ::geteuid());
}

void refuse(int descriptor, const char* why) {
    const std::string line = sdk::Json({{"error", why}}).dump() + "\n";
    ::send(descriptor, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(descriptor);
}

std::string verb_of(const sdk::Json& request) {
    if (!request.is_object()) return {};
    const auto verb = request.find("verb");
    return verb != request.end() && verb->is_string() ? verb->get<std::string>() : std::string();
}

sdk::Error unknown_verb(const std::string& verb, const std::vector<std::string>& names) {
    std::string known;
    for (const std::string& name : names)
        known += (known.empty() ? "" : ", ") + name;
    return sdk::Error(sdk::ErrorCode::unsupported,
                      "this proxy has no command '" + verb + "'; it has: " + known);
}

}  // namespace

bool may_command(unsigned peer, unsigned own) noexcept { return peer == own || peer == 0; }

ControlServer::ControlServer(sdk::Worker& worker, const ControlVerbs& verbs,
                             const ControlLimits& limits)
    : worker_(worker),
      verbs_(verbs),
      limits_(limits),
      acceptor_(worker.executor()),
      pause_(worker.context()) {}

sdk::Result<void> ControlServer::start(const std::string& path) {
    const sdk::Result<std::string> where = path.empty() ? own_control_path() : path;
    if (where.has_error()) return where.error();
    sdk::Result<ControlSocket> opened = ControlSocket::open(*where);
    if (opened.has_error()) return opened.error();
    acceptor_.assign(ControlConnection::Protocol(), opened->release());
    socket_.emplace(*std::move(opened));
    spawn_logged(worker_, accept(), "control.accept");
    return {};
}

sdk::awaitable<> ControlServer::stop() {
    sdk::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    socket_.reset();
    const Connections connections = std::exchange(connections_, {});
    for (const auto& each : connections)
        if (const std::shared_ptr<ControlConnection> peer = each.lock()) peer->lose();
    co_await gate_.empty();
}

sdk::awaitable<> ControlServer::accept() {
    const sdk::Gate::Pass pass = gate_.enter();
    while (acceptor_.is_open()) {
        const int descriptor =
            ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            admit(descriptor);
        } else {
            co_await wait(errno);
        }
    }
}

/// Until another attempt makes sense.
sdk::awaitable<> ControlServer::wait(int error) {
    if (error == EINTR || error == ECONNABORTED) co_return;
    if (error == EAGAIN || error == EWOULDBLOCK) {
        co_await acceptor_.async_wait(Acceptor::wait_read, sdk::as_tuple);
        co_return;
    }
    sdk::log::debug("can't accept on the control socket", {{"error", std::strerror(error)}});
    pause_.expires_after(kAcceptPause);
    co_await pause_.async_wait(sdk::as_tuple);
}

void ControlServer::admit(int descriptor) {
    if (!is_allowed(descriptor)) {
        sdk::log::warn("control connection of another user refused");
        return refuse(descriptor, "only the user that runs the proxy may give it commands");
    }
    std::erase_if(connections_, [](const auto& each) { return each.expired(); });
    if (connections_.size() >= limits_.max_connections)
        return refuse(descriptor, "too many commands at a time, try again later");
    auto peer = std::make_shared<ControlConnection>(worker_, descriptor, limits_);
    connections_.push_back(peer);
    spawn_logged(worker_, serve(std::move(peer)), "control.serve");
}

sdk::awaitable<> ControlServer::serve(std::shared_ptr<ControlConnection> peer) {
    const sdk::Gate::Pass pass = gate_.enter();
    const sdk::Result<void> done = co_await answer(*peer);
    if (done.has_error() && !peer->gone()) {
        sdk::Json line = sdk::Json::object();
        line["error"] = done.error().message();
        co_await peer->send(std::move(line));
    }
    peer->on_gone(nullptr);
    peer->close();
}

sdk::awaitable<sdk::Result<void>> ControlServer::answer(ControlConnection& peer) {
    const sdk::Result<std::string> line = co_await peer.read_line();
    if (line.has_error()) co_return line.error();
    peer.watch();
    try {
        co_return co_await perform(*line, peer);
    } catch (const std::exception& failure) {
        sdk::log::error("control command failed", {{"error", failure.what()}});
        co_return sdk::Error(sdk::ErrorCode::internal, "the command failed; see the proxy's log");
    }
}

sdk::awaitable<sdk::Result<void>> ControlServer::perform(const std::string& line,
                                                         ControlConnection& peer) {
    sdk::Json request = sdk::Json::parse(line, nullptr, false);
    const std::string verb = verb_of(request);
    if (verb.empty())
        co_return sdk::Error(sdk::ErrorCode::invalid_request,
                             "a command is a JSON object with a member 'verb', on one line");
    const std::optional<sdk::ControlHost::Handler> handler = verbs_.find(verb);
    if (!handler) co_return unknown_verb(verb, verbs_.names());
    sdk::log::debug("control command", {{"verb", verb}});
    auto answering = (*handler)(std::move(request), peer);
    co_return co_await std::move(answering);
}

}  // namespace shadowcat::core
