// SPDX-License-Identifier: Apache-2.0
// ControlClient: a command's side of a running proxy's control socket.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/result.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::sdk::inline v1 {

/// The directory of the control sockets that proxies make by themselves:
/// `$XDG_RUNTIME_DIR/shadowcat`, else `/tmp/shadowcat-UID`. Each is called `PID.sock`.
SHADOWCAT_API std::filesystem::path control_directory();

/// The sockets there whose proxies are alive, oldest first. Ignores a directory that isn't ours
/// (another owner, or open to others).
SHADOWCAT_API std::vector<std::filesystem::path> control_sockets();

/// The socket a command means: `wanted` (a path, or a proxy's pid), or, when that is empty, the
/// only proxy there is. Fails with `config` and one sentence that names the choices.
SHADOWCAT_API Result<std::filesystem::path> choose_control_socket(const std::string& wanted);

/// Gives one command and reads the lines that answer it. Blocking; for command-line tools, not for
/// workers. A wait interrupted by a signal ends with `cancelled`; who doesn't want to miss a SIGINT
/// or SIGTERM between two waits blocks them: `receive` lets them in while it waits.
class SHADOWCAT_API ControlClient {
public:
    /// Connects and sends `request` (an object with `verb`). Fails with `unreachable`.
    static Result<ControlClient> send(const std::filesystem::path& socket, const Json& request);

    ControlClient(ControlClient&&) noexcept;
    ControlClient& operator=(ControlClient&&) noexcept;
    ~ControlClient();

    /// The next line; empty when the proxy has said all. Fails with `closed` when the connection
    /// broke, `protocol` for what is no JSON, and with the proxy's own sentence (`blocked`) when it
    /// answers `{"error": …}`.
    Result<std::optional<Json>> receive();

private:
    explicit ControlClient(int descriptor);

    int descriptor_ = -1;
    std::string buffer_;
};

}  // namespace shadowcat::sdk::inline v1
