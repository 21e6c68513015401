// SPDX-License-Identifier: Apache-2.0
// Scores each candidate for a client.
#include "sticky.hpp"

#include <cmath>
#include <random>
#include <string>

namespace shadowcat::pool {

namespace {

Sticky::Key key_of(const std::string& text) {
    if (text == "principal") return Sticky::Key::principal;
    return text == "session" ? Sticky::Key::session : Sticky::Key::automatic;
}

std::uint64_t random_word() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

/// One for the process: its workers have to agree.
const SipKey& random_key() {
    static const SipKey key(random_word(), random_word());
    return key;
}

SipKey sip_key_of(const std::string& text) {
    if (text.empty()) return random_key();
    return SipKey(siphash(SipKey(0, 0), text), siphash(SipKey(0, 1), text));
}

/// Principals and sessions don't collide, even when they are spelled alike.
SipKey variant(const SipKey& key, std::uint64_t number) {
    return SipKey(key.low ^ number, key.high);
}

/// The chance that a candidate has the highest score is its weight's share of all weights.
double score(const SipKey& client, const sdk::Candidate& candidate) {
    const std::uint64_t hash = siphash(client, candidate.name);
    const double between_0_and_1 = (static_cast<double>(hash >> 11) + 0.5) * 0x1p-53;
    return -static_cast<double>(candidate.weight) / std::log(between_0_and_1);
}

}  // namespace

sdk::Schema Sticky::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("key",
                           "What stays together: all sessions of a principal, or each "
                           "session. auto: the principal if there is one, else the session.")
                   .defaults_to(sdk::Json("auto"))
                   .one_of({"auto", "principal", "session"}));
    schema.add(sdk::string("hash_key",
                           "Secret of the hash; proxies that share it send a client to the same "
                           "upstream, also after a restart. Default: random for each process.")
                   .secret());
    return schema;
}

Sticky::Sticky(const sdk::Json& config)
    : key_(key_of(config.at("key").get<std::string>())),
      sip_key_(sip_key_of(config.value("hash_key", ""))) {}

std::uint64_t Sticky::client_hash(const sdk::PickRequest& request) {
    if (key_ != Key::session && !request.principal.empty())
        return siphash(variant(sip_key_, 1), request.principal);
    if (key_ != Key::principal && !request.session.empty())
        return siphash(variant(sip_key_, 2), request.session);
    return siphash(variant(sip_key_, 3), std::to_string(nobody_++));  // spreads by weight
}

std::size_t Sticky::pick(std::span<const sdk::Candidate> candidates,
                         const sdk::PickRequest& request) {
    const SipKey client = variant(sip_key_, client_hash(request));
    std::size_t best = 0;
    double highest = score(client, candidates[0]);
    for (std::size_t i = 1; i < candidates.size(); ++i) {
        const double other = score(client, candidates[i]);
        if (other <= highest) continue;
        highest = other;
        best = i;
    }
    return best;
}

}  // namespace shadowcat::pool
