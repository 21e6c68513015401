// SPDX-License-Identifier: Apache-2.0
// The loop of an edit.
#include "cli/edit_session.hpp"

#include "cli/json_layout.hpp"

namespace shadowcat::intercept {

namespace {

sdk::Result<std::string> shown_text(ProxyLine& proxy, const Json& id) {
    const auto lines = ask_all(proxy, {{"verb", "intercept.show"}, {"id", id}});
    if (lines.has_error()) return lines.error();
    if (lines->empty() || !lines->front().contains("message"))
        return sdk::Error(sdk::ErrorCode::protocol, "the proxy didn't show the message");
    return lines->front().at("message").get<std::string>();
}

sdk::Error kept(DraftFile& draft, const sdk::Error& error) {
    draft.keep();
    return sdk::Error(error.code(), error.message() + "; your text is in " + draft.path());
}

}  // namespace

sdk::Result<void> send_edited(ProxyLine& proxy, const Json& id, const std::string& text,
                              bool resume) {
    const auto lines = ask_all(proxy, {{"verb", "intercept.edit"},
                                       {"id", id},
                                       {"message", compact_json(text)},
                                       {"resume", resume}});
    if (lines.has_error()) return lines.error();
    return {};
}

sdk::Result<void> edit_with(EditorUser& user, ProxyLine& proxy, const Json& id, bool resume) {
    const sdk::Result<std::string> before = shown_text(proxy, id);
    if (before.has_error()) return before.error();
    DraftFile draft(spread_json(*before) + "\n");
    for (;;) {
        const sdk::Result<void> edited = user.edit(draft.path());
        if (edited.has_error()) return edited.error();
        const sdk::Result<std::string> text = draft.text();
        if (text.has_error()) return text.error();
        const sdk::Result<void> sent = send_edited(proxy, id, *text, resume);
        if (!sent.has_error()) return sent;
        const bool still_waits = shown_text(proxy, id).has_value();
        if (!still_waits || !user.again(sent.error().message())) return kept(draft, sent.error());
    }
}

}  // namespace shadowcat::intercept
