// SPDX-License-Identifier: Apache-2.0
// Serves a tape, or verifies a server.
#include "replay/replay_command.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "cli/console.hpp"
#include "cli/progress.hpp"
#include "format/tape_files.hpp"
#include "replay/recording_file.hpp"
#include "replay/replay_arguments.hpp"
#include "replay/verify_run.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace shadowcat::tape {

namespace {

namespace fs = std::filesystem;

class ReplayRun {
public:
    ReplayRun(const ReplayArguments& arguments, sdk::CommandContext& context)
        : arguments_(arguments), context_(context), console_(context) {}

    int run() {
        const fs::path directory = arguments_.directory.empty() ? default_tape_directory()
                                                                : fs::path(arguments_.directory);
        const sdk::Result<fs::path> file = find_tape(arguments_.tape, directory);
        if (file.has_error()) return console_.fail(file.error());
        std::error_code unknown;
        file_ = fs::absolute(*file, unknown);
        const sdk::Result<std::shared_ptr<const Recording>> read = load();
        if (read.has_error()) return console_.fail(read.error());
        recording_ = *read;
        return arguments_.verify ? verify() : serve();
    }

private:
    sdk::Result<std::shared_ptr<const Recording>> load() {
        Progress bar(console_, "reading");
        return shared_recording(
            file_, [&bar](std::uint64_t read, std::uint64_t total) { bar.update(read, total); });
    }

    int serve() {
        if (!arguments_.allow_redacted) {
            const sdk::Result<void> whole = refuse_redacted(*recording_, file_.string());
            if (whole.has_error()) return console_.fail(whole.error());
        }
        sdk::Result<sdk::Json> upstream = replay_upstream();
        if (upstream.has_error()) return console_.refuse(upstream.error().message());
        sdk::ServeRequest request;
        request.upstream = *std::move(upstream);
        request.listen = arguments_.listen;
        request.log_level = arguments_.log_level;
        return context_.serve(request);
    }

    sdk::Result<sdk::Json> replay_upstream() {
        const bool sessions = recording_->init.era == sdk::Era::session;
        sdk::Json upstream = {{"name", "tape"},
                              {"transport", "replay"},
                              {"era", sessions ? "legacy" : "modern"},
                              {"tape", file_.string()},
                              {"timing", arguments_.timing},
                              {"match", arguments_.match},
                              {"on_no_match", arguments_.on_no_match},
                              {"allow_redacted", arguments_.allow_redacted}};
        if (arguments_.speed) upstream["speed"] = *arguments_.speed;
        if (arguments_.upstream.empty()) return upstream;
        sdk::Result<sdk::Json> live = context_.upstream_of(arguments_.upstream);
        if (live.has_error()) return live.error();
        live->erase("name");
        upstream["upstream"] = *std::move(live);
        return upstream;
    }

    sdk::Result<sdk::Json> live_upstream() {
        if (arguments_.command) return context_.upstream_of(*arguments_.command);
        return context_.upstream_of(arguments_.upstream);
    }

    int verify() {
        const sdk::Result<Ignored> ignored = Ignored::parse(arguments_.ignored);
        if (ignored.has_error()) return console_.refuse(ignored.error().message());
        const sdk::Result<sdk::Json> upstream = live_upstream();
        if (upstream.has_error()) return console_.refuse(upstream.error().message());
        VerifyOptions options;
        options.call_tools = arguments_.call_tools;
        options.ignored = *ignored;
        options.timeout = std::chrono::seconds(arguments_.timeout_secs);
        VerifyReport report(*recording_);
        const sdk::Result<void> ran = verify_against(*upstream, options, report);
        if (ran.has_error()) {
            const bool usage = ran.error().code() == sdk::ErrorCode::config;
            return usage ? console_.refuse(ran.error().message()) : console_.fail(ran.error());
        }
        console_.out() << report.summary() << '\n';
        if (!write_junit(report)) return 1;
        if (!report.compared())
            return console_.fail("nothing of the tape was compared: everything was skipped");
        return report.passed() ? 0 : 1;
    }

    sdk::Result<void> verify_against(const sdk::Json& upstream, const VerifyOptions& options,
                                     VerifyReport& report) {
        std::signal(SIGPIPE, SIG_IGN);  // a server that ends is an answer, not our end
        sdk::log::configure(sdk::log::Level::warn, sdk::log::Format::text);
        sdk::Worker worker;
        sdk::Result<std::unique_ptr<sdk::Connector>> made = context_.connector(upstream, worker);
        if (made.has_error()) return made.error();
        const std::unique_ptr<sdk::Connector> connector = *std::move(made);
        Verification verification(worker, *recording_, options, report, console_.out());
        sdk::Result<void> outcome = sdk::Error(sdk::ErrorCode::internal, "the verification failed");
        sdk::spawn_logged(worker, perform(verification, *connector, outcome), "replay.verify");
        worker.run();
        return outcome;
    }

    static sdk::awaitable<> perform(Verification& verification, sdk::Connector& connector,
                                    sdk::Result<void>& outcome) {
        outcome = co_await verification.run(connector);
        co_await connector.stop();
    }

    bool write_junit(const VerifyReport& report) {
        if (arguments_.junit.empty()) return true;
        std::ofstream file(arguments_.junit, std::ios::binary | std::ios::trunc);
        file << report.junit();
        file.close();
        if (file) return true;
        console_.fail("the report can't be written to \"" + arguments_.junit + "\"");
        return false;
    }

    const ReplayArguments& arguments_;
    sdk::CommandContext& context_;
    Console console_;
    fs::path file_;
    std::shared_ptr<const Recording> recording_;  // shared with the connector that serves it
};

}  // namespace

std::vector<sdk::CommandWord> ReplayCommand::words() const { return replay_words(); }

int ReplayCommand::run(const std::vector<std::string>& arguments, sdk::CommandContext& context) {
    const sdk::Result<ReplayArguments> parsed = ReplayArguments::parse(arguments);
    if (parsed.has_error()) return Console(context).refuse(parsed.error().message());
    if (!parsed->help.empty()) {
        context.out() << parsed->help;
        return 0;
    }
    return ReplayRun(*parsed, context).run();
}

}  // namespace shadowcat::tape
