// SPDX-License-Identifier: Apache-2.0
// Files and child processes; no shell.
#include "cli/editor.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace shadowcat::intercept {

namespace {

constexpr std::string_view kBetweenWords = " \t\n";

sdk::Error editor_failure(const std::string& what) {
    return sdk::Error(sdk::ErrorCode::config, what);
}

std::string reason_for(int failure) { return std::generic_category().message(failure); }

/// While it lives this process doesn't mind the keys that a program in the foreground is sent.
class KeysIgnored {
public:
    KeysIgnored()
        : interrupt_(std::signal(SIGINT, SIG_IGN)), quit_(std::signal(SIGQUIT, SIG_IGN)) {}
    KeysIgnored(const KeysIgnored&) = delete;
    KeysIgnored& operator=(const KeysIgnored&) = delete;
    ~KeysIgnored() {
        std::signal(SIGINT, interrupt_);
        std::signal(SIGQUIT, quit_);
    }

private:
    void (*interrupt_)(int);
    void (*quit_)(int);
};

/// What the child gets back of signals.
class DefaultSignals {
public:
    DefaultSignals() {
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals;
        ::sigemptyset(&signals);
        for (const int each : {SIGINT, SIGQUIT, SIGPIPE})
            ::sigaddset(&signals, each);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    }
    DefaultSignals(const DefaultSignals&) = delete;
    DefaultSignals& operator=(const DefaultSignals&) = delete;
    ~DefaultSignals() { ::posix_spawnattr_destroy(&attributes_); }

    const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_;
};

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

}  // namespace

std::vector<std::string> words_of(std::string_view command) {
    std::vector<std::string> words;
    std::optional<std::string> word;
    char quote = 0;
    for (const char c : command) {
        if (quote != 0 ? c == quote : (c == '"' || c == '\'')) {
            quote = quote != 0 ? '\0' : c;
            if (!word) word.emplace();
        } else if (quote != 0 || kBetweenWords.find(c) == std::string_view::npos) {
            if (!word) word.emplace();
            *word += c;
        } else if (word) {
            words.push_back(*std::exchange(word, std::nullopt));
        }
    }
    if (quote != 0) return {};
    if (word) words.push_back(*std::move(word));
    return words;
}

sdk::Result<void> run_program(const std::vector<std::string>& program) {
    std::vector<char*> arguments;
    for (const std::string& each : program)
        arguments.push_back(const_cast<char*>(each.c_str()));  // posix_spawn doesn't change them
    arguments.push_back(nullptr);
    const KeysIgnored ignored;
    const DefaultSignals defaults;
    pid_t child = -1;
    const int failed = ::posix_spawnp(&child, arguments.front(), nullptr, defaults.get(),
                                      arguments.data(), environ);
    if (failed != 0)
        return editor_failure("can't run '" + program.front() + "': " + reason_for(failed));
    const int status = wait_for(child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return editor_failure("'" + program.front() + "' ended with " +
                          (WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                                             : "signal " + std::to_string(WTERMSIG(status))));
}

DraftFile::DraftFile(std::string_view text) {
    std::string name = std::filesystem::temp_directory_path() / "shadowcat-XXXXXX.json";
    const int descriptor = ::mkostemps(name.data(), 5, O_CLOEXEC);  // with mode 0600
    if (descriptor < 0) throw std::runtime_error("can't make " + name + ": " + reason_for(errno));
    path_ = name;
    ::close(descriptor);
    std::ofstream file(path_, std::ios::binary);
    file << text << std::flush;
    if (file) return;
    ::unlink(path_.c_str());
    throw std::runtime_error("can't write " + path_);
}

DraftFile::~DraftFile() {
    if (!kept_) ::unlink(path_.c_str());
}

sdk::Result<std::string> DraftFile::text() const { return text_of_file(path_); }

sdk::Result<std::string> text_of_file(const std::string& path) {
    using Bytes = std::istreambuf_iterator<char>;
    if (path == "-") return std::string(Bytes(std::cin), {});
    std::ifstream file(path, std::ios::binary);
    if (!file) return editor_failure("can't read " + path + ": " + reason_for(errno));
    std::string text(Bytes(file), {});
    if (file.bad()) return editor_failure("can't read " + path);
    return text;
}

}  // namespace shadowcat::intercept
