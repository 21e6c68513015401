// SPDX-License-Identifier: Apache-2.0
// Reads the arguments and follows a proxy.
#include "watch_command.hpp"

#include "follower.hpp"
#include "invocation.hpp"
#include "safe_text.hpp"

#include <ostream>

namespace shadowcat::watch {

namespace {

constexpr int kWatchWrongUsage = 2;

}  // namespace

std::vector<sdk::CommandWord> WatchCommand::words() const { return invocation_words(); }

int WatchCommand::run(const std::vector<std::string>& arguments, sdk::CommandContext& context) {
    const sdk::Result<Invocation> invocation = parse_invocation(arguments);
    if (invocation.has_error()) {
        context.errors() << "shadowcat: watch: " << safe(invocation.error().message())
                         << " (see 'shadowcat watch --help')\n";
        return kWatchWrongUsage;
    }
    if (invocation->help) {
        context.out() << *invocation->help;
        return 0;
    }
    return Follower(*invocation, context).run();
}

}  // namespace shadowcat::watch
