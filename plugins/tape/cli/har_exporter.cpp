// SPDX-License-Identifier: Apache-2.0
// A tape as an HTTP archive: recorded exchanges where the client spoke HTTP, made-up POSTs where it
// spoke on stdio.
#include "shadowcat/sdk/version.hpp"

#include "cli/event_text.hpp"
#include "cli/exporter.hpp"
#include "cli/frame_text.hpp"
#include "cli/har_entry.hpp"
#include "cli/pairing.hpp"
#include "format/json_text.hpp"

#include <map>
#include <optional>

namespace shadowcat::tape {

namespace {

using sdk::Direction;
using sdk::MessageKind;

// Open exchanges wait for their responses in memory: so many, and so large together.
constexpr std::size_t kMaxOpen = 1000;
constexpr std::size_t kMaxOpenBytes = 32 * 1024 * 1024;

HeaderList headers_of(const sdk::Json& fields) {
    HeaderList out;
    const auto found = fields.find("headers");
    if (found == fields.end() || !found->is_array()) return out;
    for (const sdk::Json& pair : *found) {
        const bool sound =
            pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string();
        if (sound) out.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    }
    return out;
}

std::string host_of(const HeaderList& headers) {
    for (const auto& [name, value] : headers) {
        if (name == "host" || name == "Host") return value;
    }
    return {};
}

/// `http://host:port` of a URL.
std::string origin_of(const std::string& url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) return url;
    return url.substr(0, url.find('/', scheme + 3));
}

class OpenEntry {
public:
    HarEntry entry;
    std::uint64_t exchange = 0;
    std::uint64_t request_seq = 0;
};

class HarExporter : public Exporter {
public:
    HarExporter(std::ostream& out, const std::string& url) : out_(out), url_(url) {}

    void begin(const TapeInit& init) override {
        created_at_ = init.created_at;
        std::string creator;
        ObjectText(creator).text("name", "shadowcat").text("version", SHADOWCAT_SDK_VERSION).end();
        out_ << R"({"log":{"version":"1.2","creator":)" << creator << R"(,"pages":[],"entries":[)";
    }

    void line(const TapeLine& line) override {
        if (line.kind == TapeLine::Kind::event) return follow_event(line);
        if (line.kind != TapeLine::Kind::frame) return;
        const auto open = stream_of(line);
        if (open != streams_.end()) {
            add_to_stream(open->second, line);
        } else {
            make_up(line);
        }
        write_oldest_while_too_many();
    }

    void end() override {
        for (auto* all : {&streams_, &calls_}) {
            for (auto& [key, open] : *all)
                write(open.entry);
            all->clear();
        }
        out_ << "\n]}}\n";
    }

private:
    using Open = std::map<std::uint64_t, OpenEntry>;  // in the order of their beginning

    void follow_event(const TapeLine& line) {
        const std::uint64_t stream = number_member(line.fields, "stream");
        if (stream == 0 || raw_member(line.fields, "hop") != "downstream") return;
        const std::string event = raw_member(line.fields, "event");
        if (event == "http_request") return open_stream(stream, line);
        const auto open = streams_.find(stream);
        if (open == streams_.end()) return;
        HarEntry& entry = open->second.entry;
        if (event == "http_response") {
            entry.status = static_cast<int>(number_member(line.fields, "status"));
            entry.response_headers = headers_of(line.fields);
        } else if (event == "stream_closed") {
            entry.ended_ms = line.ts_ms;
            close(streams_, open);
        }
    }

    /// The exchange that carried the frame. A client's notification may not say which: then it is
    /// the newest POST whose body nobody has claimed.
    Open::iterator stream_of(const TapeLine& frame) {
        if (frame.stream != 0) return streams_.find(frame.stream);
        if (frame.direction != Direction::client_to_server) return streams_.end();
        for (auto open = streams_.end(); open != streams_.begin();) {
            const HarEntry& entry = (--open)->second.entry;
            if (entry.method == "POST" && entry.request_body.empty()) return open;
        }
        return streams_.end();
    }

    void open_stream(std::uint64_t stream, const TapeLine& line) {
        const HeaderList headers = headers_of(line.fields);
        const std::string host = host_of(headers);
        const std::string origin = host.empty() ? origin_of(url_) : "http://" + host;
        OpenEntry open;
        open.entry = HarEntry(raw_member(line.fields, "method"),
                              origin + raw_member(line.fields, "target"), line.ts_ms);
        open.entry.request_headers = headers;
        streams_.insert_or_assign(stream, std::move(open));
    }

