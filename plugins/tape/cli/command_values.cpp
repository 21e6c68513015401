// SPDX-License-Identifier: Apache-2.0
// Reads the values of options that are more than a text.
#include "cli/command_line.hpp"
#include "format/safe_text.hpp"

#include <array>
#include <optional>
#include <utility>

namespace shadowcat::tape {

namespace {

template <class Value, std::size_t N>
using Choices = std::array<std::pair<std::string_view, Value>, N>;

constexpr Choices<ListOptions::Order, 3> kOrders = {{{"created", ListOptions::Order::created},
                                                     {"size", ListOptions::Order::size},
                                                     {"frames", ListOptions::Order::frames}}};
constexpr Choices<ExportOptions::Format, 4> kFormats = {
    {{"har", ExportOptions::Format::har},
     {"json", ExportOptions::Format::json},
     {"curl", ExportOptions::Format::curl},
     {"postman", ExportOptions::Format::postman}}};
constexpr Choices<sdk::Direction, 4> kDirectionValues = {
    {{"client", sdk::Direction::client_to_server},
     {"server", sdk::Direction::server_to_client},
     {"client_to_server", sdk::Direction::client_to_server},
     {"server_to_client", sdk::Direction::server_to_client}}};

template <class Value, std::size_t N>
std::optional<Value> chosen(const Choices<Value, N>& choices, std::string_view text) {
    for (const auto& [name, value] : choices) {
        if (name == text) return value;
    }
    return std::nullopt;
}

sdk::Error no_choice(const char* option, const std::string& value, const char* choices) {
    return sdk::Error(sdk::ErrorCode::config, std::string(option) + " is " + choices + ", not '" +
                                                  safe_text(value, 40) + "'");
}

sdk::Result<std::optional<Position>> position_of(const std::string& text) {
    if (text.empty()) return std::optional<Position>();
    auto position = Position::parse(text);
    if (!position) return position.error();
    return std::optional<Position>(*position);
}

}  // namespace

sdk::Result<bool> CommandLine::read_values() {
    if (parsed().empty()) {
        return usage("say what to do: list, show, validate, export, diff, stats or delete");
    }
    for (const auto read : {&CommandLine::read_list, &CommandLine::read_show,
                            &CommandLine::read_export, &CommandLine::read_diff}) {
        const auto done = (this->*read)();
        if (!done) return usage(done.error().message());
    }
    return true;
}

sdk::Result<void> CommandLine::read_list() {
    const auto order = chosen(kOrders, order_);
    if (!order) return no_choice("--sort", order_, "created, size or frames");
    list.order = *order;
    return {};
}

sdk::Result<void> CommandLine::read_show() {
    const auto from = position_of(from_);
    if (!from) return from.error().within("--from");
    const auto to = position_of(to_);
    if (!to) return to.error().within("--to");
    show.from = *from;
    show.to = *to;
    if (events_ != 0)
        show.events = events_ > 0 ? ShowOptions::Events::all : ShowOptions::Events::none;
    if (direction_.empty()) return {};
    show.direction = chosen(kDirectionValues, direction_);
    if (!show.direction) return no_choice("--direction", direction_, "client or server");
    return {};
}

sdk::Result<void> CommandLine::read_export() {
    if (format_.empty()) return {};
    const auto format = chosen(kFormats, format_);
    if (!format) return no_choice("--format", format_, "har, json, curl or postman");
    exported.format = *format;
    if (exported.force && exported.output.empty())
        return sdk::Error(sdk::ErrorCode::config, "--force is only for --output FILE");
    return {};
}

sdk::Result<void> CommandLine::read_diff() {
    auto ignored = Ignored::parse(ignored_);
    if (!ignored) return ignored.error().within("--ignore");
    diff.ignored = *std::move(ignored);
    diff.ignored.times = !exact_;
    return {};
}

}  // namespace shadowcat::tape
