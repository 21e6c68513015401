// SPDX-License-Identifier: Apache-2.0
// Taking batches to pieces.
#include "shadowcat/sdk/batch.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <optional>

namespace shadowcat::sdk::inline v1 {

namespace {

Error invalid(std::string_view what) {
    return Error(ErrorCode::invalid_request, "not a valid batch: " + std::string(what));
}

/// What is wrong with the text as a whole; a message's parser says so.
std::optional<Error> check_text(std::string_view bytes, const ParseLimits& limits) {
    const Result<Message> parsed = Message::parse(std::string(bytes), limits);
    if (parsed.has_value() || !is_batch(bytes)) return invalid("not an array");
    if (parsed.error().code() == ErrorCode::invalid_request) return std::nullopt;
    return parsed.error();
}

/// Collects the messages until one is no good.
class Split {
public:
    Split(const ParseLimits& limits, std::size_t max_messages)
        : limits_(limits), max_messages_(max_messages) {}

    void add(std::string_view element) {
        if (failed_) return;
        if (messages_.size() == max_messages_) {
            failed_ = invalid("more than " + std::to_string(max_messages_) + " messages");
            return;
        }
        Result<Message> parsed = Message::parse(std::string(element), limits_);
        failed_ = parsed ? check(*parsed) : parsed.error();
        if (!failed_) messages_.push_back(*std::move(parsed));
    }

    Result<std::vector<Message>> finish() && {
        if (!failed_ && messages_.empty()) failed_ = invalid("it is empty");
        if (failed_) return *std::move(failed_);
        return std::move(messages_);
    }

private:
    std::optional<Error> check(const Message& message) const {
        if (message.method() == "initialize") return invalid("initialize must stand alone");
        if (!messages_.empty() && messages_.front().is_response() != message.is_response()) {
            return invalid("responses stand beside requests or notifications");
        }
        return std::nullopt;
    }

    const ParseLimits& limits_;
    std::size_t max_messages_;
    std::vector<Message> messages_;
    std::optional<Error> failed_;
};

}  // namespace

bool is_batch(std::string_view bytes) noexcept {
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && bytes[first] == '[';
}

Result<std::vector<Message>> split_batch(std::string_view bytes, const ParseLimits& limits,
                                         std::size_t max_messages) {
    if (auto failed = check_text(bytes, limits)) return *std::move(failed);
    Split split(limits, max_messages);
    json::for_each_element(bytes, [&split](std::string_view element) { split.add(element); });
    return std::move(split).finish();
}

}  // namespace shadowcat::sdk::inline v1
