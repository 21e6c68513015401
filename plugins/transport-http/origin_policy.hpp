// SPDX-License-Identifier: Apache-2.0
// Who may talk to a listener, judged by the Origin and Host headers (DNS rebinding, CSRF).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::http {

/// Immutable, so any worker may ask.
///
/// - Bound to a loopback address: the names of this machine (localhost, 127.0.0.1, [::1]) are
/// always
///   allowed, with any port; the lists add to them.
/// - Bound elsewhere: origins only from the list; hosts from the list, or any if that is empty
///   (browsers always send Origin with a POST, so a rebound name still can't call anything).
class OriginPolicy {
public:
    OriginPolicy(bool loopback, const std::vector<std::string>& origins,
                 const std::vector<std::string>& hosts);

    /// `origin` is the header's value; don't ask when there is none.
    bool allows_origin(std::string_view origin) const;

    /// `host` is the header's value: `name`, `name:port`, `[::1]:port`.
    bool allows_host(std::string_view host) const;

private:
    bool loopback_;
    bool any_host_;
    std::vector<std::string> origins_;
    std::vector<std::string> hosts_;
};

}  // namespace shadowcat::http
