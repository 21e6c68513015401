// SPDX-License-Identifier: Apache-2.0
// Knows where in a message secrets stand.
#include "record/message_secrets.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "record/secret_names.hpp"

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

}  // namespace

void for_each_secret(std::string_view text, const MessageFacts& facts,
                     const std::function<void(std::string_view value, bool plain)>& visit) {
    SecretFinder(facts, visit).message(text);
}

}  // namespace shadowcat::tape
