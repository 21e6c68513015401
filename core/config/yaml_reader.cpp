// SPDX-License-Identifier: Apache-2.0
// Walks yaml-cpp's nodes and notes each value's place.
#include "core/config/yaml_reader.hpp"

#include "core/config/yaml_scalar.hpp"

#include <yaml-cpp/yaml.h>

#include <optional>

namespace shadowcat::core {

namespace {

// yaml-cpp takes the end of the file for a closing quote. This comment, appended to every file,
// then stands in the scalar.
constexpr const char* kEndMark = "\n# shadowcat: end of the configuration file\n";
constexpr const char* kEndComment = "# shadowcat: end of the configuration file";

class YamlConverter {
public:
    YamlConverter(const std::string& file_name, const YamlLimits& limits, Diagnostics& diagnostics)
        : file_(file_name), limits_(limits), diagnostics_(diagnostics) {}

    LocatedJson convert(const YAML::Node& root) {
        out_.locate("", Origin::file(file_, 1, 1));
        if (!root.IsDefined() || root.IsNull()) return std::move(out_);
        if (!root.IsMap()) {
            fail(root.Mark(), "", "expected a mapping of sections such as reverse_proxy");
            return std::move(out_);
        }
        out_.value = value(root, "", 0);
        return std::move(out_);
    }

private:
    Origin place(const YAML::Mark& mark) const {
        return Origin::file(file_, mark.line + 1, mark.column + 1);
    }

    void fail(const YAML::Mark& mark, const std::string& path, std::string message) {
        diagnostics_.emplace_back(place(mark), path, std::move(message));
    }

    // Aliases may lead in circles or multiply: after the first exceeded limit everything is null.
    bool within_limits(const YAML::Node& node, const std::string& path, std::size_t depth) {
        if (exceeded_) return false;
        ++values_;
        const char* what = nullptr;
        if (values_ > limits_.max_values) what = "too many values (aliases written out)";
        if (depth > limits_.max_depth) what = "nested too deeply";
        if (what == nullptr) return true;
        exceeded_ = true;
        const std::size_t limit =
            depth > limits_.max_depth ? limits_.max_depth : limits_.max_values;
        fail(node.Mark(), path, std::string(what) + "; the limit is " + std::to_string(limit));
        return false;
    }

    Json value(const YAML::Node& node, const std::string& path, std::size_t depth) {
        if (!within_limits(node, path, depth)) return nullptr;
        switch (node.Type()) {
            case YAML::NodeType::Map:
                return mapping(node, path, depth);
            case YAML::NodeType::Sequence:
                return sequence(node, path, depth);
            case YAML::NodeType::Scalar:
                return scalar(node, path);
            default:
                return nullptr;
        }
    }

    Json mapping(const YAML::Node& node, const std::string& path, std::size_t depth) {
        Json object = Json::object();
        for (const auto& entry : node) {
            const std::optional<std::string> key = key_of(entry.first, path, object);
            if (!key) continue;
            const std::string below = sdk::child_path(path, *key);
            out_.locate(below, place(entry.first.Mark()));
            object[*key] = value(entry.second, below, depth + 1);
        }
        return object;
    }

    std::optional<std::string> key_of(const YAML::Node& node, const std::string& path,
                                      const Json& object) {
        if (!node.IsScalar()) {
            fail(node.Mark(), path, "a key must be text");
            return std::nullopt;
        }
        std::string key = node.Scalar();
        const std::string below = sdk::child_path(path, key);
        if (key == "<<") {
            fail(node.Mark(), below, "merge keys aren't supported: write the keys out");
        } else if (object.contains(key)) {
            fail(node.Mark(), below,
                 "duplicate key; it is first given in line " +
                     std::to_string(out_.origin(below).line));
        } else {
            return key;
        }
        return std::nullopt;
    }

    Json sequence(const YAML::Node& node, const std::string& path, std::size_t depth) {
        Json array = Json::array();
        for (const auto& item : node) {
            const std::string below = sdk::child_path(path, array.size());
            out_.locate(below, place(item.Mark()));
            array.push_back(value(item, below, depth + 1));
            if (exceeded_) break;
        }
        return array;
    }

    Json scalar(const YAML::Node& node, const std::string& path) {
        static const std::string kStandard = "tag:yaml.org,2002:";
        const std::string& tag = node.Tag();
        if (node.Scalar().find(kEndComment) != std::string::npos) {
            fail(node.Mark(), path, "the quote is never closed");
            return nullptr;
        }
        if (tag == "!" || tag == kStandard + "str") return node.Scalar();
        if (!tag.empty() && tag != "?" && !tag.starts_with(kStandard)) {
            fail(node.Mark(), path, "the tag '" + tag + "' isn't supported");
        }
        Json resolved = resolve_plain_scalar(node.Scalar());
        if (resolved.is_number() || resolved.is_boolean()) out_.keep_text(path, node.Scalar());
        return resolved;
    }

    const std::string& file_;
    const YamlLimits& limits_;
    Diagnostics& diagnostics_;
    LocatedJson out_;
    std::size_t values_ = 0;
    bool exceeded_ = false;
};

}  // namespace

LocatedJson read_yaml(const std::string& text, const std::string& file_name,
                      Diagnostics& diagnostics, const YamlLimits& limits) {
    YamlConverter converter(file_name, limits, diagnostics);
    if (text.size() > limits.max_bytes) {
        diagnostics.emplace_back(Origin::file(file_name), "",
                                 "is larger than a configuration may be; the limit is " +
                                     std::to_string(limits.max_bytes) + " bytes");
        return converter.convert(YAML::Node());
    }
    try {
        const std::vector<YAML::Node> documents = YAML::LoadAll(text + kEndMark);
        if (documents.size() > 1) {
            const YAML::Mark mark = documents[1].Mark();
            diagnostics.emplace_back(Origin::file(file_name, mark.line + 1, mark.column + 1), "",
                                     "a second YAML document begins here; only one is allowed");
        }
        return converter.convert(documents.empty() ? YAML::Node() : documents.front());
    } catch (const YAML::Exception& failure) {
        const bool known = !failure.mark.is_null();
        diagnostics.emplace_back(Origin::file(file_name, known ? failure.mark.line + 1 : 1,
                                              known ? failure.mark.column + 1 : 1),
                                 "", "not valid YAML: " + failure.msg);
    }
    return converter.convert(YAML::Node());
}

}  // namespace shadowcat::core
