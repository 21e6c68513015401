// SPDX-License-Identifier: Apache-2.0
// Gives bits to viewers and sums up what they want.
#include "audience.hpp"

#include <algorithm>

namespace shadowcat::watch {

namespace {

void want_for(const Filter& filter, ViewerBits bit, Wanted& wanted) {
    if (filter.payload)
        wanted.payload_bytes = std::max(wanted.payload_bytes, filter.max_payload_bytes);
    if (!filter.contains.empty()) wanted.needles.emplace_back(bit, filter.contains);
}

ViewerBits free_bit(const std::vector<std::shared_ptr<Viewer>>& viewers) {
    ViewerBits used = Audience::kOutputBit;
    for (const auto& viewer : viewers)
        used |= viewer->bit;
    ViewerBits bit = Audience::kOutputBit;
    while ((used & bit) != 0)
        bit <<= 1;
    return bit;
}

}  // namespace

Audience::Audience() : wanted_(std::make_shared<const Wanted>()) {}

void Audience::add_output(const Filter& filter) {
    const std::lock_guard lock(mutex_);
    output_.push_back(filter);
    note_change();
}

sdk::Result<std::shared_ptr<Viewer>> Audience::attach(Filter filter) {
    const std::lock_guard lock(mutex_);
    if (viewers_.size() >= kMaxViewers)
        return sdk::Error(sdk::ErrorCode::unavailable,
                          std::to_string(kMaxViewers) + " viewers are attached already");
    viewers_.push_back(std::make_shared<Viewer>(std::move(filter), free_bit(viewers_)));
    note_change();
    return viewers_.back();
}

void Audience::detach(const std::shared_ptr<Viewer>& viewer) {
    const std::lock_guard lock(mutex_);
    std::erase(viewers_, viewer);
    note_change();
}

std::shared_ptr<const Wanted> Audience::wanted() const {
    const std::lock_guard lock(mutex_);
    return wanted_;
}

std::vector<std::shared_ptr<Viewer>> Audience::viewers() const {
    const std::lock_guard lock(mutex_);
    return viewers_;
}

void Audience::note_change() {
    auto wanted = std::make_shared<Wanted>();
    for (const Filter& filter : output_)
        want_for(filter, kOutputBit, *wanted);
    for (const auto& viewer : viewers_)
        want_for(viewer->filter, viewer->bit, *wanted);
    wanted_ = std::move(wanted);
    const bool present = !output_.empty() || !viewers_.empty();
    if (present_.exchange(present) && !present) ++absences_;
}

}  // namespace shadowcat::watch
