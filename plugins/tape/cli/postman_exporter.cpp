// SPDX-License-Identifier: Apache-2.0
// The client's side of a tape as a Postman collection, v2.1.
#include "cli/exporter.hpp"
#include "cli/outgoing.hpp"
#include "format/json_text.hpp"

namespace shadowcat::tape {

namespace {

constexpr std::string_view kSchema =
    "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

// Keeps the session's id for the requests that follow.
constexpr std::string_view kKeepSession =
    R"([{"listen":"test","script":{"type":"text/javascript","exec":)"
    R"(["pm.collectionVariables.set('sessionId', pm.response.headers.get('Mcp-Session-Id') || '');"]}}])";

/// Postman replaces `{{name}}` in bodies by its variables. A recorded message must not reach for
/// them: the second brace becomes an escape, which in JSON means the same. (Two opening braces in a
/// row stand only in strings.)
std::string without_variables(const std::string& json) {
    std::string out;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const bool second = json[i] == '{' && i > 0 && json[i - 1] == '{';
        if (second) {
            out += "\\u007b";
        } else {
            out += json[i];
        }
    }
    return out;
}

std::string header_text(const std::string& name, const std::string& value) {
    std::string text;
    ObjectText(text).text("key", name).text("value", value).end();
    return text;
}

std::string postman_headers(const OutgoingPost& post) {
    std::string text = "[";
    for (const auto& [name, value] : post.headers)
        text += (text.size() > 1 ? "," : "") + header_text(name, value);
    if (post.in_session) text += "," + header_text("Mcp-Session-Id", "{{sessionId}}");
    return text + "]";
}

std::string body_text(const OutgoingPost& post) {
    std::string text;
    ObjectText body(text);
    body.text("mode", "raw").text("raw", without_variables(post.body));
    body.json("options", R"({"raw":{"language":"json"}})").end();
    return text;
}

std::string request_text(const OutgoingPost& post) {
    std::string text;
    ObjectText request(text);
    request.text("method", "POST").json("header", postman_headers(post));
    request.json("body", body_text(post)).text("url", "{{baseUrl}}").end();
    return text;
}

std::string variables_text(const std::string& url) {
    std::string text = "[";
    ObjectText(text).text("key", "baseUrl").text("value", url).end();
    text += ',';
    ObjectText(text).text("key", "sessionId").text("value", "").end();
    return text + "]";
}

class PostmanExporter : public Exporter {
public:
    PostmanExporter(std::ostream& out, const std::string& url) : out_(out), url_(url) {}

    void begin(const TapeInit& init) override {
        std::string info;
        ObjectText(info)
            .text("name", "MCP tape " + init.tape_id)
            .text("description", "Recorded by Shadowcat at " + init.created_at +
                                     (init.redacted ? "; secrets were replaced" : ""))
            .text("schema", kSchema)
            .end();
        out_ << "{\"info\":" << info << ",\n\"variable\":" << variables_text(url_)
             << ",\n\"item\":[";
    }

    void line(const TapeLine& line) override {
        if (!is_sent_again(line)) return;
        const OutgoingPost post(line);
        std::string text;
        ObjectText item(text);
        item.text("name", std::to_string(line.seq) + " " + post.label);
        if (post.initialises) item.json("event", kKeepSession);
        item.json("request", request_text(post)).json("response", "[]").end();
        out_ << (first_ ? "\n" : ",\n") << text;
        first_ = false;
    }

    void end() override { out_ << "\n]}\n"; }

private:
    std::ostream& out_;
    std::string url_;
    bool first_ = true;
};

}  // namespace

std::unique_ptr<Exporter> make_postman_exporter(std::ostream& out, const std::string& url) {
    return std::make_unique<PostmanExporter>(out, url);
}

}  // namespace shadowcat::tape
