// SPDX-License-Identifier: Apache-2.0
// Reading directories and lists of /proc.
#include "process_ids.hpp"

#include "family_tag.hpp"
#include "unique_fd.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace shadowcat::transport_stdio {

namespace {

/// As the kernel fills it in; glibc's own `readdir` allocates.
class DirectoryEntry {
public:
    std::uint64_t inode;
    std::int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1];
};

pid_t number_in(const char* name) noexcept {
    pid_t number = 0;
    for (; *name >= '0' && *name <= '9'; ++name)
        number = number * 10 + (*name - '0');
    return *name == '\0' ? number : 0;
}

std::string read_file(int file) {
    std::string text;
    std::array<char, 4096> piece;
    for (;;) {
        const ssize_t count = ::read(file, piece.data(), piece.size());
        if (count <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(count));
    }
}

std::vector<pid_t> numbers_in(const std::string& text) {
    std::vector<pid_t> numbers;
    const char* at = text.c_str();
    for (char* end = nullptr;; at = end) {
        const long number = std::strtol(at, &end, 10);
        if (end == at) return numbers;
        numbers.push_back(static_cast<pid_t>(number));
    }
}

/// For a kernel without lists of children: all that have a tag of ours.
std::vector<pid_t> tagged_processes() {
    std::vector<pid_t> tagged;
    ProcessIds all;
    while (const pid_t pid = all.next()) {
        if (FamilyTag::of(pid).ours()) tagged.push_back(pid);
    }
    return tagged;
}

}  // namespace

ProcessIds::ProcessIds() noexcept
    : directory_(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

ProcessIds::~ProcessIds() {
    if (directory_ >= 0) ::close(directory_);
}

bool ProcessIds::refill() noexcept {
    const long bytes = ::syscall(SYS_getdents64, directory_, entries_.data(), entries_.size());
    at_ = 0;
    end_ = bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
    return end_ != 0;
}

pid_t ProcessIds::next() noexcept {
    while (at_ != end_ || refill()) {
        const auto* entry = reinterpret_cast<const DirectoryEntry*>(entries_.data() + at_);
        at_ += entry->length;
        if (const pid_t pid = number_in(entry->name)) return pid;
    }
    return 0;
}

std::vector<pid_t> own_children() {
    const std::string path = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return file ? numbers_in(read_file(file.get())) : tagged_processes();
}

}  // namespace shadowcat::transport_stdio
