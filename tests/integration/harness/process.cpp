// SPDX-License-Identifier: Apache-2.0
// Starting, feeding, reading, ending.
#include "process.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace integration {

namespace {

constexpr int kCannotExecute = 127;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::pair<Descriptor, Descriptor> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// `NAME=value` lines for exec, and the pointers it wants.
class Strings {
public:
    explicit Strings(std::vector<std::string> texts) : texts_(std::move(texts)) {
        for (std::string& text : texts_)
            pointers_.push_back(text.data());
        pointers_.push_back(nullptr);
    }
    char* const* data() const { return pointers_.data(); }

private:
    std::vector<std::string> texts_;
    std::vector<char*> pointers_;
};

std::vector<std::string> environment_with(const LaunchOptions& options) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        if (!std::string_view(*entry).starts_with("SHADOWCAT_")) all.emplace_back(*entry);
    }
    for (const auto& [name, value] : options.environment)
        all.push_back(name + "=" + value);
    return all;
}

void limit_descriptors(std::size_t most) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(most, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

bool holds_all(std::string_view line, const std::vector<std::string>& words) {
    return std::ranges::all_of(
        words, [&](const std::string& word) { return line.find(word) != std::string_view::npos; });
}

std::optional<std::string> find_line(const std::string& log,
                                     const std::vector<std::string>& words) {
    std::size_t start = 0;
    for (std::size_t end = log.find('\n'); end != std::string::npos; end = log.find('\n', start)) {
        std::string line = log.substr(start, end - start);
        if (holds_all(line, words)) return line;
        start = end + 1;
    }
    return std::nullopt;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += " \"" + word + "\"";
    return text;
}

}  // namespace

std::string ExitStatus::text() const {
    if (WIFEXITED(status_)) return "exit " + std::to_string(WEXITSTATUS(status_));
    return "signal " + std::to_string(WTERMSIG(status_));
}

Process::Process(std::vector<std::string> command, const LaunchOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);
    auto [child_input, our_input] = make_pipe();
    auto [our_output, child_output] = make_pipe();
    errors_ = Descriptor(::memfd_create("stderr", MFD_CLOEXEC));
    const Strings arguments(std::move(command));
    const Strings environment(environment_with(options));
    pid_ = ::fork();
    if (pid_ < 0) fail("fork");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        std::signal(SIGPIPE, SIG_DFL);
        if (options.max_descriptors) limit_descriptors(*options.max_descriptors);
        ::dup2(child_input.get(), STDIN_FILENO);
        ::dup2(child_output.get(), STDOUT_FILENO);
        ::dup2(errors_.get(), STDERR_FILENO);
        ::execve(arguments.data()[0], arguments.data(), environment.data());
        ::_exit(kCannotExecute);
    }
    input_ = std::move(our_input);
    output_ = std::move(our_output);
}

Process::~Process() {
    if (ended_ || pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void Process::signal(int number) const {
    if (!ended_) ::kill(pid_, number);
}

void Process::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(input_.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail("write to the child's stdin");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

bool Process::fill() {
    wait_readable(output_.get(), Clock::now() + kPatience, "the child's stdout");
    std::array<char, 65536> chunk;
    const ssize_t count = ::read(output_.get(), chunk.data(), chunk.size());
    if (count <= 0) return false;
    pending_.append(chunk.data(), static_cast<std::size_t>(count));
    return true;
}

std::optional<std::string> Process::read_line() {
    std::size_t end = 0;
    while ((end = pending_.find('\n')) == std::string::npos) {
        if (!fill()) return std::nullopt;
    }
    std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    return line;
}

std::string Process::read_to_end() {
    while (fill()) {
    }
    return std::exchange(pending_, {});
}

std::string Process::log() const {
    std::string text;
    std::array<char, 65536> chunk;
    for (;;) {
        const ssize_t count =
            ::pread(errors_.get(), chunk.data(), chunk.size(), static_cast<off_t>(text.size()));
        if (count <= 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(count));
    }
}

bool Process::logged(const std::vector<std::string>& words) const {
    return find_line(log(), words).has_value();
}

std::string Process::wait_for_log(const std::vector<std::string>& words) const {
    std::optional<std::string> line;
    eventually([&] {
        line = find_line(log(), words);
        return line.has_value();
    });
    if (!line) throw Impatient("no line with" + joined(words) + " in the log:\n" + log());
    return *line;
}

bool Process::reap() {
    int status = 0;
    if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) ended_.emplace(status);
    return ended_.has_value();
}

std::string Process::wait_exit() {
    if (!eventually([this] { return reap(); })) {
        throw Impatient("the process does not end; its log:\n" + log());
    }
    return ended_->text();
}

Finished::Finished(std::vector<std::string> command, std::string_view input) {
    Process process(std::move(command));
    process.write(input);
    process.close_stdin();
    output = process.read_to_end();
    exit = process.wait_exit();
    errors = process.log();
}

}  // namespace integration
