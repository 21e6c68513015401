// SPDX-License-Identifier: Apache-2.0
// HarEntry: one HTTP exchange, recorded or made up, as HAR 1.2 describes it.
#pragma once

#include "cli/outgoing.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

class HarEntry {
public:
    /// Longer bodies of responses are cut, and say so: an event stream may last for days.
    static constexpr std::size_t kMaxBody = 4 * 1024 * 1024;

    HarEntry() = default;
    HarEntry(std::string with_method, std::string to, double at_ms)
        : method(std::move(with_method)), url(std::move(to)), began_ms(at_ms), ended_ms(at_ms) {}

    /// Further messages in the same body make it a batch.
    void add_request_message(std::string_view message);
    void add_response_message(std::string_view message, double at_ms);

    /// JSON text without a line break. `created_at`: the tape's.
    std::string text(const std::string& created_at) const;

    /// What it takes in memory.
    std::size_t bytes() const noexcept { return request_body.size() + response_size_; }

    std::string method;
    std::string url;
    double began_ms = 0;
    double ended_ms = 0;
    HeaderList request_headers;
    HeaderList response_headers;
    std::string request_body;
    int status = 0;  ///< 0: no response
    bool made_up = false;
    bool streams = false;  ///< the response is an event stream
    std::string label;     ///< what the message asks for

private:
    std::string request_text() const;
    std::string response_text() const;
    std::string response_body() const;
    std::string comment() const;
    double first_response_ms() const { return answered_ ? first_ms_ : ended_ms; }

    std::vector<std::string> responses_;
    std::size_t response_size_ = 0;
    bool cut_ = false;
    bool answered_ = false;
    double first_ms_ = 0;
};

}  // namespace shadowcat::tape
