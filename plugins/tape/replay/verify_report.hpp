// SPDX-License-Identifier: Apache-2.0
// VerifyReport: what a verification found, for people and for CI servers.
#pragma once

#include "replay/recording.hpp"
#include "replay/verify_judge.hpp"

#include <array>
#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace shadowcat::tape {

class VerifyReport {
public:
    explicit VerifyReport(const Recording& recording) : recording_(recording) {}

    /// Writes the exchange's lines to `out` and keeps them.
    void add(std::uint32_t exchange, Judgement judgement, std::ostream& out);

    /// The last line: how many of each.
    std::string summary() const;

    /// Something was compared, and nothing differs or is missing.
    bool passed() const noexcept;

    /// Something was compared at all.
    bool compared() const noexcept { return count(Judgement::Kind::skipped) < cases_.size(); }

    /// JUnit XML: one test case for each exchange.
    std::string junit() const;

private:
    class Case {
    public:
        Case(std::uint32_t which, Judgement how) : exchange(which), judgement(std::move(how)) {}
        std::uint32_t exchange;
        Judgement judgement;
    };

    std::size_t count(Judgement::Kind kind) const noexcept {
        return counts_[static_cast<std::size_t>(kind)];
    }
    std::string title(std::uint32_t exchange) const;
    std::string test_case(const Case& each) const;

    const Recording& recording_;
    std::vector<Case> cases_;
    std::array<std::size_t, 4> counts_ = {};
    double ms_ = 0;
};

/// `text` as it may stand in XML, between tags and in attributes: escaped, and without characters
/// that no XML may have.
std::string xml_text(std::string_view text);

}  // namespace shadowcat::tape
