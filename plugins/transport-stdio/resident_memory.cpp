// SPDX-License-Identifier: Apache-2.0
// Adding up /proc/PID/statm by tag.
#include "resident_memory.hpp"

#include "shadowcat/sdk/asio.hpp"

#include "process_ids.hpp"
#include "unique_fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <mutex>
#include <string>
#include <unordered_map>

namespace shadowcat::transport_stdio {

namespace {

constexpr std::chrono::seconds kFresh(1);

using BytesByTag = std::unordered_map<std::uint32_t, std::size_t>;

std::size_t resident_bytes_of(pid_t pid) {
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::string path = "/proc/" + std::to_string(pid) + "/statm";
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 128> text{};
    if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) return 0;
    char* behind_size = nullptr;
    std::strtoull(text.data(), &behind_size, 10);
    return std::strtoull(behind_size, nullptr, 10) * page;
}

BytesByTag look() {
    BytesByTag bytes;
    ProcessIds all;
    while (const pid_t pid = all.next()) {
        const FamilyTag tag = FamilyTag::of(pid);
        if (tag.ours()) bytes[tag.number()] += resident_bytes_of(pid);
    }
    return bytes;
}

}  // namespace

std::size_t resident_bytes(FamilyTag tag) {
    static std::mutex mutex;
    static sdk::TimePoint looked;
    static BytesByTag bytes;
    const std::lock_guard lock(mutex);
    const sdk::TimePoint now = sdk::Clock::now();
    if (now - looked >= kFresh) {
        bytes = look();
        looked = now;
    }
    const auto found = bytes.find(tag.number());
    return found == bytes.end() ? 0 : found->second;
}

}  // namespace shadowcat::transport_stdio
