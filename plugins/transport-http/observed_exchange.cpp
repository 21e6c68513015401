// SPDX-License-Identifier: Apache-2.0
// Heads cut into fields, and events put together.
#include "observed_exchange.hpp"

#include "text.hpp"

#include <boost/container/small_vector.hpp>

#include <atomic>
#include <charconv>

namespace shadowcat::http {

namespace {

std::atomic<std::uint64_t> last_number{0};

/// A start line and what follows it.
class Head {
public:
    explicit Head(std::string_view text) {
        start = take_line(text);
        for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
            const auto [name, value] = cut(line, ':');
            fields.emplace_back(name, without_blanks(value));
        }
    }

    std::string_view start;
    boost::container::small_vector<HeaderField, 16> fields;

private:
    /// As `trim`, and quicker where there is only the usual one before the value.
    static std::string_view without_blanks(std::string_view text) {
        const auto blank = [](char c) { return c == ' ' || c == '\t'; };
        while (!text.empty() && blank(text.front()))
            text.remove_prefix(1);
        while (!text.empty() && blank(text.back()))
            text.remove_suffix(1);
        return text;
    }

    static std::string_view take_line(std::string_view& text) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }
};

/// `HTTP/1.1 200 OK`
int status_of_line(std::string_view start) {
    const std::string_view number = cut(cut(start, ' ').second, ' ').first;
    int status = 0;
    std::from_chars(number.data(), number.data() + number.size(), status);
    return status;
}

}  // namespace

ObservedExchange::ObservedExchange(std::string_view request_head)
    : hop_(Hop::downstream),
      stream_(last_number.fetch_add(1, std::memory_order_relaxed) + 1),
      request_(request_head) {}

ObservedExchange::ObservedExchange(std::string_view upstream, std::string_view session,
                                   std::uint64_t stream, std::string_view request_head)
    : hop_(Hop::upstream),
      stream_(stream),
      upstream_(upstream),
      session_(session),
      request_(request_head) {}

TransportEvent ObservedExchange::event(TransportEvent::Kind kind) const {
    TransportEvent made(kind, hop_, session_);
    made.upstream = upstream_;
    made.stream = stream_;
    return made;
}

void ObservedExchange::tell_request(Worker& worker, std::string_view session) {
    if (told_) return;
    told_ = true;
    if (hop_ == Hop::downstream) session_ = session;
    const std::string text = std::exchange(request_, std::string());
    if (!worker.observer()) return;
    const Head head(text);
    const auto [method, rest] = cut(head.start, ' ');
    TransportEvent request = event(TransportEvent::Kind::http_request);
    request.method = method;
    request.target = cut(rest, ' ').first;
    request.headers = std::span(head.fields.data(), head.fields.size());
    worker.observer()->on_transport_event(request);
}

void ObservedExchange::tell_response(Worker& worker, std::string_view text) {
    tell_request(worker, {});
    if (!worker.observer()) return;
    const Head head(text);
    TransportEvent response = event(TransportEvent::Kind::http_response);
    response.status = status_of_line(head.start);
    response.headers = std::span(head.fields.data(), head.fields.size());
    worker.observer()->on_transport_event(response);
}

void ObservedExchange::tell_event(Worker& worker, std::string_view id, std::string_view name,
                                  std::size_t data_bytes, std::optional<std::uint64_t> retry_ms) {
    if (!worker.observer()) return;
    TransportEvent one = event(TransportEvent::Kind::sse_event);
    one.event_id = id;
    one.event_name = name;
    one.data_bytes = data_bytes;
    one.retry_ms = retry_ms;
    worker.observer()->on_transport_event(one);
}

void ObservedExchange::tell_end(Worker& worker, const char* otherwise) {
    if (!worker.observer()) return;
    TransportEvent closed = event(TransportEvent::Kind::stream_closed);
    closed.text = how_ ? how_ : otherwise;
    worker.observer()->on_transport_event(closed);
}

}  // namespace shadowcat::http
