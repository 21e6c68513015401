// SPDX-License-Identifier: Apache-2.0
// Knows where in a message secrets stand.
#include "record/message_secrets.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "record/secret_names.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace shadowcat::tape {

namespace {

using sdk::json::for_each_member;

constexpr std::string_view kElicit = "elicitation/create";

class SecretFinder {
public:
    using Visit = std::function<void(std::string_view, bool)>;

    SecretFinder(const MessageFacts& facts, const Visit& visit) : facts_(facts), visit_(visit) {}

    void message(std::string_view text) const {
        for_each_member(text, [this](std::string_view key, std::string_view value) {
            if (key == "params") params(value);
            if (key == "result") result(value);
            if (key == "error") error(value);
        });
    }

private:
    void params(std::string_view object) const {
        if (facts_.method == kElicit) elicitation(object);
        for_each_member(object, [this](std::string_view key, std::string_view value) {
            anywhere(key, value);
            if (key != "inputResponses") return;
            for_each_member(value, [this](std::string_view, std::string_view answer) {
                if (answers_a_form(answer)) form_answer(answer);
            });
        });
    }

    void result(std::string_view object) const {
        const bool form = facts_.method == kElicit || answers_a_form(object);
        if (facts_.from_client && form) form_answer(object);
        for_each_member(object, [this](std::string_view key, std::string_view value) {
            anywhere(key, value);
            if (key != "inputRequests") return;
            for_each_member(value, [this](std::string_view, std::string_view request) {
                for_each_member(request, [this](std::string_view part, std::string_view inner) {
                    if (part == "params") elicitation(inner);
                });
            });
        });
    }

    void error(std::string_view object) const {
        for_each_member(sdk::json::member(object, "data"),
                        [this](std::string_view key, std::string_view value) {
                            if (key != "elicitations") return;
                            sdk::json::for_each_element(
                                value, [this](std::string_view each) { elicitation(each); });
                        });
    }

    /// What is secret in params and results alike.
    void anywhere(std::string_view key, std::string_view value) const {
        if (key == "requestState") visit_(value, false);
        if (key != "_meta") return;
        for_each_member(value, [this](std::string_view name, std::string_view secret) {
            if (is_secret_member(name)) visit_(secret, false);
        });
    }

    /// A form has none.
    void elicitation(std::string_view object) const {
        for_each_member(object, [this](std::string_view key, std::string_view value) {
            if (key == "url") visit_(value, false);
        });
    }

    static bool answers_a_form(std::string_view object) {
        return sdk::json::is_string(sdk::json::member(object, "action")) &&
               !sdk::json::member(object, "content").empty();
    }

    /// The names of a form's fields stay.
    void form_answer(std::string_view object) const {
        for_each_member(object, [this](std::string_view key, std::string_view content) {
            if (key != "content") return;
            if (!sdk::json::is_object(content)) return visit_(content, true);
            for_each_member(content, [this](std::string_view, std::string_view answer) {
                visit_(answer, true);
            });
        });
    }

    const MessageFacts& facts_;
    const Visit& visit_;
};

/// Whether one of the keys that the finder looks for begins here.
bool begins_telltale(std::string_view key, bool from_client) {
    switch (key.empty() ? '\0' : key.front()) {
        case '_':
            return key.starts_with("_meta\"");
        case 'r':
            return key.starts_with("requestState\"");
        case 'i':
            return key.starts_with("inputRe");
        case 'e':
            return key.starts_with("elicitations\"");
        case 'c':
            return from_client && key.starts_with("content\"");
        default:
            return false;
    }
}

/// Sixteen characters, which one instruction looks at.
using Sixteen = unsigned char __attribute__((vector_size(16)));

Sixteen sixteen_at(const char* at) {
    Sixteen all;
    std::memcpy(&all, at, sizeof(all));
    return all;
}

template <class Comparison>
bool is_any(Comparison comparison) {
    const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(comparison);
    return (halves[0] | halves[1]) != 0;
}

/// Whether behind one of sixteen characters that are quotes a key seems to begin, by its first and
/// third letter. `at`: nineteen characters.
bool seems_telltale(const char* at, bool from_client) {
    const auto quotes = sixteen_at(at) == '"';
    if (!is_any(quotes)) return false;
    const Sixteen first = sixteen_at(at + 1);
    const Sixteen third = sixteen_at(at + 3);
    auto keys = ((first == '_') & (third == 'e')) | ((first == 'r') & (third == 'q')) |
                ((first == 'i') & (third == 'p')) | ((first == 'e') & (third == 'i'));
    if (from_client) keys |= (first == 'c') & (third == 'n');
    return is_any(quotes & keys);
}

/// Whether a telltale key begins behind one of the quotes among the first `count` characters.
bool holds_telltale(std::string_view text, std::size_t count, bool from_client) {
    for (std::size_t quote = text.find('"'); quote < count; quote = text.find('"', quote + 1))
        if (begins_telltale(text.substr(quote + 1), from_client)) return true;
    return false;
}

/// Looks only at what stands behind quotes: quicker than to walk through members. Where there is an
/// escape, with which a key can be written otherwise, the finder has to look.
bool may_hold_secrets(std::string_view text, const MessageFacts& facts) {
    if (facts.method == kElicit || text.find('\\') != std::string_view::npos) return true;
    std::size_t at = 0;
    for (; at + sizeof(Sixteen) + 3 <= text.size(); at += sizeof(Sixteen))
        if (seems_telltale(text.data() + at, facts.from_client) &&
            holds_telltale(text.substr(at), sizeof(Sixteen), facts.from_client))
            return true;
    return holds_telltale(text.substr(at), text.size() - at, facts.from_client);
}

}  // namespace

void for_each_secret(std::string_view text, const MessageFacts& facts,
                     const std::function<void(std::string_view value, bool plain)>& visit) {
    if (may_hold_secrets(text, facts)) SecretFinder(facts, visit).message(text);
}

}  // namespace shadowcat::tape
