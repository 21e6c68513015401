// SPDX-License-Identifier: Apache-2.0
// ListenPlan: when to open and end which `subscriptions/listen` so that a session is told what its
// client wants to know (duties B.8).
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "core/bridge/to_stateless/change_filter.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// What whoever holds a plan has to do, in this order.
class ListenAction {
public:
    enum class Kind : std::uint8_t {
        open,    ///< a listen, under `number`, with the filter `text`
        end,     ///< the listen `number`
        settle,  ///< the subscriptions to the URI `text` that wait: done, or `failure` says why not
        tell,    ///< the client the notification `text` (a method), about `uri` if there is one
        wait     ///< for `delay`, then call `resume`
    };
    ListenAction(Kind what, std::uint64_t which, std::string with)
        : kind(what), number(which), text(std::move(with)) {}

    Kind kind;
    std::uint64_t number;
    std::string text;
    std::string uri;
    std::string failure;
    std::chrono::milliseconds delay{0};
};

/// How a listen came to its end.
enum class ListenEnd : std::uint8_t {
    finished,  ///< the server said that it is over
    failed,    ///< without that, or with an error that may pass
    refused    ///< the server won't ever do this
};

/// A union of all that is wanted, on one listen at a time. A filter can't be changed, so another
/// listen is opened and the old one ended once that is acknowledged. What is lost is opened again
/// after a while, and the client then told that all of it may have changed. Only data, no I/O.
class ListenPlan {
public:
    using Actions = std::vector<ListenAction>;

    /// A listen that lasted for so long counts as a success; those that don't come ever later.
    static constexpr std::chrono::seconds kStable{10};

    /// Why a subscription fails that the server could have honoured.
    static constexpr std::string_view kNotHonoured =
        "the server does not tell of changes of this resource";

    explicit ListenPlan(std::size_t max_uris) : max_uris_(max_uris) {}

    // What is wanted.
    Actions want_lists(bool tools, bool prompts, bool resources);
    Actions subscribe(const std::string& uri);
    Actions unsubscribe(const std::string& uri);

    // What happens.
    Actions acknowledged(std::uint64_t number, const ChangeFilter& honoured, sdk::TimePoint now);
    Actions ended(std::uint64_t number, ListenEnd how, sdk::TimePoint now);
    Actions resume();

    /// Whether the client shall get a notification of the listen `number`.
    bool delivers(std::uint64_t number, std::string_view method, std::string_view uri) const;

private:
    class Listen {
    public:
        Listen(std::uint64_t which, ChangeFilter filter)
            : number(which), asked(std::move(filter)) {}
        std::uint64_t number;
        ChangeFilter asked;
        ChangeFilter honoured;
        sdk::TimePoint since;
        bool open = false;
    };

    void reconsider(Actions& actions);
    void end_current(Actions& actions);
    void settle(const std::string& uri, std::string failure, Actions& actions);
    void drop_unhonoured(Actions& actions);
    void tell_lost(Actions& actions);
    void not_opened(ListenEnd how, Actions& actions);
    void lost(sdk::TimePoint now, Actions& actions);
    void back_off(Actions& actions);

    std::size_t max_uris_;
    ChangeFilter wanted_;
    std::set<std::string, std::less<>> unsettled_;
    std::optional<Listen> current_;  // acknowledged; also when it is over and needn't be again
    std::optional<Listen> opening_;
    ChangeFilter lost_;  // to be told of
    std::uint64_t last_ = 0;
    unsigned failures_ = 0;
    bool paused_ = false;
};

}  // namespace shadowcat::core
