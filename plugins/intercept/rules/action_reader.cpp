// SPDX-License-Identifier: Apache-2.0
// Tells actions apart by their key.
#include "rules/action.hpp"
#include "rules/edit.hpp"

#include <array>

namespace shadowcat::intercept {

namespace {

constexpr std::array<std::string_view, 11> kActionNames = {"set",   "remove", "replace",  "block",
                                                           "mock",  "delay",  "throttle", "drop",
                                                           "fault", "break",  "log"};

std::unique_ptr<Action> read_options(ActionKind kind, const NodeReader& options) {
    switch (kind) {
        case ActionKind::block:
            return read_block(options);
        case ActionKind::mock:
            return read_mock(options);
        case ActionKind::delay:
            return read_delay(options);
        case ActionKind::throttle:
            return read_throttle(options);
        case ActionKind::drop:
            return read_drop(options);
        case ActionKind::fault:
            return read_fault(options);
        case ActionKind::pause:
            return read_break(options);
        case ActionKind::log:
            return read_log(options);
        default:
            return read_edit(kind, options);
    }
}

/// `edit` of `kind`, as an action.
class EditAction final : public Action {
public:
    EditAction(ActionKind kind, std::unique_ptr<Edit> edit)
        : Action(kind), edit_(std::move(edit)) {}

    sdk::awaitable<Outcome> perform(Passage& passage) override {
        const sdk::Result<bool> changed = edit_message(passage.message, *edit_);
        if (changed.has_error()) co_return Outcome::failed(changed.error().message());
        co_return *changed ? Outcome::applied() : Outcome::skipped();
    }

private:
    std::unique_ptr<Edit> edit_;
};

}  // namespace

std::unique_ptr<Action> read_edit(ActionKind kind, const NodeReader& reader) {
    std::unique_ptr<Edit> edit;
    if (kind == ActionKind::set) edit = SetEdit::read(reader);
    if (kind == ActionKind::remove) edit = RemoveEdit::read(reader);
    if (kind == ActionKind::replace) edit = ReplaceEdit::read(reader);
    return edit ? std::make_unique<EditAction>(kind, std::move(edit)) : nullptr;
}

std::unique_ptr<Action> read_action(const NodeReader& reader) {
    if (reader.node().is_scalar()) {  // `- drop`: without options
        const auto kind = reader.choice({"drop", "break", "log"});
        if (!kind) return nullptr;
        YamlNode none;
        none.place = reader.node().place;
        const NodeReader options(none, reader.key() + "." + reader.node().text, reader.problems());
        if (*kind == 0) return read_drop(options);
        return *kind == 1 ? read_break(options) : read_log(options);
    }
    if (!reader.mapping_of(kActionNames)) return nullptr;
    if (reader.node().members.size() != 1) {
        reader.fail("expected one action in each item of the list");
        return nullptr;
    }
    const YamlMember& member = reader.node().members.front();
    std::size_t kind = 0;
    while (name_of(static_cast<ActionKind>(kind)) != member.key)
        ++kind;
    return read_options(static_cast<ActionKind>(kind), reader.of(member));
}

}  // namespace shadowcat::intercept
