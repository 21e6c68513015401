// SPDX-License-Identifier: Apache-2.0
// What a command found: right and wrong answers, and the one JSON line it prints of them.
#pragma once

#include "histogram.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// What can be wrong with an answer.
enum class Fault {
    kNone,
    kStatus,  ///< Not 200, or whatever was expected.
    kText,    ///< The expected text isn't in it.
    kId,      ///< It doesn't name the request's id.
    kLost,    ///< No connection, or it ended before the answer did.
    kLate,    ///< Not within the timeout.
};

/// The answers of one run. Times are nanoseconds.
class Tally {
public:
    void right(std::uint64_t latency) { latency_.record(latency); }
    /// Was due, was never sent, and waited at least that long.
    void unsent(std::uint64_t latency) {
        latency_.record(latency);
        ++unsent_;
    }
    /// `detail` is kept of the first one: what a person needs to see the cause.
    void wrong(Fault fault, std::string detail);

    std::uint64_t answered() const { return latency_.count() - unsent_; }
    std::uint64_t unsent() const { return unsent_; }
    std::uint64_t errors() const { return errors_; }
    const std::string& first_fault() const { return first_fault_; }
    std::uint64_t count_of(Fault fault) const { return faults_[static_cast<std::size_t>(fault)]; }
    const Histogram& latency() const { return latency_; }

private:
    Histogram latency_;
    std::array<std::uint64_t, 6> faults_{};
    std::uint64_t errors_ = 0;
    std::uint64_t unsent_ = 0;
    std::string first_fault_;
};

/// Builds a JSON object, member by member.
class JsonObject {
public:
    JsonObject& add(std::string_view name, double value);
    JsonObject& add(std::string_view name, std::uint64_t value);
    JsonObject& add(std::string_view name, std::string_view text);
    JsonObject& add_raw(std::string_view name, std::string_view json);

    std::string text() const { return members_.empty() ? "{}" : members_ + "}"; }

private:
    std::string members_;
};

/// p50 to max in microseconds.
std::string percentiles_json(const Histogram& histogram);
/// `[[highest µs, count], …]`.
std::string buckets_json(const Histogram& histogram);
/// Answered, errors, faults, latency.
void add_tally(JsonObject& object, const Tally& tally);

/// Prints the line; 1 when an answer was wrong, which is also said on stderr.
int finish(const JsonObject& object, const Tally& tally);

}  // namespace bench
