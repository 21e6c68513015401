// SPDX-License-Identifier: Apache-2.0
// Tags: who has one, who keeps it, and that nothing is signalled without it.
#include "adoptions.hpp"
#include "pinned_process.hpp"
#include "test_support.hpp"

#include <sys/wait.h>

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

/// A process with `tag` that executes `command` by a shell, in an environment without anything.
pid_t start_tagged(FamilyTag tag, const char* command) {
    char* const nothing = nullptr;
    std::string shell = "sh", option = "-c", text = command;
    char* const arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    const pid_t pid = ::fork();
    if (pid == 0) {
        tag.wear();
        ::execve("/bin/sh", arguments, &nothing);
        ::_exit(1);
    }
    return pid;
}

/// Ends a process that this test has started.
void end(pid_t pid) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

}  // namespace

TEST_CASE("tags differ, and this process has none of them") {
    const FamilyTag first = FamilyTag::fresh(), second = FamilyTag::fresh();
    CHECK(first.ours());
    CHECK_FALSE(first == second);
    CHECK_FALSE(FamilyTag().ours());
    CHECK_FALSE(FamilyTag::of(::getpid()).ours());
    CHECK_FALSE(FamilyTag::of(1).ours());
}

TEST_CASE("a tag survives exec, a bare environment, and death") {
    REQUIRE(FamilyTag::available());
    const FamilyTag tag = FamilyTag::fresh();
    const pid_t pid = start_tagged(tag, "exec sleep 600");
    CHECK(eventually([&] { return FamilyTag::of(pid) == tag; }));
    const PinnedProcess process(pid);
    CHECK(process.tag() == tag);
    CHECK_FALSE(process.ended());
    process.signal(SIGKILL);
    CHECK(eventually([&] { return process.ended(); }));
    CHECK(FamilyTag::of(pid) == tag);
    CHECK(process.reap());
    CHECK_FALSE(process.reap());
    CHECK(FamilyTag::of(pid) == FamilyTag());
}

TEST_CASE("a helper that takes its tag off has none, and can be given one again") {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const FamilyTag tag = FamilyTag::fresh();
    const pid_t pid = ::fork();
    if (pid == 0) {
        tag.wear();
        FamilyTag::take_off();
        static_cast<void>(::write(ready[1], "x", 1));
        ::pause();
        ::_exit(0);
    }
    char byte = 0;
    CHECK(::read(ready[0], &byte, 1) == 1);
    CHECK_FALSE(FamilyTag::of(pid).ours());
    end(pid);
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("a pin on what is gone hits nobody") {
    const pid_t pid = start_tagged(FamilyTag::fresh(), "exit 0");
    ::waitpid(pid, nullptr, 0);
    const PinnedProcess process(pid);
    CHECK(process.ended());
    CHECK_FALSE(process.tag().ours());
    process.signal(SIGKILL);
    CHECK_FALSE(process.reap());
}

TEST_CASE("the sweep kills what outlived its server, and leaves other children alone") {
    FamilyTag gone;
    {
        const Adoptions::Entry entry = Adoptions::instance().enter();
        gone = entry.tag();
    }
    const Adoptions::Entry living = Adoptions::instance().enter();
    const pid_t late = start_tagged(gone, "exec sleep 600");
    const pid_t helper = start_tagged(living.tag(), "exec sleep 600");
    const pid_t foreign = start_tagged(FamilyTag(), "exec sleep 600");
    living.started(::getpid());
    CHECK(eventually([&] {
        Adoptions::instance().sweep(sdk::Clock::now());
        return !process_exists(late);
    }));
    CHECK(process_runs(helper));
    CHECK(process_runs(foreign));
    end(helper);
    end(foreign);
}

TEST_CASE("a dead child that is nobody's server is reaped, but not at once") {
    const pid_t stranger = start_tagged(FamilyTag(), "exit 0");
    CHECK(eventually([&] { return !process_runs(stranger); }));
    // Without children of ours each call looks at once.
    CHECK(Adoptions::instance().sweep(sdk::Clock::now()));
    CHECK(process_exists(stranger));
    for (int i = 0; i < 10; ++i)
        Adoptions::instance().sweep(sdk::Clock::now());
    CHECK_FALSE(process_exists(stranger));
}

TEST_CASE("resident memory is that of all that a child has started") {
    Upstream upstream(fake({"family", marked("unit-resident")}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto alone = co_await up.open();
        const auto pipe = co_await up.open();
        co_await ask(*alone, call(1, "ping"));
        co_await ask(*pipe, call(1, "ping"));
        constexpr std::size_t kSmall = 100 * 1024, kLarge = 256 * 1024 * 1024;
        const std::size_t bytes = pipe->resident_bytes();
        CHECK(bytes > 4 * kSmall);
        CHECK(bytes < kLarge);
        co_await pipe->close();
        CHECK(pipe->resident_bytes() == 0);
        co_await alone->close();
    });
}
