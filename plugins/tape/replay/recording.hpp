// SPDX-License-Identifier: Apache-2.0
// Recording: a tape as a server or a client can be replayed from it.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "format/tape_line.hpp"
#include "replay/exchange_index.hpp"

#include <memory>
#include <string>
#include <utility>

namespace shadowcat::tape {

/// Where messages are read from when they are needed. From any thread.
class MessageStore {
public:
    virtual ~MessageStore() = default;

    /// The JSON text of the message at `place`. Fails with `protocol` when the file has changed.
    virtual sdk::Result<std::string> text(Place place) const = 0;
};

/// Read-only, and so shared by the links of all workers.
class Recording {
public:
    Recording(TapeInit what, ExchangeIndex with, std::unique_ptr<MessageStore> from)
        : init(std::move(what)), index(std::move(with)), store_(std::move(from)) {}

    const TapeInit init;
    const ExchangeIndex index;

    /// The message at `place`. Fails with `protocol` when it can't be read (any more).
    sdk::Result<sdk::Message> message(Place place) const {
        sdk::Result<std::string> text = store_->text(place);
        if (text.has_error()) return text.error();
        const sdk::ParseLimits any(text->size() + 1, 1024);
        return sdk::Message::parse(*std::move(text), any);
    }

private:
    std::unique_ptr<MessageStore> store_;
};

}  // namespace shadowcat::tape
