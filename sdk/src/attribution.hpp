// SPDX-License-Identifier: Apache-2.0
// Attribution: whom a message of the server is for, by the rules of the era that the link speaks.
#pragma once

#include "shadowcat/sdk/link.hpp"

#include "call_table.hpp"

namespace shadowcat::sdk::inline v1 {

/// One call, the owner of the link, or nobody.
class Addressee {
public:
    static Addressee owner() { return {nullptr, nullptr}; }
    static Addressee nobody(const char* why) { return {nullptr, why}; }

    /// `otherwise` says why the message is dropped when there is no such call.
    static Addressee of(PendingCall* call, const char* otherwise) {
        return call ? Addressee(call, nullptr) : nobody(otherwise);
    }

    PendingCall* call() const { return call_; }
    bool is_owner() const { return !call_ && !why_; }

    /// A string literal, for the log; null unless the message is dropped.
    const char* why_dropped() const { return why_; }

private:
    Addressee(PendingCall* call, const char* why) : call_(call), why_(why) {}

    PendingCall* call_;
    const char* why_;
};

/// Links speak the era of the call opened last, until a server has answered `initialize`: then it
/// has sessions for good. A transparent link (`IdPolicy::preserve`) drops nothing, whatever the
/// era.
class Attribution {
public:
    Attribution(const CallTable& calls, const LinkOptions& options)
        : calls_(calls), exclusive_(options.exclusive), ids_(options.ids) {}

    void opened(const PendingCall& call) { stateless_ = !has_sessions_ && call.is_stateless(); }
    void answered(const PendingCall& call, const Message& response);

    Addressee of(const Message& message) const;

private:
    Addressee of_response(const Message& response) const;
    Addressee of_progress(const Message& progress) const;
    Addressee in_stateless_era(const Message& message) const;
    Addressee in_session_era(const Message& message) const;
    bool transparent() const { return ids_ == IdPolicy::preserve; }

    const CallTable& calls_;
    bool exclusive_;
    IdPolicy ids_;
    bool has_sessions_ = false;
    bool stateless_ = false;
};

}  // namespace shadowcat::sdk::inline v1
