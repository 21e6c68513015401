// SPDX-License-Identifier: Apache-2.0
// One connection for each question.
#include "cli/proxy_line.hpp"

#include "shadowcat/sdk/control_client.hpp"

namespace shadowcat::intercept {

sdk::Result<std::vector<Json>> ask_all(ProxyLine& proxy, const Json& request) {
    std::vector<Json> lines;
    const auto asked = proxy.ask(request, [&](const Json& line) { lines.push_back(line); });
    if (asked.has_error()) return asked.error();
    return lines;
}

sdk::Result<void> SocketLine::ask(const Json& request,
                                  const std::function<void(const Json&)>& each) {
    auto client = sdk::ControlClient::send(socket_, request);
    if (client.has_error()) return client.error();
    for (;;) {
        const auto line = client->receive();
        if (line.has_error()) return line.error();
        if (!line->has_value()) return {};
        each(**line);
    }
}

}  // namespace shadowcat::intercept
