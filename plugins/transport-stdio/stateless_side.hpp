// SPDX-License-Identifier: Apache-2.0
// StatelessSide: what the one client of a stdio listener says in the era without sessions
// (2026-07-28).
#pragma once

#include "shadowcat/sdk/service.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace shadowcat::transport_stdio {

/// Knows which messages are of that era, and which requests of it are in flight. The client has one
/// conversation in it, opened with its first request.
class StatelessSide {
public:
    /// `service` must outlive this.
    explicit StatelessSide(sdk::Service& service) : service_(service) {}

    bool means(const sdk::Message& message) const;

    /// The error that answers `request` when it breaks the rules of its revision.
    std::optional<sdk::Message> refusal_of(const sdk::Message& request) const;

    /// Fails like `Service::open_stateless`.
    sdk::Result<std::shared_ptr<sdk::ClientSession>> conversation();

    /// The conversation, if the request `id` (a JSON token) is in flight in it; else null.
    std::shared_ptr<sdk::ClientSession> conversation_of(std::string_view id) const;

    /// A request in flight. Its owner's end ends it; `side` must outlive it.
    class InFlight {
    public:
        InFlight(StatelessSide& side, std::string_view id);
        InFlight(const InFlight&) = delete;
        InFlight& operator=(const InFlight&) = delete;
        ~InFlight();

    private:
        StatelessSide& side_;
        std::multiset<std::string, std::less<>>::iterator entry_;
    };

    sdk::awaitable<> end();

private:
    sdk::Service& service_;
    std::shared_ptr<sdk::ClientSession> conversation_;
    std::multiset<std::string, std::less<>> ids_;  // a client may err and repeat one
};

}  // namespace shadowcat::transport_stdio
