// SPDX-License-Identifier: Apache-2.0
// ControlVerbs: which commands a running proxy takes, and who performs them.
#pragma once

#include "shadowcat/sdk/control.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Thread-safe. Registrations may outlive it.
class ControlVerbs final : public sdk::ControlHost {
public:
    [[nodiscard]] std::shared_ptr<void> serve(std::string verb, Handler handler) override;

    /// Who performs `verb`: of several the one that was registered last.
    std::optional<Handler> find(const std::string& verb) const;

    /// All there are, sorted, for messages.
    std::vector<std::string> names() const;

private:
    /// What registrations share with the table.
    class Table {
    public:
        mutable std::mutex mutex;
        std::map<std::string, std::map<std::uint64_t, Handler>> verbs;  // by order of registration
        std::uint64_t last = 0;
    };

    std::shared_ptr<Table> table_ = std::make_shared<Table>();
};

}  // namespace shadowcat::core
