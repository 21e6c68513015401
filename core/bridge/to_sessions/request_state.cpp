// SPDX-License-Identifier: Apache-2.0
// A line of fields, sealed.
#include "core/bridge/to_sessions/request_state.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/plugin/hex.hpp"
#include "core/session/session_id.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <span>

namespace shadowcat::core {

namespace {

constexpr std::string_view kVersion = "1";
constexpr std::size_t kTicketBytes = 16;

std::string sha256(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return to_hex(std::span(digest).first(size));
}

/// The same for texts that mean the same, whatever their white space and order. Only compared, so
/// what it does to long numbers does no harm.
std::string canonical(std::string_view params) {
    auto document = nlohmann::json::parse(params, nullptr, false);
    if (!document.is_object()) return {};
    for (const char* key : {"_meta", "inputResponses", "requestState", "task"})
        document.erase(key);
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Cuts the next field off `text`.
std::string_view next_field(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return field;
}

std::int64_t number(std::string_view field) {
    std::int64_t value = 0;
    std::from_chars(field.data(), field.data() + field.size(), value);
    return value;
}

}  // namespace

RequestState::RequestState(Kind what, sdk::TimePoint until, std::size_t asked)
    : kind(what), ticket(random_hex(kTicketBytes)), expiry(until), rounds(asked) {}

std::string RequestState::sealed(const Seal& seal, std::string_view context) const {
    std::string text(kVersion);
    text += kind == Kind::parked ? " parked " : " url ";
    text += ticket;
    text += ' ' + std::to_string(expiry.time_since_epoch().count());
    text += ' ' + std::to_string(rounds);
    text += ' ' + questions;
    return seal.close(text, context);
}

std::optional<RequestState> RequestState::open(const Seal& seal, std::string_view sealed,
                                               std::string_view context) {
    const std::optional<std::string> text = seal.open(sealed, context);
    if (!text) return std::nullopt;
    std::string_view rest = *text;
    if (next_field(rest) != kVersion) return std::nullopt;
    RequestState state;
    state.kind = next_field(rest) == "parked" ? Kind::parked : Kind::url_retry;
    state.ticket = next_field(rest);
    state.expiry = sdk::TimePoint(sdk::Duration(number(next_field(rest))));
    state.rounds = static_cast<std::size_t>(number(next_field(rest)));
    state.questions = rest;
    return state;
}

std::string state_context(std::string_view principal, std::string_view method,
                          std::string_view params) {
    std::string context = sha256(canonical(params));
    context.append(" ").append(method).append(" ").append(principal);
    return context;
}

}  // namespace shadowcat::core
