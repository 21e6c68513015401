// SPDX-License-Identifier: Apache-2.0
// CallTable: the calls in flight on one link, found by the ids and tokens the server uses.
#pragma once

#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "arrivals.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shadowcat::sdk::inline v1 {

class CallTable;

/// One call in flight; lives in the frame of the coroutine that performs it and removes itself.
class PendingCall {
public:
    /// Enters `table` and replaces id and progress token in `request` by those the server shall
    /// see.
    PendingCall(CallTable& table, Message& request);
    ~PendingCall();
    PendingCall(const PendingCall&) = delete;
    PendingCall& operator=(const PendingCall&) = delete;

    /// Gives a message of the server back the client's id, token or subscription id. The server's
    /// cancellation of a listen becomes the result that ends it. (A listen has no other way to end
    /// over HTTP. MCP 2026-07-28, basic/patterns/subscriptions.)
    void restore(Message& message) const;

    std::string_view server_id() const { return server_id_; }
    bool is_initialize() const { return initialize_; }

    /// Its request carries its own protocol version.
    bool is_stateless() const { return stateless_; }

    /// It is a `subscriptions/listen`.
    bool listens() const { return listens_; }

    Arrivals arrived;
    std::optional<Error> failure;
    Wakeup wakeup;

private:
    friend class CallTable;

    void restore_of_listen(Message& message) const;

    CallTable* table_;
    std::string client_id_, client_token_;
    std::string server_id_;
    std::size_t slot_ = 0;
    bool rewritten_ = false;
    bool initialize_ = false;
    bool stateless_ = false;
    bool listens_ = false;
    bool wants_log_ = false;
    bool linked_ = false;
    PendingCall* older_ = nullptr;
    PendingCall* newer_ = nullptr;
};

/// Ids that the table mints are `generation × capacity + slot`: found without hashing, never reused
/// on this link. Preserved ids are found through a map.
class CallTable {
public:
    CallTable(IdPolicy policy, std::size_t capacity);

    std::size_t size() const { return size_; }
    bool full() const { return size_ >= capacity_; }

    /// The call that the server's `id` token names; null for late, foreign or malformed ones.
    PendingCall* find(std::string_view id) const;

    /// The call that asked for progress under the server's `token`.
    PendingCall* find_by_token(std::string_view token) const;

    /// The `subscriptions/listen` that the server's `id` token names, or null.
    PendingCall* find_listen(std::string_view id) const;

    /// The call that asked for log messages, when exactly one in flight did; else null. Listens
    /// don't count, they never get any.
    PendingCall* only_one_with_log() const;

    /// The call opened last among those in flight, or null.
    PendingCall* newest() const { return newest_; }

    /// True while `call` (which may be gone) is in flight.
    bool holds(const PendingCall* call) const;

    /// Takes the newest out of the order (it can still remove itself): for failing all, one by one.
    PendingCall* detach_newest();

private:
    friend class PendingCall;

    void insert(PendingCall& call);
    void erase(PendingCall& call);
    void link(PendingCall& call);
    void unlink(PendingCall& call);
    bool preserves(std::string_view id) const;

    IdPolicy policy_;
    std::size_t capacity_;
    std::size_t size_ = 0;
    std::uint64_t generation_ = 0;
    std::vector<PendingCall*> slots_;
    std::vector<std::size_t> free_;
    std::unordered_map<std::string, PendingCall*> preserved_;
    PendingCall* newest_ = nullptr;
};

}  // namespace shadowcat::sdk::inline v1
