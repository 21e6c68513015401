// SPDX-License-Identifier: Apache-2.0
// From JSON to the table and back.
#include "breakpoints/breakpoint_verbs.hpp"

#include <charconv>
#include <utility>

namespace shadowcat::intercept {

namespace {

using Answer = sdk::awaitable<sdk::Result<void>>;
using Table = std::shared_ptr<PausedTable>;
using Perform = Answer (*)(Table, sdk::Json, sdk::ControlPeer&);

sdk::Error misused(const std::string& what) {
    return sdk::Error(sdk::ErrorCode::invalid_request, what);
}

std::optional<std::uint64_t> number_in(const sdk::Json& id) {
    const bool whole_number = id.is_number_integer() && id >= 0;
    if (whole_number) return id.get<std::uint64_t>();
    if (!id.is_string()) return std::nullopt;
    const auto& text = id.get_ref<const std::string&>();
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = failed == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

sdk::Result<std::uint64_t> message_in(const sdk::Json& request) {
    const std::optional<std::uint64_t> number = number_in(request.value("id", sdk::Json()));
    if (!number) return misused("'id' must be the number of a paused message");
    return *number;
}

Answer list(Table table, sdk::Json, sdk::ControlPeer& peer) {
    std::vector<sdk::Json> lines = table->list(sdk::Clock::now());
    for (sdk::Json& line : lines) {
        const sdk::Result<void> sent = co_await peer.send(std::move(line));
        if (sent.has_error()) co_return sent;
    }
    co_return sdk::Result<void>();
}

Answer show(Table table, sdk::Json request, sdk::ControlPeer& peer) {
    const sdk::Result<std::uint64_t> number = message_in(request);
    if (number.has_error()) co_return number.error();
    sdk::Result<sdk::Json> line = table->show(*number, sdk::Clock::now());
    if (line.has_error()) co_return line.error();
    co_return co_await peer.send(*std::move(line));
}

sdk::Json counted(std::size_t count) { return sdk::Json{{"count", count}}; }

Answer edit(Table table, sdk::Json request, sdk::ControlPeer& peer) {
    const sdk::Result<std::uint64_t> number = message_in(request);
    if (number.has_error()) co_return number.error();
    const sdk::Json text = request.value("message", sdk::Json());
    if (!text.is_string()) co_return misused("'message' must be the message's text, as a string");
    const sdk::Result<void> edited = table->edit(*number, text.get<std::string>());
    if (edited.has_error()) co_return edited;
    const bool resume = request.value("resume", sdk::Json()) == true;
    if (resume) {
        const sdk::Result<std::size_t> resumed = table->end(*number, Ending::resumed);
        if (resumed.has_error()) co_return resumed.error();
    }
    sdk::Json line = sdk::Json::object();
    line["edited"] = *number;
    line["resumed"] = resume;
    co_return co_await peer.send(std::move(line));
}

Answer end(Table table, sdk::Json request, sdk::ControlPeer& peer, Ending ending) {
    const sdk::Json id = request.value("id", sdk::Json());
    std::optional<std::uint64_t> number;
    if (id != "all") {
        number = number_in(id);
        if (!number) co_return misused("'id' must be the number of a paused message, or \"all\"");
    }
    const sdk::Result<std::size_t> count = table->end(number, ending);
    if (count.has_error()) co_return count.error();
    sdk::Json line = counted(*count);
    co_return co_await peer.send(std::move(line));
}

Answer resume(Table table, sdk::Json request, sdk::ControlPeer& peer) {
    return end(std::move(table), std::move(request), peer, Ending::resumed);
}

Answer drop(Table table, sdk::Json request, sdk::ControlPeer& peer) {
    return end(std::move(table), std::move(request), peer, Ending::dropped);
}

Answer tell(std::shared_ptr<PausedNews> news, sdk::ControlPeer& peer) {
    for (;;) {
        std::optional<sdk::Json> line = co_await news->next();
        if (!line || peer.gone()) co_return sdk::Result<void>();
        const sdk::Result<void> sent = co_await peer.send(*std::move(line));
        if (sent.has_error()) co_return sent;
    }
}

/// Holds the news, not the table: they end with it.
Answer wait(Table table, sdk::Json, sdk::ControlPeer& peer) {
    const sdk::Executor here = co_await sdk::asio::this_coro::executor;
    auto news = std::make_shared<PausedNews>(here);
    table->follow(news, sdk::Clock::now());
    table.reset();
    peer.on_gone([news] { news->give_up(); });
    const sdk::Result<void> told = co_await tell(news, peer);
    peer.on_gone(nullptr);
    co_return told;
}

/// A registration doesn't keep the table.
sdk::ControlHost::Handler on(const Table& table, Perform perform) {
    return [weak = std::weak_ptr(table), perform](sdk::Json request, sdk::ControlPeer& peer) {
        Table held = weak.lock();
        if (!held)
            held = std::make_shared<PausedTable>();  // it goes this moment: nothing is paused
        return perform(std::move(held), std::move(request), peer);
    };
}

}  // namespace

std::vector<std::shared_ptr<void>> serve_breakpoints(sdk::ControlHost& control,
                                                     const std::shared_ptr<PausedTable>& table) {
    std::vector<std::shared_ptr<void>> served;
    const auto serve = [&](const char* verb, Perform perform) {
        served.push_back(control.serve(verb, on(table, perform)));
    };
    serve("intercept.list", list);
    serve("intercept.show", show);
    serve("intercept.edit", edit);
    serve("intercept.resume", resume);
    serve("intercept.drop", drop);
    serve("intercept.wait", wait);
    return served;
}

}  // namespace shadowcat::intercept
