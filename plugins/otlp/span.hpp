// SPDX-License-Identifier: Apache-2.0
// Span: what the exporter keeps of one finished request, in one allocation.
#pragma once

#include "shadowcat/sdk/exchange_sink.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::otlp {

/// Texts are cut to `kMaxText` bytes, at a character's end: clients choose some of them.
class Span {
public:
    static constexpr std::size_t kMaxText = 256;

    explicit Span(const sdk::ExchangeRecord& record);

    std::string_view session() const { return text(0); }
    std::string_view principal() const { return text(1); }
    std::string_view peer() const { return text(2); }
    std::string_view method() const { return text(3); }
    std::string_view name() const { return text(4); }
    std::string_view upstream() const { return text(5); }
    std::string_view outcome() const { return text(6); }
    std::string_view reason() const { return text(7); }

    bool has_parent() const { return parent[0] != '\0'; }

    sdk::TraceContext trace;
    std::array<char, 16> parent;
    std::chrono::system_clock::time_point started;
    std::chrono::nanoseconds elapsed, first_reply;
    std::uint64_t bytes_in, bytes_out;
    std::uint32_t attempts;
    int status, error_code;

private:
    static constexpr std::size_t kTexts = 8;

    std::string_view text(std::size_t index) const;

    std::string texts_;  // one behind the other
    std::array<std::uint16_t, kTexts> ends_ = {};
};

}  // namespace shadowcat::otlp
