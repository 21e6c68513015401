// SPDX-License-Identifier: Apache-2.0
// Tells systemd how the service is (sd_notify), where it asked to be told.
#pragma once

#include <string>
#include <string_view>

namespace shadowcat::core {

/// Sends to the socket that `$NOTIFY_SOCKET` names; without it, does nothing. Never fails, never
/// waits. See sd_notify(3); core/adr/0008 says why this isn't libsystemd.
class ServiceManager {
public:
    /// Takes the socket from the environment and removes the variable, so that no server behind the
    /// proxy speaks in its name.
    static ServiceManager from_environment();

    explicit ServiceManager(std::string socket = {}) : socket_(std::move(socket)) {}

    void ready(std::string_view status) const;  ///< READY=1
    void reloading() const;                     ///< RELOADING=1
    void stopping() const;                      ///< STOPPING=1
    void status(std::string_view text) const;   ///< STATUS=…, one line

private:
    void send(const std::string& state) const;

    std::string socket_;
};

}  // namespace shadowcat::core
