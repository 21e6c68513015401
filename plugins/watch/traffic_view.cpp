// SPDX-License-Identifier: Apache-2.0
// The loop between queue and viewers.
#include "traffic_view.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <utility>

namespace shadowcat::watch {

namespace {

constexpr sdk::Duration kLook = std::chrono::milliseconds(500);
constexpr sdk::Duration kLong = std::chrono::hours(1);

/// `entry` with as much of the payload as `filter` asks for.
Entry fitted(const Entry& entry, const Filter& filter) {
    Entry out = entry;
    if (!filter.payload) {
        out.payload.clear();
    } else if (out.payload.size() > filter.max_payload_bytes) {
        out.payload = excerpt(out.payload, filter.max_payload_bytes);
    }
    return out;
}

}  // namespace

TrafficView::TrafficView(const Options& options, sdk::Metrics& metrics, sdk::Duration patience)
    : queue_(kMaxRecords, kMaxBytes),
      pairs_(kMaxInFlight),
      dropped_(metrics.counter("shadowcat_watch_dropped_total",
                               "Messages and events that the live view didn't show")),
      patience_(patience) {
    if (!options.has_output()) return;
    printer_.emplace(options);
    audience_.add_output(options.filter);
}

void TrafficView::note(const sdk::Message& message, const sdk::MessageContext& context,
                       std::size_t worker) {
    push(record_of(message, context, worker, *audience_.wanted()));
}

void TrafficView::note(const sdk::TransportEvent& event) {
    if (is_shown(event)) push(record_of(event, *audience_.wanted()));
}

void TrafficView::push(Record record) {
    if (!queue_.push(std::move(record))) dropped_.add();
}

void TrafficView::run() {
    if (printer_) printer_->open();
    std::vector<Record> batch;
    for (bool stop = false; !stop;) {
        const RecordQueue::Work work =
            queue_.wait(batch, pairs_.in_flight() > 0 ? std::min(kLook, patience_) : kLong);
        stop = work.stop;
        forget_absent();
        viewers_ = audience_.viewers();
        for (Record& record : batch) {
            pairs_.see(record);
            hand_out(record.entry, record.found);
        }
        if (work.dropped > 0) hand_out(dropped_entry(work.dropped), 0);
        tell_overdue();
        flush();
    }
}

/// While nobody looked, answers weren't noted.
void TrafficView::forget_absent() {
    const std::uint64_t absences = audience_.absences();
    if (std::exchange(absences_, absences) != absences) pairs_.clear();
}

void TrafficView::tell_overdue() {
    for (const Entry& entry : pairs_.overdue(sdk::Clock::now(), patience_))
        hand_out(entry, 0);
}

void TrafficView::hand_out(const Entry& entry, ViewerBits found) {
    const auto shown_to = [&](const Filter& filter, ViewerBits bit) {
        return filter.shows(entry, (found & bit) != 0);
    };
    if (printer_ && shown_to(printer_->filter, Audience::kOutputBit))
        printer_->add(fitted(entry, printer_->filter));
    for (const auto& viewer : viewers_)
        if (shown_to(viewer->filter, viewer->bit)) viewer->push(fitted(entry, viewer->filter));
}

void TrafficView::flush() {
    if (!printer_) return;
    const std::size_t lost = printer_->flush();
    if (lost > 0 && !abandoned_) dropped_.add(static_cast<std::int64_t>(lost));
}

}  // namespace shadowcat::watch
