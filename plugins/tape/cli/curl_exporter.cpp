// SPDX-License-Identifier: Apache-2.0
// The client's side of a tape as a shell script that runs curl.
#include "cli/exporter.hpp"
#include "cli/outgoing.hpp"
#include "format/safe_text.hpp"

namespace shadowcat::tape {

namespace {

constexpr const char* kPreamble = R"(
# Another server: sh SCRIPT URL
set -eu
url=${1:-$default_url}
session=
heads=$(mktemp)
trap 'rm -f "$heads"' EXIT

# Sends the message on standard input; arguments are further arguments of curl.
post() {
  curl -sS -X POST "$url" -D "$heads" -H 'Content-Type: application/json' \
    -H 'Accept: application/json, text/event-stream' "$@" --data-binary @-
  echo
}

# The same within the session that initialize opened.
post_in_session() {
  if [ -n "$session" ]; then post -H "Mcp-Session-Id: $session" "$@"; else post "$@"; fi
}

keep_session() {
  session=$(sed -n 's/^[Mm][Cc][Pp]-[Ss][Ee][Ss][Ss][Ii][Oo][Nn]-[Ii][Dd]: *//p' "$heads" | tr -d '\r')
}
)";

class CurlExporter : public Exporter {
public:
    CurlExporter(std::ostream& out, const std::string& url) : out_(out), url_(url) {}

    void begin(const TapeInit& init) override {
        out_ << "#!/bin/sh\n# Sends what the client sent on tape " << safe_text(init.tape_id, 60)
             << " (" << safe_text(init.created_at, 40) << ") to an MCP server over HTTP.\n";
        if (init.redacted)
            out_ << "# Secrets were replaced while it was recorded: values that are missing must "
                    "be put back.\n";
        out_ << "default_url=" << shell_quoted(url_) << '\n' << kPreamble;
    }

    void line(const TapeLine& line) override {
        if (!is_sent_again(line)) return;
        const OutgoingPost post(line);
        out_ << "\n# frame " << line.seq << ": " << post.label << '\n';
        if (line.redacted) out_ << "# (something in it was replaced when it was recorded)\n";
        out_ << "printf '%s' " << shell_quoted(safe_json(post.body)) << " | "
             << (post.in_session ? "post_in_session" : "post");
        // The first two are in the script's function.
        for (std::size_t i = 2; i < post.headers.size(); ++i)
            out_ << " -H " << shell_quoted(post.headers[i].first + ": " + post.headers[i].second);
        out_ << '\n';
        if (post.initialises) out_ << "keep_session\n";
    }

    void end() override {}

private:
    std::ostream& out_;
    std::string url_;
};

}  // namespace

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else if (c != '\0') {
            out += c;
        }
    }
    return out += '\'';
}

std::unique_ptr<Exporter> make_curl_exporter(std::ostream& out, const std::string& url) {
    return std::make_unique<CurlExporter>(out, url);
}

}  // namespace shadowcat::tape
