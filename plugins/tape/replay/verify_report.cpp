// SPDX-License-Identifier: Apache-2.0
// Lines and XML.
#include "replay/verify_report.hpp"

#include "format/safe_text.hpp"

#include <cstdio>

namespace shadowcat::tape {

namespace {

using How = Judgement::Kind;

constexpr std::size_t kNameWidth = 11;
constexpr std::size_t kMostTitle = 120;

std::string seconds_text(double ms) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f", ms / 1000);
    return text.data();
}

std::string xml_attribute(std::string_view key, std::string_view value) {
    return " " + std::string(key) + "=\"" + xml_text(value) + "\"";
}

std::string joined_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

}  // namespace

std::string xml_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '"') {
            out += "&quot;";
        } else if (byte < 0x20 && c != '\n' && c != '\t') {
            out += "\xEF\xBF\xBD";
        } else {
            out += c;
        }
    }
    return out;
}

std::string VerifyReport::title(std::uint32_t exchange) const {
    const RecordedExchange& recorded = recording_.index[exchange];
    const std::string& subject = recording_.index.name(recorded);
    const std::string text =
        recording_.index.method(recorded) + (subject.empty() ? "" : " " + subject);
    return safe_text(text, kMostTitle);
}

void VerifyReport::add(std::uint32_t exchange, Judgement judgement, std::ostream& out) {
    std::string word(name(judgement.kind));
    word.resize(std::max(kNameWidth, word.size() + 1), ' ');
    out << word << title(exchange);
    const bool reason = judgement.kind == How::skipped || judgement.kind == How::no_answer;
    if (reason && !judgement.lines.empty()) out << ": " << judgement.lines.front();
    out << '\n';
    if (!reason)
        for (const std::string& line : judgement.lines)
            out << std::string(kNameWidth, ' ') << "  " << line << '\n';
    out.flush();
    ++counts_[static_cast<std::size_t>(judgement.kind)];
    ms_ += judgement.ms;
    cases_.emplace_back(exchange, std::move(judgement));
}

bool VerifyReport::passed() const noexcept {
    return compared() && count(How::differs) == 0 && count(How::no_answer) == 0;
}

std::string VerifyReport::summary() const {
    std::string text = std::to_string(cases_.size()) + " exchanges:";
    std::size_t told = 0;
    for (const How kind : {How::ok, How::differs, How::no_answer, How::skipped}) {
        if (count(kind) == 0) continue;
        text += (told++ == 0 ? " " : ", ") + std::to_string(count(kind)) + " " +
                std::string(name(kind));
    }
    return text;
}

std::string VerifyReport::test_case(const Case& each) const {
    const std::string number =
        "frame " + std::to_string(recording_.index[each.exchange].seq) + ": ";
    std::string text = "    <testcase" + xml_attribute("classname", recording_.init.tape_id) +
                       xml_attribute("name", number + title(each.exchange)) +
                       xml_attribute("time", seconds_text(each.judgement.ms));
    const std::vector<std::string>& lines = each.judgement.lines;
    const std::string first = lines.empty() ? "" : lines.front();
    switch (each.judgement.kind) {
        case How::ok:
            return text + "/>\n";
        case How::skipped:
            return text + "><skipped" + xml_attribute("message", first) + "/></testcase>\n";
        case How::no_answer:
            return text + "><error" + xml_attribute("message", first) + "/></testcase>\n";
        case How::differs:
            break;
    }
    return text + "><failure" + xml_attribute("message", first) + ">" +
           xml_text(joined_lines(lines)) + "</failure></testcase>\n";
}

std::string VerifyReport::junit() const {
    const std::string counts = xml_attribute("tests", std::to_string(cases_.size())) +
                               xml_attribute("failures", std::to_string(count(How::differs))) +
                               xml_attribute("errors", std::to_string(count(How::no_answer))) +
                               xml_attribute("skipped", std::to_string(count(How::skipped))) +
                               xml_attribute("time", seconds_text(ms_));
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts +
                       ">\n  <testsuite name=\"shadowcat replay --verify\"" + counts + ">\n";
    for (const Case& each : cases_)
        text += test_case(each);
    return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace shadowcat::tape
