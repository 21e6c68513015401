// SPDX-License-Identifier: Apache-2.0
// Reads a tape and hands its lines to an exporter.
#include "cli/export.hpp"

#include "cli/exporter.hpp"
#include "cli/output_file.hpp"
#include "cli/progress.hpp"
#include "format/safe_text.hpp"
#include "format/tape_meta.hpp"

namespace shadowcat::tape {

namespace {

constexpr const char* kLocalUrl = "http://127.0.0.1:8080/mcp";

std::string url_for(const ExportOptions& options, const std::filesystem::path& tape) {
    if (!options.url.empty()) return options.url;
    const auto meta = read_meta(tape);
    const bool named =
        meta && (meta->target.starts_with("http://") || meta->target.starts_with("https://"));
    return named ? safe_text(meta->target) : kLocalUrl;
}

std::unique_ptr<Exporter> make_exporter(ExportOptions::Format format, std::ostream& out,
                                        const std::string& url) {
    switch (format) {
        case ExportOptions::Format::har:
            return make_har_exporter(out, url);
        case ExportOptions::Format::curl:
            return make_curl_exporter(out, url);
        case ExportOptions::Format::postman:
            return make_postman_exporter(out, url);
        case ExportOptions::Format::json:
            break;
    }
    return make_json_exporter(out);
}

/// Passes text on so that a terminal can't be commanded by it: all formats are JSON, but for curl's
/// scripts, whose messages are safe already.
class SafeJsonBuffer : public std::streambuf {
public:
    explicit SafeJsonBuffer(std::ostream& out) : out_(out) {}
    ~SafeJsonBuffer() override { sync(); }

private:
    int_type overflow(int_type c) override {
        if (traits_type::eq_int_type(c, traits_type::eof())) return 0;
        text_ += traits_type::to_char_type(c);
        if (text_.back() == '\n') sync();
        return c;
    }
    std::streamsize xsputn(const char* data, std::streamsize size) override {
        text_.append(data, static_cast<std::size_t>(size));
        if (text_.ends_with('\n')) sync();
        return size;
    }
    int sync() override {
        out_ << safe_json(text_);
        text_.clear();
        return 0;
    }

    std::ostream& out_;
    std::string text_;
};

void run_exporter(Exporter& exporter, TapeReader& reader, Console& console) {
    Progress progress(console, "exporting");
    exporter.begin(reader.init());
    while (const auto line = reader.next()) {
        exporter.line(*line);
        progress.update(reader.bytes_read(), reader.bytes_total());
    }
    exporter.end();
}

void report_skipped(const TapeReader& reader, Console& console) {
    if (reader.problem_count() == 0) return;
    console.fail(std::to_string(reader.problem_count()) +
                 " problems of the tape were passed over; see 'shadowcat tape validate'");
}

void export_to(std::ostream& out, const ExportOptions& options, const std::string& url,
               TapeReader& reader, Console& console) {
    run_exporter(*make_exporter(options.format, out, url), reader, console);
    report_skipped(reader, console);
}

int export_to_output(const ExportOptions& options, const std::string& url, TapeReader& reader,
                     Console& console) {
    if (console.prints_to_terminal()) {
        SafeJsonBuffer buffer(console.out());
        std::ostream safe(&buffer);
        export_to(safe, options, url, reader, console);
    } else {
        export_to(console.out(), options, url, reader, console);
    }
    console.out().flush();
    return console.out() ? 0 : console.fail("the standard output can't be written to");
}

}  // namespace

int run_export(const ExportOptions& options, const TapeChoice& choice, Console& console) {
    const auto tape = choice.find(options.tape);
    if (!tape) return console.fail(tape.error());
    auto reader = TapeReader::open(*tape);
    if (!reader) return console.fail(reader.error());
    const std::string url = url_for(options, *tape);
    if (options.output.empty()) return export_to_output(options, url, *reader, console);
    auto file = OutputFile::create(options.output, options.force);
    if (!file) return console.fail(file.error());
    export_to((*file)->stream(), options, url, *reader, console);
    const auto finished = (*file)->finish();
    return finished ? 0 : console.fail(finished.error());
}

}  // namespace shadowcat::tape
