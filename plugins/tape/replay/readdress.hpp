// SPDX-License-Identifier: Apache-2.0
// Readdress: gives recorded messages the ids and tokens of today.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shadowcat::tape {

/// What a client's request is known by.
class CallIds {
public:
    explicit CallIds(const sdk::Message& request)
        : id(request.id()),
          token(request.progress_token()),
          listens(request.method() == "subscriptions/listen") {}

    std::string id;
    std::string token;  ///< empty: the client wants no progress
    bool listens;
};

/// Changes a recorded message of the server (no request of it) so that it belongs to the call.
/// False when the client has no use for it: progress that it didn't ask for. Texts are spliced,
/// never written anew.
bool readdress(sdk::Message& message, const CallIds& call);

/// The ids of a link's replayed questions: `"replay-1"`, …, so that a session that replays a
/// question twice asks with two ids.
class QuestionIds {
public:
    /// Gives `question` an id of its own, and returns it.
    std::string renew(sdk::Message& question);

    /// Makes a recorded `notifications/cancelled` name the id that its question has now.
    void follow(sdk::Message& cancelled) const;

private:
    std::uint64_t last_ = 0;
    std::unordered_map<std::string, std::string> now_;  // by the recorded id
};

}  // namespace shadowcat::tape
