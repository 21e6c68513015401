// SPDX-License-Identifier: Apache-2.0
// UpstreamEra: which ways of speaking MCP a server has shown to know.
#pragma once

#include <atomic>
#include <cstdint>

namespace shadowcat::core {

/// One per upstream, for all workers. What isn't known is found out when it matters: a client's
/// `initialize` shows whether the server has sessions, `server/discover` whether it is stateless.
/// Configuration can settle it beforehand. (Duties C.0.)
class UpstreamEra {
public:
    enum class Known : std::uint8_t { unknown, yes, no };

    /// It answered `initialize` with a result.
    Known sessions() const noexcept { return sessions_; }
    void learn_sessions(bool has) noexcept { sessions_ = has ? Known::yes : Known::no; }

    /// It answered `server/discover`, or with an error that only a stateless server gives.
    Known stateless() const noexcept { return stateless_; }
    void learn_stateless(bool is) noexcept { stateless_ = is ? Known::yes : Known::no; }

    /// Found out anew when next needed: the server contradicted what was known.
    void forget() noexcept { sessions_ = stateless_ = Known::unknown; }

private:
    std::atomic<Known> sessions_{Known::unknown};
    std::atomic<Known> stateless_{Known::unknown};
};

}  // namespace shadowcat::core
