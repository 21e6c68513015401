// SPDX-License-Identifier: Apache-2.0
// Numbers, endings and news, under one lock.
#include "breakpoints/paused_table.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace shadowcat::intercept {

namespace {

sdk::Json news_of_pause(const PausedMessage& paused, sdk::TimePoint now) {
    sdk::Json line = describe(paused, now);
    line["event"] = "paused";
    return line;
}

sdk::Json news_of_end(const PausedMessage& paused) {
    return {{"event", "released"},
            {"id", paused.number},
            {"how", name(*paused.ending)},
            {"passes", !paused.is_dropped()},
            {"edited", paused.edited.has_value()}};
}

}  // namespace

PausedTable::~PausedTable() {
    for (const auto& each : followers_)
        if (const std::shared_ptr<PausedNews> news = each.lock()) news->close();
}

bool PausedTable::add(const Paused& paused, std::size_t most) {
    const std::lock_guard lock(mutex_);
    const auto same_owner = [&](const auto& each) { return each.second->owner == paused->owner; };
    if (static_cast<std::size_t>(std::ranges::count_if(paused_, same_owner)) >= most) return false;
    paused->number = ++last_;
    paused_.emplace(paused->number, paused);
    tell(news_of_pause(*paused, paused->begun));
    return true;
}

void PausedTable::remove(const PausedMessage& paused) {
    const std::lock_guard lock(mutex_);
    paused_.erase(paused.number);
}

std::optional<Ending> PausedTable::ending_of(const PausedMessage& paused) const {
    const std::lock_guard lock(mutex_);
    return paused.ending;
}

void PausedTable::end(PausedMessage& paused, Ending ending) {
    const std::lock_guard lock(mutex_);
    end_locked(paused, ending);
}

sdk::Result<std::size_t> PausedTable::end(std::optional<std::uint64_t> number, Ending ending) {
    const std::lock_guard lock(mutex_);
    if (number && find(*number) == nullptr) return none(*number);
    std::size_t count = 0;
    for (const auto& [each, paused] : paused_) {
        if (paused->ending || (number && *number != each)) continue;
        end_locked(*paused, ending);
        wake(paused);
        ++count;
    }
    return count;
}

void PausedTable::end_all(const void* owner, const sdk::Worker& worker, Ending ending) {
    const std::lock_guard lock(mutex_);
    for (const auto& [each, paused] : paused_) {
        if (paused->owner != owner || &paused->worker != &worker || paused->ending) continue;
        end_locked(*paused, ending);
        wake(paused);
    }
}

std::vector<sdk::Json> PausedTable::list(sdk::TimePoint now) const {
    const std::lock_guard lock(mutex_);
    std::vector<sdk::Json> lines;
    for (const auto& [number, paused] : paused_)
        if (!paused->ending) lines.push_back(describe(*paused, now));
    return lines;
}

sdk::Result<sdk::Json> PausedTable::show(std::uint64_t number, sdk::TimePoint now) const {
    const std::lock_guard lock(mutex_);
    const PausedMessage* paused = find(number);
    if (paused == nullptr) return none(number);
    sdk::Json line = describe(*paused, now);
    line["message"] = paused->text;
    return line;
}

sdk::Result<void> PausedTable::edit(std::uint64_t number, std::string text) {
    const std::lock_guard lock(mutex_);
    PausedMessage* paused = find(number);
    if (paused == nullptr) return none(number);
    sdk::Result<sdk::Message> edited = parse_edited(*paused, std::move(text));
    if (edited.has_error()) return edited.error();
    paused->text = edited->bytes();
    paused->edited = *std::move(edited);
    return {};
}

void PausedTable::follow(const std::shared_ptr<PausedNews>& news, sdk::TimePoint now) {
    const std::lock_guard lock(mutex_);
    std::erase_if(followers_, [](const auto& each) { return each.expired(); });
    followers_.push_back(news);
    for (const auto& [number, paused] : paused_)
        if (!paused->ending) news->tell(news_of_pause(*paused, now));
}

PausedMessage* PausedTable::find(std::uint64_t number) const {
    const auto found = paused_.find(number);
    if (found == paused_.end() || found->second->ending) return nullptr;
    return found->second.get();
}

sdk::Error PausedTable::none(std::uint64_t number) const {
    return sdk::Error(sdk::ErrorCode::invalid_request,
                      "no message " + std::to_string(number) + " is paused" +
                          (number <= last_ && number > 0 ? " any more" : ""));
}

void PausedTable::end_locked(PausedMessage& paused, Ending ending) {
    if (paused.ending) return;
    paused.ending = ending;
    tell(news_of_end(paused));
}

/// While the lock is held its worker can't have finished: the message is still in the table.
void PausedTable::wake(const Paused& paused) const {
    sdk::asio::post(paused->worker.context(), [paused] { paused->wakeup.notify(); });
}

void PausedTable::tell(const sdk::Json& line) {
    for (const auto& each : followers_)
        if (const std::shared_ptr<PausedNews> news = each.lock()) news->tell(line);
}

}  // namespace shadowcat::intercept
