// SPDX-License-Identifier: Apache-2.0
// Parses command lines; every complaint names the option.
#include "options.hpp"

#include <charconv>

namespace bench {
namespace {

const Options::Known& find_option(std::initializer_list<Options::Known> known,
                                  const std::string& name) {
    for (const Options::Known& option : known) {
        if (option.name == name) return option;
    }
    throw UsageError("unknown option " + name + "; see --help");
}

template <class Number>
Number parse_number(std::string_view name, const std::string& text) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && at == end && value >= 0) return value;
    throw UsageError(std::string(name) + " needs a number, not \"" + text + "\"");
}

}  // namespace

Options::Options(int argc, char** argv, std::initializer_list<Known> known) {
    for (int i = 0; i < argc; ++i) {
        std::string name = argv[i];
        if (name == "--") {
            command_.assign(argv + i + 1, argv + argc);
            if (!command_.empty()) command_.push_back(nullptr);
            return;
        }
        const std::size_t equals = name.find('=');
        const bool inline_value = equals != std::string::npos;
        const std::string value = inline_value ? name.substr(equals + 1) : "";
        if (inline_value) name.resize(equals);
        const Known& option = find_option(known, name);
        std::vector<std::string>& values = given_[name];
        if (option.kind == Kind::kFlag) {
            if (inline_value) throw UsageError(name + " takes no value");
            values.emplace_back();
            continue;
        }
        if (!values.empty() && option.kind != Kind::kRepeated) {
            throw UsageError(name + " is given twice");
        }
        if (!inline_value && ++i == argc) throw UsageError(name + " needs a value");
        values.emplace_back(inline_value ? value : argv[i]);
    }
}

bool Options::has(std::string_view name) const { return given_.find(name) != given_.end(); }

std::string Options::text(std::string_view name) const {
    const auto found = given_.find(name);
    if (found != given_.end()) return found->second.back();
    throw UsageError(std::string(name) + " is missing; see --help");
}

std::string Options::text(std::string_view name, std::string_view otherwise) const {
    return has(name) ? text(name) : std::string(otherwise);
}

std::uint64_t Options::count(std::string_view name) const {
    return parse_number<std::uint64_t>(name, text(name));
}

std::uint64_t Options::count(std::string_view name, std::uint64_t otherwise) const {
    return has(name) ? count(name) : otherwise;
}

double Options::number(std::string_view name) const {
    return parse_number<double>(name, text(name));
}

double Options::number(std::string_view name, double otherwise) const {
    return has(name) ? number(name) : otherwise;
}

const std::vector<std::string>& Options::all(std::string_view name) const {
    static const std::vector<std::string> none;
    const auto found = given_.find(name);
    return found == given_.end() ? none : found->second;
}

bool asks_for_help(int argc, char** argv) {
    for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
        if (std::string_view(argv[i]) == "--help") return true;
    }
    return false;
}

}  // namespace bench
