// SPDX-License-Identifier: Apache-2.0
// A tape as one JSON document: `{"init": …, "lines": […]}`.
#include "cli/exporter.hpp"
#include "cli/line_text.hpp"
#include "format/line_writer.hpp"

namespace shadowcat::tape {

namespace {

class JsonExporter : public Exporter {
public:
    explicit JsonExporter(std::ostream& out) : out_(out) {}

    void begin(const TapeInit& init) override {
        std::string text;
        append_init(text, init);
        text.pop_back();
        out_ << "{\"init\":" << text << ",\n\"lines\":[";
    }

    void line(const TapeLine& line) override {
        std::string text;
        append_tape_line(text, line);
        text.pop_back();
        out_ << (first_ ? "\n" : ",\n") << text;
        first_ = false;
    }

    void end() override { out_ << "\n]}\n"; }

private:
    std::ostream& out_;
    bool first_ = true;
};

}  // namespace

std::unique_ptr<Exporter> make_json_exporter(std::ostream& out) {
    return std::make_unique<JsonExporter>(out);
}

}  // namespace shadowcat::tape
