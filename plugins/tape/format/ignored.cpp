// SPDX-License-Identifier: Apache-2.0
// Matches paths against JSON pointers with wildcards.
#include "format/ignored.hpp"

#include "format/safe_text.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace shadowcat::tape {

namespace {

sdk::Error bad_pointer(const std::string& pointer, const std::string& why) {
    return sdk::Error(sdk::ErrorCode::config, "'" + safe_text(pointer, 100) + "' " + why);
}

/// False when an escape is none.
bool unescape_segment(std::string& segment) {
    std::string out;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (segment[i] != '~') {
            out += segment[i];
            continue;
        }
        if (++i == segment.size() || (segment[i] != '0' && segment[i] != '1')) return false;
        out += segment[i] == '0' ? '~' : '/';
    }
    segment = std::move(out);
    return true;
}

/// Positions in a pattern that are reached at the same time, as bits.
class PatternWalk {
public:
    explicit PatternWalk(const std::vector<std::string>& pattern) : pattern_(pattern) { skip(); }

    void step(const std::string& key) {
        std::uint64_t next = 0;
        for (std::size_t i = 0; i < pattern_.size(); ++i) {
            if ((reached_ >> i & 1) == 0) continue;
            if (pattern_[i] == "**") next |= std::uint64_t{1} << i;
            if (pattern_[i] == "*" || pattern_[i] == key) next |= std::uint64_t{1} << (i + 1);
        }
        reached_ = next;
        skip();
    }

    bool at_end() const { return (reached_ >> pattern_.size() & 1) != 0; }

private:
    // `**` also stands for nothing.
    void skip() {
        for (std::size_t i = 0; i < pattern_.size(); ++i) {
            if ((reached_ >> i & 1) != 0 && pattern_[i] == "**")
                reached_ |= std::uint64_t{1} << (i + 1);
        }
    }

    const std::vector<std::string>& pattern_;
    std::uint64_t reached_ = 1;
};

bool pattern_covers(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
    PatternWalk walk(pattern);
    return std::ranges::any_of(path, [&](const std::string& key) {
        walk.step(key);
        return walk.at_end();
    });
}

}  // namespace

sdk::Result<Ignored::Segments> Ignored::split(const std::string& pointer) {
    if (pointer.empty() || pointer.front() != '/')
        return bad_pointer(pointer, "is no JSON pointer: it must begin with /");
    Segments segments;
    for (std::size_t begin = 1; begin <= pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
        segments.push_back(pointer.substr(begin, end - begin));
        if (!unescape_segment(segments.back()))
            return bad_pointer(pointer, "is no JSON pointer: ~ must be followed by 0 or 1");
        begin = end + 1;
    }
    if (segments.size() > kMaxSegments)
        return bad_pointer(pointer, "has more than " + std::to_string(kMaxSegments) + " parts");
    return segments;
}

sdk::Result<Ignored> Ignored::parse(const std::vector<std::string>& pointers) {
    Ignored out;
    for (const std::string& pointer : pointers) {
        auto segments = split(pointer);
        if (!segments) return segments.error();
        out.pointers_.push_back(*std::move(segments));
    }
    return out;
}

Ignored::Ignored(const std::vector<std::string>& pointers) {
    auto parsed = parse(pointers);
    if (!parsed) throw std::invalid_argument(parsed.error().message());
    *this = *std::move(parsed);
}

bool Ignored::covers(const std::vector<std::string>& path) const {
    return std::ranges::any_of(
        pointers_, [&](const Segments& pattern) { return pattern_covers(pattern, path); });
}

std::string json_pointer(const std::vector<std::string>& path) {
    std::string out;
    for (const std::string& key : path) {
        out += '/';
        for (const char c : key) {
            if (c == '~') {
                out += "~0";
            } else if (c == '/') {
                out += "~1";
            } else {
                out += c;
            }
        }
    }
    return out;
}

}  // namespace shadowcat::tape
