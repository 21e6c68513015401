// SPDX-License-Identifier: Apache-2.0
// The segments that can't be written to, page by page as /proc/self/pagemap shows them.
#include "core/runtime/program_pages.hpp"

#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace shadowcat::core {

namespace {

constexpr std::uint64_t kPresent = std::uint64_t{1} << 63;
constexpr std::uint64_t kSwapped = std::uint64_t{1} << 62;
constexpr std::uint64_t kOfFile = std::uint64_t{1} << 61;

/// Whether dropping the page loses nothing: it is not there, or it is as it is in the file.
bool is_as_in_file(std::uint64_t entry) noexcept {
    return (entry & kSwapped) == 0 && ((entry & kPresent) == 0 || (entry & kOfFile) != 0);
}

using Segment = ElfW(Phdr);

/// Whole pages of this process.
class PageRange {
public:
    PageRange(std::uintptr_t first_byte, std::uintptr_t end_byte, std::uintptr_t page)
        : page_(page), begin_(first_byte / page), end_((end_byte + page - 1) / page) {}

    /// Drops them if they all are as they are in their file, some hundred at a time.
    void drop(int pagemap) const noexcept {
        std::array<std::uint64_t, 512> entries;
        for (std::uintptr_t at = begin_; at < end_; at += entries.size()) {
            const std::span part(entries.data(), std::min(entries.size(), end_ - at));
            const auto wanted = static_cast<ssize_t>(part.size_bytes());
            const auto where = static_cast<off_t>(at * sizeof(std::uint64_t));
            if (::pread(pagemap, part.data(), part.size_bytes(), where) != wanted) return;
            if (!std::ranges::all_of(part, is_as_in_file)) continue;
            ::madvise(reinterpret_cast<void*>(at * page_), part.size() * page_, MADV_DONTNEED);
        }
    }

private:
    std::uintptr_t page_, begin_, end_;  // begin and end in pages
};

class ProgramPages {
public:
    /// `address`: of which library; null: of all.
    explicit ProgramPages(const void* address) noexcept
        : address_(reinterpret_cast<std::uintptr_t>(address)),
          pagemap_(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)) {}
    ~ProgramPages() {
        if (pagemap_ >= 0) ::close(pagemap_);
    }
    ProgramPages(const ProgramPages&) = delete;
    ProgramPages& operator=(const ProgramPages&) = delete;

    void drop() noexcept {
        if (pagemap_ >= 0) ::dl_iterate_phdr(visit, this);
    }

private:
    static int visit(dl_phdr_info* library, std::size_t /*size*/, void* self) {
        static_cast<const ProgramPages*>(self)->drop_of(*library);
        return 0;
    }

    void drop_of(const dl_phdr_info& library) const noexcept {
        if (address_ != 0 && !is_in(library)) return;
        for (const Segment& segment : std::span(library.dlpi_phdr, library.dlpi_phnum)) {
            if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
            const std::uintptr_t begin = library.dlpi_addr + segment.p_vaddr;
            PageRange(begin, begin + segment.p_memsz, page_).drop(pagemap_);
        }
    }

    bool is_in(const dl_phdr_info& library) const noexcept {
        const auto holds = [&](const Segment& segment) {
            const std::uintptr_t begin = library.dlpi_addr + segment.p_vaddr;
            return segment.p_type == PT_LOAD && address_ - begin < segment.p_memsz;
        };
        return std::ranges::any_of(std::span(library.dlpi_phdr, library.dlpi_phnum), holds);
    }

    const std::uintptr_t address_;
    const std::uintptr_t page_ = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const int pagemap_;
};

}  // namespace

void drop_program_pages() noexcept { drop_program_pages_at(nullptr); }

void drop_program_pages_at(const void* address) noexcept { ProgramPages(address).drop(); }

}  // namespace shadowcat::core
