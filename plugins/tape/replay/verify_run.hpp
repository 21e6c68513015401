// SPDX-License-Identifier: Apache-2.0
// Verification: plays the client of a tape to a live server.
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "format/ignored.hpp"
#include "replay/recording.hpp"
#include "replay/verify_plan.hpp"
#include "replay/verify_report.hpp"

#include <optional>
#include <ostream>

namespace shadowcat::tape {

class VerifyOptions {
public:
    VerifyOptions() = default;

    bool call_tools = false;
    Ignored ignored;
    sdk::Duration timeout = std::chrono::seconds(30);  ///< of each request
};

/// One request at a time, in recorded order, on one link of its own.
class Verification final : public sdk::LinkEvents {
public:
    Verification(sdk::Worker& worker, const Recording& recording, const VerifyOptions& options,
                 VerifyReport& report, std::ostream& out)
        : worker_(worker),
          recording_(recording),
          options_(options),
          report_(report),
          out_(out),
          answers_(recording) {}

    /// Fails when the server can't be reached; anything else stands in the report.
    sdk::awaitable<sdk::Result<void>> run(sdk::Connector& connector);

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override { lost_ = error; }

private:
    using Answer = sdk::Result<sdk::Message>;

    class Replies;

    sdk::awaitable<> perform_all();
    sdk::awaitable<Judgement> perform(std::uint32_t exchange);
    sdk::awaitable<Answer> ask(sdk::Message request);
    sdk::awaitable<> open_session();
    sdk::awaitable<> answer(const sdk::Message& question);
    Answer recorded_response(std::uint32_t exchange) const;

    sdk::Worker& worker_;
    const Recording& recording_;
    const VerifyOptions& options_;
    VerifyReport& report_;
    std::ostream& out_;
    RecordedAnswers answers_;
    HandedOut handed_out_;
    std::unique_ptr<sdk::Link> link_;
    std::optional<sdk::Error> lost_;
    std::uint64_t last_id_ = 0;
};

}  // namespace shadowcat::tape
