// SPDX-License-Identifier: Apache-2.0
// RequestCopies: copies of requests that might be sent again, in buffers that are used again.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Nearly every request is copied, and nearly no copy is ever looked at: so a copy must cost no
/// allocation. Belongs to one worker.
class RequestCopies {
public:
    /// Copies that are kept between exchanges: so many, none larger.
    static constexpr std::size_t kSpares = 64;
    static constexpr std::size_t kSpareBytes = 4096;

    /// A place for one copy.
    class Copy {
    public:
        explicit Copy(RequestCopies& from) noexcept : from_(from) {}
        ~Copy() { from_.give_back(std::move(message_)); }
        Copy(const Copy&) = delete;
        Copy& operator=(const Copy&) = delete;

        explicit operator bool() const noexcept { return message_ != nullptr; }
        void keep(const sdk::Message& request) {
            if (!message_) message_ = from_.spare();
            *message_ = request;
        }

        /// Gives the copy away; only where there is one.
        sdk::Message take() {
            const std::unique_ptr<sdk::Message> taken = std::move(message_);
            return std::move(*taken);
        }

    private:
        RequestCopies& from_;
        std::unique_ptr<sdk::Message> message_;
    };

private:
    std::unique_ptr<sdk::Message> spare() {
        if (spares_.empty()) return std::make_unique<sdk::Message>();
        std::unique_ptr<sdk::Message> last = std::move(spares_.back());
        spares_.pop_back();
        return last;
    }

    void give_back(std::unique_ptr<sdk::Message> copy) {
        if (!copy || spares_.size() == kSpares || copy->bytes().capacity() > kSpareBytes) return;
        spares_.push_back(std::move(copy));
    }

    std::vector<std::unique_ptr<sdk::Message>> spares_;
};

}  // namespace shadowcat::core
