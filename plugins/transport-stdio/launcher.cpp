// SPDX-License-Identifier: Apache-2.0
// The parent's side of fork and exec.
#include "launcher.hpp"

#include "shadowcat/sdk/deadline.hpp"
#include "shadowcat/sdk/log.hpp"

#include "child_side.hpp"
#include "stream.hpp"

#include <boost/asio/deferred.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace shadowcat::transport_stdio {

namespace {

constexpr std::chrono::seconds kExecPatience(10);  // a program on a file system that hangs

/// Every pipe of one start. The child's ends close here when this goes away.
class Pipes {
public:
    PipeEnds input, output, errors, failures;

    static sdk::Result<Pipes> make() {
        Pipes made;
        for (PipeEnds* each : {&made.input, &made.output, &made.errors, &made.failures}) {
            sdk::Result<PipeEnds> ends = make_pipe();
            if (ends.has_error()) return ends.error();
            *each = std::move(*ends);
        }
        return made;
    }
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// Nobody's handlers run in the child; the mask of this thread is as before afterwards.
pid_t fork_and_run(const ChildSide& child) {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    if (pid == 0) child.run();
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

pid_t start(LaunchPlan& plan, const Pipes& pipes, FamilyTag tag) {
    const std::vector<char*> arguments = pointers_to(plan.arguments);
    const std::vector<char*> environment = pointers_to(plan.environment);
    ChildSide child;
    child.program = plan.program.c_str();
    child.arguments = arguments.data();
    child.environment = environment.data();
    child.directory = plan.directory.empty() ? nullptr : plan.directory.c_str();
    child.input = pipes.input.read.get();
    child.output = pipes.output.write.get();
    child.errors = plan.own_stderr ? STDERR_FILENO : pipes.errors.write.get();
    child.failures = pipes.failures.write.get();
    child.parent = ::getpid();
    child.tag = tag;
    child.guard = &OrphanGuard::instance();
    return fork_and_run(child);
}

void warn_without_guard() {
    static std::atomic<bool> warned{false};
    if (OrphanGuard::instance().alive() || warned.exchange(true)) return;
    sdk::log::warn("orphan guard not running",
                   {{"effect", "what children start may outlive a killed proxy"}});
}

void warn_without_tags() {
    static std::atomic<bool> warned{false};
    if (FamilyTag::available() || warned.exchange(true)) return;
    sdk::log::warn("the hard limit of file locks (ulimit -H -x) is not 'unlimited'",
                   {{"effect", "what leaves a server's process group may outlive the server"}});
}

sdk::Error no_room(const LaunchPlan& plan, int error) {
    return sdk::upstream_error(sdk::ErrorCode::unavailable,
                               "cannot start '" + plan.arguments[0] + "': " + errno_text(error));
}

sdk::Error describe(const ExecFailure& failure, const LaunchPlan& plan) {
    const std::string reason = errno_text(failure.error);
    if (failure.step == ExecFailure::Step::descriptors) return no_room(plan, failure.error);
    std::string text = failure.step == ExecFailure::Step::directory
                           ? "cannot enter directory '" + plan.directory + "': " + reason
                           : "cannot execute '" + plan.program + "': " + reason;
    // The file was there a moment ago: what is missing is the program its first line names.
    if (failure.step == ExecFailure::Step::program && failure.error == ENOENT) {
        text += " (of the program itself, or of its interpreter)";
    }
    return sdk::upstream_error(sdk::ErrorCode::unreachable, std::move(text));
}

/// Waits until exec has succeeded, which closes the pipe, or the child says why not.
sdk::awaitable<sdk::Result<void>> confirm(sdk::Executor executor, UniqueFd failures,
                                          const LaunchPlan& plan) {
    Stream stream = make_stream(executor, std::move(failures));
    stream.non_blocking(true);
    sdk::Timer timer(executor);
    const sdk::TimePoint deadline = sdk::Clock::now() + kExecPatience;
    ExecFailure failure;
    sdk::error_code ended = asio::error::would_block;
    while (ended == asio::error::would_block) {  // a wait may complete for nothing
        const sdk::Duration left = deadline - sdk::Clock::now();
        auto readable = stream.async_wait(Stream::wait_read, asio::deferred);
        const sdk::error_code late = co_await sdk::within(timer, left, std::move(readable));
        if (late) {
            co_return sdk::upstream_error(sdk::ErrorCode::timed_out,
                                          "cannot execute '" + plan.program + "' within 10 s");
        }
        stream.read_some(asio::buffer(&failure, sizeof(failure)), ended);
    }
    if (ended) co_return sdk::Result<void>();
    co_return describe(failure, plan);
}

}  // namespace

sdk::awaitable<sdk::Result<Launched>> launch(sdk::Executor executor, LaunchPlan plan) {
    Adoptions::Entry family = Adoptions::instance().enter();
    warn_without_guard();
    warn_without_tags();
    sdk::Result<Pipes> pipes = Pipes::make();
    if (pipes.has_error()) co_return pipes.error();
    const pid_t pid = start(plan, *pipes, family.tag());
    if (pid < 0) co_return no_room(plan, errno);
    family.started(pid);
    ::setpgid(pid, pid);  // the child does so too; whoever comes first
    ExitNotice notice = ExitNotice::of(pid);
    const int notice_error = errno;
    Launched launched(ProcessHandle(pid, std::move(notice), std::move(family)));
    if (launched.process.exit_descriptor() < 0) co_return no_room(plan, notice_error);
    launched.input = std::move(pipes->input.write);
    launched.output = std::move(pipes->output.read);
    if (!plan.own_stderr) launched.errors = std::move(pipes->errors.read);
    UniqueFd failures = std::move(pipes->failures.read);
    *pipes = Pipes();
    const sdk::Result<void> confirmed = co_await confirm(executor, std::move(failures), plan);
    if (confirmed.has_error()) co_return confirmed.error();
    co_return std::move(launched);
}

}  // namespace shadowcat::transport_stdio
