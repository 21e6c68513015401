// SPDX-License-Identifier: Apache-2.0
// RequestCopies: copies of requests that might be sent again, in buffers that are used again.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Nearly every request is copied, and nearly no copy is ever looked at: so a copy must cost no
/// allocation. Belongs to one worker.
class RequestCopies {
public:
    /// What is kept between exchanges: so many, none larger.
    static constexpr std::size_t kSpares = 64;
    static constexpr std::size_t kSpareBytes = 4096;

    /// A place for one copy.
    class Copy {
    public:
        explicit Copy(RequestCopies& from) noexcept : from_(from) {}
        ~Copy() {
            if (kept_) from_.give_back(std::move(copy_));
        }
        Copy(const Copy&) = delete;
        Copy& operator=(const Copy&) = delete;

        explicit operator bool() const noexcept { return kept_; }
        void keep(const sdk::Message& request) {
            if (!kept_) copy_ = from_.spare();
            copy_ = request;
            kept_ = true;
        }

        /// Gives the copy away; only where there is one.
        sdk::Message take() {
            kept_ = false;
            return std::move(copy_);
        }

    private:
        RequestCopies& from_;
        sdk::Message copy_;
        bool kept_ = false;
    };

private:
    sdk::Message spare() {
        if (spares_.empty()) return {};
        sdk::Message last = std::move(spares_.back());
        spares_.pop_back();
        return last;
    }

    void give_back(sdk::Message copy) {
        if (spares_.size() == kSpares || copy.bytes().capacity() > kSpareBytes) return;
        spares_.push_back(std::move(copy));
    }

    std::vector<sdk::Message> spares_;
};

}  // namespace shadowcat::core
