// SPDX-License-Identifier: Apache-2.0
// Pairs: finds for every response the request that it answers.
#pragma once

#include "record.hpp"

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace shadowcat::watch {

/// Remembers requests that have no answer yet, of either side. They are told apart by session,
/// direction and id with its JSON type; those of clients by their exchange besides, since clients
/// without sessions choose the same ids. No clock and no threads of its own.
class Pairs {
public:
    /// Of more than `max_in_flight` the oldest is forgotten: its answer is shown without a time.
    explicit Pairs(std::size_t max_in_flight) : max_in_flight_(max_in_flight) {}

    /// Notes a request; gives a response the method, name and time of its request; forgets the
    /// requests of a session that is over.
    void see(Record& record);

    /// The requests that have waited for `patience` or longer; each only once.
    std::vector<Entry> overdue(sdk::TimePoint now, sdk::Duration patience);

    std::size_t in_flight() const noexcept { return requests_.size(); }
    void clear();

private:
    class Request {
    public:
        std::string key;
        Entry entry;
        sdk::TimePoint since;
        bool settled = false;  ///< Cancelled, or its being late was told.
    };
    using Requests = std::list<Request>;  // oldest first

    static std::string key_of(const Record& record, sdk::Direction asked);
    void note(const Record& record);
    void answer(Record& record);
    void cancel(const Record& record);
    void end_session(const std::string& session);
    Requests::iterator forget(Requests::iterator request);

    std::size_t max_in_flight_;
    Requests requests_;
    std::unordered_map<std::string, Requests::iterator> by_key_;
};

}  // namespace shadowcat::watch