    void add_to_stream(OpenEntry& open, const TapeLine& frame) {
        if (frame.direction == Direction::client_to_server) {
            open.entry.add_request_message(frame.message);
            if (open.entry.label.empty()) open.entry.label = label_of(frame.method, frame.name);
            bytes_ += frame.message.size();
            return;
        }
        const std::size_t before = open.entry.bytes();
        open.entry.add_response_message(frame.message, frame.ts_ms);
        bytes_ += open.entry.bytes() - before;
    }

    void make_up(const TapeLine& frame) {
        const Pairing::Step step = pairing_.follow(frame);
        const bool by_client = frame.direction == Direction::client_to_server;
        if (by_client && frame.message_kind == MessageKind::request) return open_call(frame);
        if (by_client) return write(made_up_post(frame, 202));
        if (step.answered) return answer_call(step.answered->seq, frame);
        add_to_call(frame);
    }

    HarEntry made_up_post(const TapeLine& frame, int status) {
        HarEntry entry("POST", url_, frame.ts_ms);
        const OutgoingPost post(frame);
        entry.request_headers = post.headers;
        entry.add_request_message(frame.message);
        entry.label = post.label;
        entry.status = status;
        entry.made_up = true;
        return entry;
    }

    void open_call(const TapeLine& frame) {
        OpenEntry open;
        open.entry = made_up_post(frame, 0);
        open.exchange = frame.exchange;
        bytes_ += open.entry.bytes();
        calls_.insert_or_assign(frame.seq, std::move(open));
    }

    void answer_call(std::uint64_t request_seq, const TapeLine& response) {
        const auto open = calls_.find(request_seq);
        if (open == calls_.end()) return;
        HarEntry& entry = open->second.entry;
        const std::size_t before = entry.bytes();
        entry.status = 200;
        entry.response_headers.emplace_back(
            "Content-Type", entry.streams ? "text/event-stream" : "application/json");
        entry.add_response_message(response.message, response.ts_ms);
        bytes_ += entry.bytes() - before;
        close(calls_, open);
    }

    /// What a server says on its own: on the event stream of the call that it came along with, or
    /// as an exchange of its own.
    void add_to_call(const TapeLine& frame) {
        for (auto open = calls_.rbegin(); frame.exchange != 0 && open != calls_.rend(); ++open) {
            if (open->second.exchange != frame.exchange) continue;
            HarEntry& entry = open->second.entry;
            const std::size_t before = entry.bytes();
            entry.streams = true;
            entry.add_response_message(frame.message, frame.ts_ms);
            bytes_ += entry.bytes() - before;
            return;
        }
        HarEntry entry("GET", url_, frame.ts_ms);
        entry.request_headers.emplace_back("Accept", "text/event-stream");
        entry.response_headers.emplace_back("Content-Type", "text/event-stream");
        entry.status = 200;
        entry.made_up = true;
        entry.label = label_of(frame.method, frame.name);
        entry.add_response_message(frame.message, frame.ts_ms);
        write(entry);
    }

    void close(Open& all, Open::iterator open) {
        write(open->second.entry);
        bytes_ -= std::min(bytes_, open->second.entry.bytes());
        all.erase(open);
    }

    void write_oldest_while_too_many() {
        while (streams_.size() + calls_.size() > kMaxOpen ||
               (bytes_ > kMaxOpenBytes && streams_.size() + calls_.size() > 1)) {
            Open& fuller = streams_.size() > calls_.size() ? streams_ : calls_;
            close(fuller, fuller.begin());
        }
    }

    void write(const HarEntry& entry) {
        out_ << (first_ ? "\n" : ",\n") << entry.text(created_at_);
        first_ = false;
    }

    std::ostream& out_;
    std::string url_;
    std::string created_at_;
    Open streams_;  // by the number of the HTTP exchange
    Open calls_;    // by the frame of the request
    Pairing pairing_;
    std::size_t bytes_ = 0;
    bool first_ = true;
};

}  // namespace

std::unique_ptr<Exporter> make_har_exporter(std::ostream& out, const std::string& url) {
    return std::make_unique<HarExporter>(out, url);
}

}  // namespace shadowcat::tape
