// SPDX-License-Identifier: Apache-2.0
// For tests: a recording without a thread.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include "record/recording_scene.hpp"
#include "record/tape_desk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::tape::scene {

/// A recording in a directory of its own.
class Studio : public Scratch {
public:
    explicit Studio(const sdk::Json& config = sdk::Json::object())
        : options(scene::options(*this, config)), recording(options, counters) {}

    void take(Entry entry) { recording.take(std::move(entry), now); }
    void flush() { recording.flush(now); }
    void end() { recording.end("the test ended", now); }
    void later(sdk::Duration by) { now += by; }

    std::vector<std::filesystem::path> tapes() const {
        std::vector<std::filesystem::path> found;
        for (const auto& each : std::filesystem::directory_iterator(options.path))
            if (each.path().extension() == ".jsonl") found.push_back(each.path());
        std::sort(found.begin(), found.end());
        return found;
    }
    std::filesystem::path only_tape() const {
        const auto all = tapes();
        REQUIRE(all.size() == 1);
        return all.front();
    }
    std::int64_t counted(const std::string& name) {
        for (const auto& family : metrics.snapshot())
            if (family.name == "shadowcat_tape_" + name + "_total") return family.samples[0].value;
        return -1;
    }

    sdk::Metrics metrics;
    TapeMetrics counters{metrics};
    Options options;
    TapeDesk recording;
    sdk::TimePoint now = sdk::Clock::now();
};

inline TapeMeta meta_of(const std::filesystem::path& tape) {
    const auto meta = read_meta(tape);
    REQUIRE(meta.has_value());
    return *meta;
}

}  // namespace shadowcat::tape::scene
