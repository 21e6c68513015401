// SPDX-License-Identifier: Apache-2.0
// For tests: tapes in a directory that goes away, and the command `tape` run on them.
#pragma once

#include "shadowcat/sdk/command.hpp"

#include "cli/tape_command.hpp"
#include "format/line_writer.hpp"
#include "format/tape_meta.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace shadowcat::tape {

/// The text of a tape, line by line.
class TapeText {
public:
    explicit TapeText(const std::string& id = "3f2a6c1e-0000-4000-8000-000000000001") {
        init.version = "3.0";
        init.tape_id = id;
        init.session = "s-1";
        init.created_at = "2026-11-25T21:31:44.123Z";
        init.upstream = "demo";
    }

    TapeText& client(double ts, const std::string& message, std::uint64_t exchange = 0,
                     std::uint64_t stream = 0) {
        return frame(ts, sdk::Direction::client_to_server, message, "", exchange, stream);
    }

    /// `method`: of the request that it answers.
    TapeText& server(double ts, const std::string& message, const std::string& method = "",
                     std::uint64_t exchange = 0, std::uint64_t stream = 0) {
        return frame(ts, sdk::Direction::server_to_client, message, method, exchange, stream);
    }

    TapeText& raw(const std::string& line) {
        lines_ += line + "\n";
        return *this;
    }

    TapeText& end(double ts) {
        append_end(lines_, ts, "client closed", TapeStats());
        return *this;
    }

    std::string text() const {
        std::string out;
        append_init(out, init);
        return out + lines_;
    }

    TapeInit init;
    std::uint64_t seq = 0;

private:
    TapeText& frame(double ts, sdk::Direction direction, const std::string& message,
                    const std::string& method, std::uint64_t exchange, std::uint64_t stream) {
        TapeLine line;
        line.kind = TapeLine::Kind::frame;
        line.ts_ms = ts;
        line.seq = seq++;
        line.direction = direction;
        line.message = message;
        line.exchange = exchange;
        line.stream = stream;
        line.method = method;
        if (const auto parsed = sdk::Message::parse(message)) {
            line.message_kind = parsed->kind();
            line.id = parsed->id();
            if (!parsed->is_response()) line.method = parsed->method();
            line.name = parsed->name();
        }
        append_frame(lines_, line);
        return *this;
    }

    std::string lines_;
};

class RanCommand {
public:
    int code = -1;
    std::string out, errors;
};

/// A directory of tapes, and the command.
class TapeBench : public sdk::CommandContext {
public:
    TapeBench() {
        std::string name = std::filesystem::temp_directory_path() / "tape-cli-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
        directory = name;
    }
    TapeBench(const TapeBench&) = delete;
    TapeBench& operator=(const TapeBench&) = delete;
    ~TapeBench() override {
        std::error_code ignored;
        std::filesystem::remove_all(directory, ignored);
    }

    std::string path(const std::string& name) const { return directory / name; }

    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }

    std::string read(const std::string& name) const {
        std::ifstream file(path(name), std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }

    /// `tape ARGUMENTS --dir DIRECTORY`.
    RanCommand run(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--dir", directory.string()});
        return run_exactly(arguments);
    }

    RanCommand run_exactly(const std::vector<std::string>& arguments) {
        out_.str("");
        errors_.str("");
        RanCommand ran;
        ran.code = TapeCommand().run(arguments, *this);
        ran.out = out_.str();
        ran.errors = errors_.str();
        return ran;
    }

    std::filesystem::path directory;

    std::ostream& out() override { return out_; }
    std::ostream& errors() override { return errors_; }
    std::optional<std::string> environment(const std::string&) const override { return {}; }
    int serve(const sdk::ServeRequest&) override { return 1; }
    sdk::Result<std::unique_ptr<sdk::Connector>> connector(const sdk::Json&,
                                                           sdk::Worker&) override {
        return sdk::Error();
    }
    sdk::Result<sdk::Json> upstream_of(const std::string&) override { return sdk::Error(); }
    sdk::Json upstream_of(const std::vector<std::string>&) override { return {}; }

private:
    std::ostringstream out_, errors_;
};

/// A short session on stdio: initialize, a list, one good and one failed call.
inline TapeText short_session() {
    TapeText tape;
    tape.client(
        1,
        R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}})",
        1);
    tape.server(
        3,
        R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{}}})",
        "initialize", 1);
    tape.client(4, R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    tape.client(
        10,
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"it's $HOME"}}})",
        2);
    tape.server(
        22.5,
        R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"it's $HOME"}]}})",
        "tools/call", 2);
    tape.client(
        2000,
        R"({"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"add","arguments":{"a":12345678901234567890}}})",
        3);
    tape.server(2500, R"({"jsonrpc":"2.0","id":"a","error":{"code":-32602,"message":"too large"}})",
                "tools/call", 3);
    tape.end(2600);
    return tape;
}

}  // namespace shadowcat::tape
