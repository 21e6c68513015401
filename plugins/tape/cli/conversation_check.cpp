// SPDX-License-Identifier: Apache-2.0
// Checks frames against each other and against their messages.
#include "cli/conversation_check.hpp"

#include "cli/event_text.hpp"
#include "cli/frame_text.hpp"
#include "format/safe_text.hpp"

namespace shadowcat::tape {

namespace {

std::string frame_name(const TapeLine& frame) { return "frame " + std::to_string(frame.seq); }

std::string request_name(const TapeLine& frame) {
    return "request " + safe_text(frame.id, 40) + " (" + label_of(frame.method, frame.name) + ")";
}

bool may_come_before_initialize(const std::string& method) {
    return method == "initialize" || method == "ping" || method == "server/discover";
}

/// A tape that doesn't begin where its session did.
bool begins_in_the_middle(const TapeInit& init) { return init.part > 1 || init.first_seq > 0; }

}  // namespace

ConversationCheck::ConversationCheck(const TapeInit& init, Findings& findings)
    : init_(init), findings_(findings), opened_(begins_in_the_middle(init)) {}

void ConversationCheck::say(Severity severity, const TapeLine& line, std::string_view kind,
                            std::string text) {
    findings_.add(Finding(severity, line.line_number, kind, std::move(text)));
}

void ConversationCheck::follow(const TapeLine& line) {
    if (line.kind == TapeLine::Kind::frame) return follow_frame(line);
    if (line.kind == TapeLine::Kind::gap) {
        gaps_ = true;
        say(Severity::warning, line, "gap", gap_text(line.fields));
    }
    if (line.kind == TapeLine::Kind::end) ended_ = true;
}

void ConversationCheck::follow_frame(const TapeLine& frame) {
    if (ended_) say(Severity::error, frame, "after_end", frame_name(frame) + " follows the end");
    ++frames_;
    check_message(frame);
    check_opening(frame);
    check_pairing(frame);
}

void ConversationCheck::check_message(const TapeLine& frame) {
    const auto message = sdk::Message::parse(frame.message);
    if (!message) {
        say(Severity::warning, frame, "no_message",
            frame_name(frame) + " holds no JSON-RPC message: " + message.error().message());
        return;
    }
    if (message->kind() != frame.message_kind)
        say(Severity::error, frame, "disagrees",
            frame_name(frame) + ": its kind isn't its message's");
    if (message->id() != frame.id)
        say(Severity::error, frame, "disagrees",
            frame_name(frame) + ": its id isn't its message's");
    if (!message->is_response() && message->method() != frame.method)
        say(Severity::error, frame, "disagrees",
            frame_name(frame) + ": its method isn't its message's");
}

void ConversationCheck::check_opening(const TapeLine& frame) {
    const bool by_client = frame.direction == sdk::Direction::client_to_server;
    if (opened_ || !by_client || frame.message_kind != sdk::MessageKind::request) return;
    if (init_.era == sdk::Era::session && !may_come_before_initialize(frame.method)) {
        say(Severity::warning, frame, "no_initialize",
            "the session begins without initialize: " + request_name(frame) + " comes first");
    }
    opened_ = frame.method != "ping" && frame.method != "server/discover";
}

void ConversationCheck::check_pairing(const TapeLine& frame) {
    const Pairing::Step step = pairing_.follow(frame);
    if (step.reused) {
        say(Severity::error, frame, "id_in_flight",
            request_name(frame) + " has the id of one that still waits for its answer (frame " +
                std::to_string(step.reused->seq) + ")");
    }
    if (!step.unexpected) return;
    const bool excused = gaps_ || pairing_.forgotten() > 0 || begins_in_the_middle(init_);
    say(excused ? Severity::note : Severity::error, frame, "no_request",
        frame_name(frame) + " answers a request that isn't on the tape (id " +
            safe_text(frame.id, 40) + ")");
}

void ConversationCheck::finish() {
    const std::uint64_t waiting = pairing_.pending() + pairing_.forgotten();
    if (waiting > 0) {
        findings_.add(Finding(Severity::note, 0, "unanswered",
                              std::to_string(waiting) + " requests have no answer"));
    }
    if (!ended_) {
        findings_.add(Finding(Severity::note, 0, "no_end",
                              "the tape has no end: it is still recorded, or its recorder was "
                              "killed"));
    }
}

}  // namespace shadowcat::tape
