// SPDX-License-Identifier: Apache-2.0
// Copies the environment and expands variables in strings.
#include "core/config/environment.hpp"

#include <unistd.h>

#include <optional>
#include <string_view>

namespace shadowcat::core {

namespace {

bool is_variable_name(std::string_view name) {
    if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
    return name.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789") ==
           std::string_view::npos;
}

class Expander {
public:
    Expander(LocatedJson& config, const Environment& environment, Diagnostics& diagnostics)
        : config_(config), environment_(environment), diagnostics_(diagnostics) {}

    void walk(Json& value, const std::string& path) {
        if (value.is_object()) {
            for (auto& [key, item] : value.items())
                walk(item, sdk::child_path(path, key));
        } else if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i) {
                walk(value[i], sdk::child_path(path, i));
            }
        } else if (value.is_string() && config_.origin(path).kind == Origin::Kind::file) {
            value = expand(value.get_ref<const std::string&>(), path);
        }
    }

private:
    std::string expand(std::string_view text, const std::string& path) {
        std::string out;
        while (true) {
            const std::size_t start = text.find("${");
            out += text.substr(0, start);
            if (start == std::string_view::npos) return out;
            const bool escaped = start > 0 && text[start - 1] == '$';
            text.remove_prefix(start + 2);
            if (escaped) {
                out += '{';
                continue;
            }
            const std::size_t end = text.find('}');
            if (end == std::string_view::npos) {
                fail(path, "'${' without a closing '}'; write '$${' for a literal '${'");
                return out;
            }
            out += replacement(text.substr(0, end), path);
            text.remove_prefix(end + 1);
        }
    }

    std::string replacement(std::string_view expression, const std::string& path) {
        const std::size_t split = expression.find(":-");
        const std::string name(expression.substr(0, split));
        std::optional<std::string_view> otherwise;
        if (split != std::string_view::npos) otherwise = expression.substr(split + 2);
        if (!is_variable_name(name) || (otherwise && otherwise->find("${") != std::string::npos)) {
            fail(path,
                 "'${" + std::string(expression) + "}' is neither ${NAME} nor ${NAME:-default}");
            return {};
        }
        const auto found = environment_.find(name);
        if (found != environment_.end() && !(otherwise && found->second.empty())) {
            return found->second;
        }
        if (otherwise) return std::string(*otherwise);
        fail(path, "the environment variable " + name +
                       " is not set; set it, or give a default: ${" + name + ":-default}");
        return {};
    }

    void fail(const std::string& path, std::string message) {
        diagnostics_.push_back(config_.diagnose(path, std::move(message)));
    }

    LocatedJson& config_;
    const Environment& environment_;
    Diagnostics& diagnostics_;
};

}  // namespace

Environment current_environment() {
    Environment variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t split = text.find('=');
        if (split == std::string_view::npos) continue;
        variables.emplace(text.substr(0, split), text.substr(split + 1));
    }
    return variables;
}

void expand_variables(LocatedJson& config, const std::string& section,
                      const Environment& environment, Diagnostics& diagnostics) {
    const auto value = config.value.find(section);
    if (value == config.value.end()) return;
    Expander(config, environment, diagnostics).walk(*value, section);
}

}  // namespace shadowcat::core
