// SPDX-License-Identifier: Apache-2.0
// Walks yaml-cpp's nodes and notes each value's place.
#include "rules/yaml_node.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace shadowcat::intercept {

namespace {

// yaml-cpp takes the end of the file for a closing quote. This comment, appended to every file,
// then stands in the scalar.
constexpr const char* kEndMark = "\n# shadowcat: end of the rules file\n";
constexpr const char* kEndComment = "# shadowcat: end of the rules file";

Place place_of(const YAML::Mark& mark) {
    return mark.is_null() ? Place() : Place(mark.line + 1, mark.column + 1);
}

class YamlWalk {
public:
    explicit YamlWalk(Problems& problems) : problems_(problems) {}

    YamlNode value(const YAML::Node& node, const std::string& key, std::size_t depth) {
        YamlNode made;
        made.place = place_of(node.Mark());
        if (!within_limits(made.place, key, depth)) return made;
        if (node.IsScalar()) take_scalar(node, key, made);
        if (node.IsSequence()) take_sequence(node, key, depth, made);
        if (node.IsMap()) take_mapping(node, key, depth, made);
        return made;
    }

private:
    void fail(Place place, const std::string& key, std::string what) {
        problems_.emplace_back(place, key, std::move(what));
    }

    // Aliases may lead in circles or multiply: after the first exceeded limit everything is null.
    bool within_limits(Place place, const std::string& key, std::size_t depth) {
        if (exceeded_) return false;
        if (++values_ > kMaxYamlValues) {
            fail(place, key, "too many values; the limit is " + std::to_string(kMaxYamlValues));
        } else if (depth > kMaxYamlDepth) {
            fail(place, key, "nested too deeply; the limit is " + std::to_string(kMaxYamlDepth));
        } else {
            return true;
        }
        exceeded_ = true;
        return false;
    }

    void take_scalar(const YAML::Node& node, const std::string& key, YamlNode& made) {
        made.kind = YamlNode::Kind::scalar;
        made.text = node.Scalar();
        made.quoted = node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str";
        if (made.text.find(kEndComment) != std::string::npos)
            fail(made.place, key, "the quote is never closed");
    }

    void take_sequence(const YAML::Node& node, const std::string& key, std::size_t depth,
                       YamlNode& made) {
        made.kind = YamlNode::Kind::sequence;
        for (const auto& item : node) {
            const std::string below = key + "[" + std::to_string(made.items.size()) + "]";
            made.items.push_back(value(item, below, depth + 1));
            if (exceeded_) return;
        }
    }

    void take_mapping(const YAML::Node& node, const std::string& key, std::size_t depth,
                      YamlNode& made) {
        made.kind = YamlNode::Kind::mapping;
        for (const auto& entry : node) {
            const Place place = place_of(entry.first.Mark());
            if (!entry.first.IsScalar()) {
                fail(place, key, "a key must be text");
                continue;
            }
            const std::string& name = entry.first.Scalar();
            const std::string below = key.empty() ? name : key + "." + name;
            if (has(made, name)) {
                fail(place, below, "duplicate key");
                continue;
            }
            YamlMember member;
            member.key = name;
            member.place = place;
            member.value = value(entry.second, below, depth + 1);
            if (member.value.kind == YamlNode::Kind::null) member.value.place = place;
            made.members.push_back(std::move(member));
            if (exceeded_) return;
        }
    }

    static bool has(const YamlNode& mapping, const std::string& key) {
        return std::ranges::any_of(mapping.members,
                                   [&](const YamlMember& each) { return each.key == key; });
    }

    Problems& problems_;
    std::size_t values_ = 0;
    bool exceeded_ = false;
};

YamlNode load(const std::string& text, Problems& problems) {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text + kEndMark);
    if (documents.size() > 1) {
        problems.emplace_back(place_of(documents[1].Mark()), "",
                              "a second YAML document begins here; only one is allowed");
    }
    if (documents.empty()) return YamlNode();
    return YamlWalk(problems).value(documents.front(), "", 0);
}

}  // namespace

std::optional<YamlNode> read_yaml(const std::string& text, Problems& problems) {
    const std::size_t before = problems.size();
    if (text.size() > kMaxRulesBytes) {
        problems.emplace_back(
            Place(), "", "is larger than " + std::to_string(kMaxRulesBytes) + " bytes, the limit");
        return std::nullopt;
    }
    try {
        YamlNode root = load(text, problems);
        if (problems.size() == before) return root;
    } catch (const YAML::Exception& failure) {
        problems.emplace_back(place_of(failure.mark), "", "not valid YAML: " + failure.msg);
    }
    return std::nullopt;
}

}  // namespace shadowcat::intercept
