// SPDX-License-Identifier: Apache-2.0
// Choosing among recorded exchanges.
#include "replay/matcher.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "format/json_difference.hpp"
#include "format/safe_text.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace json = sdk::json;

namespace {

// A miss is a mistake to be explained, not traffic: what is compared is bounded.
constexpr std::size_t kMostCompared = 100;
constexpr std::size_t kMostBytesCompared = 1024 * 1024;
constexpr std::size_t kMostShown = 100;

std::string titled(const std::string& method, std::string_view name) {
    const std::string text = name.empty() ? method : method + " '" + std::string(name) + "'";
    return safe_text(text, kMostShown);
}

sdk::Json comparable_params(const sdk::Message& request, MatchMode mode) {
    std::string text(request.params());
    if (json::is_object(text)) text = json::without_members(text, {"_meta"});
    sdk::Json params = parse_for_display(text).value_or(sdk::Json::object());
    const bool retry = params.is_object() && params.contains("inputResponses");
    if (retry && mode == MatchMode::normalised) {
        for (auto& each : params["inputResponses"])
            each = nullptr;  // only which questions were answered counts
    }
    return params;
}

}  // namespace

std::optional<std::uint32_t> Matcher::take(const sdk::Message& request) {
    const bool in_order = mode_ == MatchMode::strict && !opens_conversation(request.method());
    if (in_order) return take_next(request);
    return take_by_key(request_key(request.method(), request_form(request, MatchMode::normalised)));
}

std::optional<std::uint32_t> Matcher::take_by_key(std::uint64_t key) {
    std::size_t skip = used_[key];
    std::optional<std::uint32_t> last;
    for (const auto& [same, exchange] : recording_->index.with_key(key)) {
        if (!recording_->index[exchange].playable()) continue;
        last = exchange;
        if (skip-- == 0) break;
    }
    if (last) ++used_[key];
    return last;
}

std::optional<std::uint32_t> Matcher::next_in_order() const {
    const ExchangeIndex& index = recording_->index;
    for (std::uint32_t i = next_; i < index.size(); ++i) {
        if (index[i].playable() && !opens_conversation(index.method(index[i]))) return i;
    }
    return std::nullopt;
}

std::optional<std::uint32_t> Matcher::take_next(const sdk::Message& request) {
    const std::optional<std::uint32_t> next = next_in_order();
    if (!next) return std::nullopt;
    const sdk::Result<sdk::Message> recorded =
        recording_->message(recording_->index[*next].request);
    if (recorded.has_error() || recorded->method() != request.method()) return std::nullopt;
    if (request_form(*recorded, mode_) != request_form(request, mode_)) return std::nullopt;
    next_ = *next + 1;
    return next;
}

NearMiss Matcher::compare(std::uint32_t exchange, const sdk::Message& request) const {
    const sdk::Result<sdk::Message> recorded =
        recording_->message(recording_->index[exchange].request);
    if (recorded.has_error()) return NearMiss(exchange, SIZE_MAX, recorded.error().message());
    if (recorded->method() != request.method()) return NearMiss(exchange, SIZE_MAX, "the method");
    Ignored nothing;
    nothing.times = false;
    const auto found = differences(comparable_params(*recorded, mode_),
                                   comparable_params(request, mode_), nothing);
    if (found.empty()) return NearMiss(exchange, 0, "only its spelling");
    Difference first = found.front();
    first.pointer.insert(0, "/params");
    return NearMiss(exchange, found.size(), describe(first));
}

std::optional<NearMiss> Matcher::nearest(const sdk::Message& request) const {
    if (mode_ == MatchMode::strict) {
        const std::optional<std::uint32_t> next = next_in_order();
        if (!next) return std::nullopt;
        return compare(*next, request);
    }
    const ExchangeIndex& index = recording_->index;
    std::optional<NearMiss> best;
    std::size_t compared = 0, bytes = 0;
    for (const bool same_name : {true, false}) {
        for (std::uint32_t i = 0; i < index.size(); ++i) {
            const RecordedExchange& each = index[i];
            if (!each.playable() || index.method(each) != request.method()) continue;
            if ((index.name(each) == request.name()) != same_name) continue;
            if (++compared > kMostCompared || bytes > kMostBytesCompared) return best;
            bytes += request.bytes().size();
            NearMiss miss = compare(i, request);
            if (!best || miss.differences < best->differences) best = std::move(miss);
        }
        if (best) break;
    }
    return best;
}

sdk::Message no_match_error(const sdk::Message& request, const Recording& recording,
                            const std::optional<NearMiss>& nearest) {
    const std::string asked = titled(std::string(request.method()), request.name());
    sdk::Json data = {{"gateway", "shadowcat"}, {"reason", "no_match"}};
    if (!nearest) {
        const auto methods = recording.index.methods();
        const bool known = std::ranges::find(methods, request.method()) != methods.end();
        return sdk::make_error(
            request.id(), known ? sdk::json_rpc::kInvalidParams : sdk::json_rpc::kMethodNotFound,
            "the tape has no (further) answer to " + asked, data.dump());
    }
    const RecordedExchange& closest = recording.index[nearest->exchange];
    const std::string has = titled(recording.index.method(closest), recording.index.name(closest));
    data["closest"] = {{"frame", closest.seq}, {"request", has}, {"differs", nearest->difference}};
    return sdk::make_error(request.id(), sdk::json_rpc::kInvalidParams,
                           "the tape has no answer to " + asked + "; closest is frame " +
                               std::to_string(closest.seq) + ", " + has + ", which differs in " +
                               nearest->difference,
                           data.dump());
}

}  // namespace shadowcat::tape
