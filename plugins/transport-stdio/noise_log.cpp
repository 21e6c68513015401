// SPDX-License-Identifier: Apache-2.0
// Excerpts and thinned-out log lines.
#include "noise_log.hpp"

#include "shadowcat/sdk/log.hpp"

#include <algorithm>
#include <cstring>

namespace shadowcat::transport_stdio {

Excerpt::Excerpt(std::string_view line) noexcept
    : size_(std::min(line.size(), kMaxBytes)), cut_(line.size() > kMaxBytes) {
    std::memcpy(bytes_.data(), line.data(), size_);
}

std::string Excerpt::text() const {
    std::string copy(bytes_.data(), size_);
    if (cut_) copy += "\u2026";
    return copy;
}

void NoiseLog::not_a_message(const Excerpt& line, const sdk::Error& why, std::string_view becomes) {
    if (!noise_.passes()) return;
    sdk::log::warn("stdout noise " + std::string(becomes), {{"upstream", upstream_},
                                                            {"pid", pid_},
                                                            {"count", noise_.count()},
                                                            {"why", why},
                                                            {"line", line.text()}});
}

void NoiseLog::too_large(std::size_t limit) {
    if (!oversized_.passes()) return;
    sdk::log::warn("oversized message dropped", {{"upstream", upstream_},
                                                 {"pid", pid_},
                                                 {"count", oversized_.count()},
                                                 {"limit_bytes", limit}});
}

}  // namespace shadowcat::transport_stdio
