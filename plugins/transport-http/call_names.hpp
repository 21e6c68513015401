// SPDX-License-Identifier: Apache-2.0
// CallNames: what a request and its progress are called at the server, and by the client.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <string>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// The client's own names, until they are replaced; then those come back in everything that the
/// server says about the request.
class CallNames {
public:
    explicit CallNames(const Message& request)
        : id_(request.id()),
          token_(request.progress_token()),
          is_listen_(request.method() == "subscriptions/listen") {}

    /// As the server knows them; JSON text. The token is empty without one.
    const std::string& id() const noexcept { return id_; }
    const std::string& token() const noexcept { return token_; }

    /// Calls `request`, and its progress, `id` from now on: for links that clients share.
    void rename(Message& request, const std::string& id);

    /// The request is sent again and must have another id.
    void renew(Message& request, const std::string& id);

    /// Puts the client's names into `message`, which belongs to the request.
    void restore(Message& message) const;

private:
    void restore_subscription(Message& result) const;

    std::string id_, token_;
    std::string client_id_, client_token_;  // only when they were replaced
    bool is_listen_;
};

}  // namespace shadowcat::http
