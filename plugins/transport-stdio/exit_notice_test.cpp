// SPDX-License-Identifier: Apache-2.0
// Notice of a child's end where pidfd_open is refused, as by valgrind, old kernels and sandboxes.
#include "exit_notice.hpp"

#include "test_support.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cstddef>

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;

namespace {

constexpr int kPatienceMs = 20'000;

/// From now on `pidfd_open` fails with `error` on this thread, and in what it starts.
bool refuse_pidfds(int error) {
    const auto answer = SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error);
    std::array<sock_filter, 4> program = {{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, answer),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{program.size(), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/// Runs `body` on a thread whose `pidfd_open` fails with `error`.
template <class Body>
void without_pidfds(int error, Body body) {
    bool refused = false;
    std::thread([&] {
        refused = refuse_pidfds(error);
        if (refused) body();
    }).join();
    if (!refused) MESSAGE("no seccomp filters here: nothing was tested");
}

pid_t start(const char* script) {
    std::string shell = "sh", option = "-c", text = script;
    char* const arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    pid_t pid = 0;
    CHECK(::posix_spawn(&pid, "/bin/sh", nullptr, nullptr, arguments, environ) == 0);
    return pid;
}

int exit_code_of(pid_t pid) {
    int status = 0;
    return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Runs test cases of this binary in a process of its own. Not the one that waits for guards to go:
/// without pidfds they take longer where nobody reaps what they kill.
int run_tests_of(const std::string& files) {
    std::string program = "test", minimal = "--minimal", filter = "--source-file=" + files,
                without = "--test-case-exclude=the guard is nobody's child*";
    char* const arguments[] = {program.data(), minimal.data(), filter.data(), without.data(),
                               nullptr};
    pid_t pid = 0;
    CHECK(::posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, arguments, environ) == 0);
    return exit_code_of(pid);
}

int occurrences(const std::string& text, const std::string& part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("without pidfds a thread gives notice, reaps nothing, and a warning comes once") {
    const CapturedLog log;
    const std::size_t before = open_descriptors();
    without_pidfds(ENOSYS, [&] {
        for (int code : {3, 4}) {
            const pid_t pid = start(code == 3 ? "exit 3" : "exit 4");
            ExitNotice notice = ExitNotice::of(pid);
            CHECK(notice.given(kPatienceMs));
            notice.give_up();
            CHECK_FALSE(notice.given(0));
            CHECK(exit_code_of(pid) == code);
        }
        CHECK(open_descriptors() == before);
        CHECK(occurrences(log.text(), "no pidfd_open here: Function not implemented") == 1);
    });
}

TEST_CASE("without pidfds notice of a killed child comes as well, and not before") {
    without_pidfds(EPERM, [] {
        const pid_t pid = start("exec sleep 600");
        const ExitNotice notice = ExitNotice::of(pid);
        CHECK(notice);
        CHECK_FALSE(notice.given(0));
        ::kill(pid, SIGKILL);
        CHECK(notice.given(kPatienceMs));
        ::waitpid(pid, nullptr, 0);
    });
}

TEST_CASE("without pidfds giving up before the end waits for nothing") {
    without_pidfds(ENOSYS, [] {
        const pid_t pid = start("exec sleep 600");
        ExitNotice notice = ExitNotice::of(pid);
        notice.give_up();
        CHECK_FALSE(notice);
        CHECK(process_runs(pid));
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    });
}

TEST_CASE("another failure than a refusal gives no notice") {
    const ExitNotice nobody = ExitNotice::of(-1);
    CHECK(errno == EINVAL);
    CHECK_FALSE(nobody);
}

TEST_CASE("children start, end and leave nothing behind without pidfds too") {
    without_pidfds(ENOSYS, [] {
        CHECK(run_tests_of("*shutdown_test.cpp,*family_tag_test.cpp,*orphan_guard_test.cpp") == 0);
    });
    without_pidfds(EPERM, [] { CHECK(run_tests_of("*spawn_threads_test.cpp") == 0); });
}
