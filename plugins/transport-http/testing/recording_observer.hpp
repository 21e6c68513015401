// SPDX-License-Identifier: Apache-2.0
// RecordingObserver: writes down what transport observers are told, one line an event.
#pragma once

#include "shadowcat/sdk/transport_event.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace shadowcat::http {

namespace sdk = shadowcat::sdk;

/// Of any number of workers. Header fields stand in a list of their own.
class RecordingObserver final : public sdk::TransportObserver {
public:
    void on_transport_event(const sdk::TransportEvent& event) noexcept override {
        const std::lock_guard lock(mutex_);
        lines_.push_back(line_of(event));
        for (const sdk::HeaderField& field : event.headers)
            fields_.push_back(std::string(field.name) + ": " + std::string(field.value));
        added_.notify_all();
    }

    std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

    /// Waits some seconds at most for `count` events; gives all there are.
    std::vector<std::string> wait_for(std::size_t count) const {
        std::unique_lock lock(mutex_);
        added_.wait_for(lock, std::chrono::seconds(10), [&] { return lines_.size() >= count; });
        return lines_;
    }

    bool has_field(const std::string& field) const {
        const std::lock_guard lock(mutex_);
        return std::ranges::find(fields_, field) != fields_.end();
    }

private:
    static std::string line_of(const sdk::TransportEvent& event) {
        static constexpr std::array<const char*, 9> kNames = {
            "session opened", "session closed", "link opened", "link closed", "request",
            "response",       "event",          "closed",      "stderr"};
        std::string line = event.hop == sdk::Hop::upstream ? "up " : "";
        line += kNames.at(static_cast<std::size_t>(event.kind));
        line += " #" + std::to_string(event.stream);
        for (const std::string_view text : {event.session, event.upstream, event.method,
                                            event.target, event.text, event.event_name}) {
            if (!text.empty()) line.append(" ").append(text);
        }
        if (event.status != 0) line += " " + std::to_string(event.status);
        if (!event.event_id.empty()) line.append(" id=").append(event.event_id);
        if (event.retry_ms) line += " retry=" + std::to_string(*event.retry_ms);
        if (event.data_bytes != 0) line += " bytes=" + std::to_string(event.data_bytes);
        return line;
    }

    mutable std::mutex mutex_;
    mutable std::condition_variable added_;
    std::vector<std::string> lines_, fields_;
};

}  // namespace shadowcat::http
