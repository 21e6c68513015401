// SPDX-License-Identifier: Apache-2.0
// For tests: the messages that most transcripts are made of.
#pragma once

#include "core/session/scripted_upstream.hpp"

#include <string>
#include <string_view>

namespace shadowcat::core {

inline std::string initialize_in(std::string_view revision) {
    return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
           std::string(revision) + R"(","capabilities":{"sampling":{}}}})";
}

inline const std::string kInitialize = initialize_in("2025-06-18");
inline const std::string kInitialized = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
inline const std::string kToolsChanged =
    R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";

inline std::string result(std::string_view id, std::string_view value = "{}") {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":)" + std::string(value) +
           "}";
}
inline std::string result(int id, std::string_view value = "{}") {
    return result(std::to_string(id), value);
}
inline std::string initialize_result(int id, std::string_view revision = "2025-06-18") {
    return result(id,
                  R"({"protocolVersion":")" + std::string(revision) + R"(","capabilities":{}})");
}
inline std::string request(std::string_view id, std::string_view method,
                           std::string_view params = {}) {
    std::string text = R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":")" +
                       std::string(method) + '"';
    if (!params.empty()) text += R"(,"params":)" + std::string(params);
    return text + "}";
}
inline std::string call_tool(std::string_view id, std::string_view tool) {
    return request(id, "tools/call", R"({"name":")" + std::string(tool) + R"("})");
}

/// The nth call on a link of the stage (which mints its ids) is known to its server by this.
constexpr int id_of_call(int nth) { return 1024 * nth; }

/// A stage on which one session is open and initialised; the server's first call was that.
class InitializedStage : public Stage {
public:
    explicit InitializedStage(const SessionSettings& how = SessionSettings(),
                              std::string_view revision = "2025-06-18")
        : InitializedStage(how, settings_of(Isolation::per_session, 0), revision) {}
    InitializedStage(const SessionSettings& how, const UpstreamSettings& upstream,
                     std::string_view revision = "2025-06-18")
        : Stage(how, upstream), session(open()) {
        ScriptedClient& hello = client();
        request(session, hello, initialize_in(revision));
        say(0, initialize_result(id_of_call(1), revision));
        CHECK(hello.done);
        notify(session, kInitialized);
    }

    /// Performs `text` as the server's `nth` call, with an empty result.
    void perform(int nth, std::string_view text, std::size_t server = 0) {
        ScriptedClient& answered = client();
        request(session, answered, text);
        say(server, result(id_of_call(nth)));
        CHECK(answered.done);
    }
    sdk::Result<std::shared_ptr<sdk::ClientSession>> find() {
        return table.find(session->id(), {});
    }

    std::shared_ptr<sdk::ClientSession> session;
};

}  // namespace shadowcat::core
