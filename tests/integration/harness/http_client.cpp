// SPDX-License-Identifier: Apache-2.0
// Requests as text, responses off the wire, events out of chunks.
#include "http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace integration {

namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

bool has(const Headers& headers, std::string_view name) {
    return std::ranges::any_of(headers, [&](const auto& header) {
        return lower(header.first) == lower(std::string(name));
    });
}

Event parse_event(std::string_view block) {
    Event event;
    bool first_data = true;
    while (!block.empty()) {
        const std::size_t end = std::min(block.find('\n'), block.size());
        const std::string_view line = block.substr(0, end);
        block.remove_prefix(std::min(end + 1, block.size()));
        const std::size_t colon = std::min(line.find(':'), line.size());
        std::string_view value = line.substr(std::min(colon + 1, line.size()));
        if (value.starts_with(' ')) value.remove_prefix(1);
        const std::string_view name = line.substr(0, colon);
        if (name == "id") event.id = value;
        if (name == "event") event.type = value;
        if (name != "data") continue;
        if (!std::exchange(first_data, false)) event.data += '\n';
        event.data += value;
    }
    return event;
}

bool is_comment(std::string_view block) { return block.starts_with(':'); }

}  // namespace

std::string http_request(std::string_view method, std::string_view target, const Headers& headers,
                         std::string_view body) {
    std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    if (!has(headers, "Host")) text += "Host: 127.0.0.1\r\n";
    for (const auto& [name, value] : headers)
        text += name + ": " + value + "\r\n";
    const bool framed = has(headers, "Content-Length") || has(headers, "Transfer-Encoding");
    if (!framed && (!body.empty() || method == "POST")) {
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    return text + "\r\n" + std::string(body);
}

std::string mcp_post(std::string_view body, const Headers& extra, std::string_view target) {
    Headers headers = {{"Content-Type", "application/json"},
                       {"Accept", "application/json, text/event-stream"}};
    headers.insert(headers.end(), extra.begin(), extra.end());
    return http_request("POST", target, headers, body);
}

std::string HttpResponse::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

HttpClient::HttpClient(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
        throw std::system_error(errno, std::generic_category(), "connect");
    }
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

HttpClient::HttpClient(std::uint16_t port, const TlsWish& wish) : HttpClient(port) {
    tls_ = std::make_unique<TlsChannel>(socket_.get(), wish);
}

void HttpClient::send(std::string_view bytes) {
    if (tls_) return tls_->write(bytes);
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw std::system_error(errno, std::generic_category(), "send");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::size_t HttpClient::receive(char* into, std::size_t size) {
    if (tls_) return tls_->read(into, size);
    wait_readable(socket_.get(), Clock::now() + kPatience, "the proxy's answer");
    const ssize_t count = ::recv(socket_.get(), into, size, 0);
    return count <= 0 ? 0 : static_cast<std::size_t>(count);
}

bool HttpClient::fill() {
    std::array<char, 65536> chunk;
    const std::size_t count = receive(chunk.data(), chunk.size());
    pending_.append(chunk.data(), count);
    return count > 0;
}

std::string HttpClient::take_line() {
    std::size_t end = 0;
    while ((end = pending_.find("\r\n")) == std::string::npos) {
        if (!fill()) throw Impatient("the connection ended in mid-answer: " + pending_);
    }
    std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 2);
    return line;
}

std::string HttpClient::take(std::size_t count) {
    while (pending_.size() < count) {
        if (!fill()) throw Impatient("the connection ended in mid-body");
    }
    std::string bytes = pending_.substr(0, count);
    pending_.erase(0, count);
    return bytes;
}

HttpResponse HttpClient::read_head() {
    HttpResponse response;
    const std::string status = take_line();
    response.status = std::atoi(status.substr(std::min<std::size_t>(9, status.size())).c_str());
    for (std::string line = take_line(); !line.empty(); line = take_line()) {
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos) throw Impatient("not a header: " + line);
        response.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
    }
    events_.clear();
    return response;
}

/// Nothing behind the last chunk.
std::optional<std::string> HttpClient::read_chunk() {
    const std::size_t size = std::strtoul(take_line().c_str(), nullptr, 16);
    std::string bytes = take(size);
    take(2);
    if (size == 0) return std::nullopt;
    return bytes;
}

void HttpClient::read_body(HttpResponse& response) {
    if (response.header("transfer-encoding") != "chunked") {
        const std::string length = response.header("content-length");
        response.body = take(std::strtoul(length.c_str(), nullptr, 10));
        return;
    }
    while (const auto chunk = read_chunk())
        response.body += *chunk;
}

HttpResponse HttpClient::read() {
    HttpResponse response = read_head();
    read_body(response);
    return response;
}

HttpResponse HttpClient::ask(std::string_view request) {
    send(request);
    return read();
}

std::optional<Event> HttpClient::next_event() {
    for (;;) {
        const std::size_t end = events_.find("\n\n");
        if (end != std::string::npos) {
            const std::string block = events_.substr(0, end);
            events_.erase(0, end + 2);
            if (!is_comment(block)) return parse_event(block);
            continue;
        }
        const auto chunk = read_chunk();
        if (!chunk) return std::nullopt;
        events_ += *chunk;
    }
}

bool HttpClient::at_end() { return pending_.empty() && !fill(); }

void HttpClient::finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }

}  // namespace integration
