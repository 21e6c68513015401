// SPDX-License-Identifier: Apache-2.0
// What the system is asked: whether a file changed, how much memory there is.
#include "core/runtime/file_stamp.hpp"
#include "core/runtime/program_pages.hpp"
#include "core/runtime/resident_memory.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <system_error>
#include <vector>

using namespace shadowcat::core;

namespace {

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "shadowcat-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path); }

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path / name) << text;
        return path / name;
    }

    std::filesystem::path path;
};

constexpr std::size_t kPage = 4096;

/// The kernel maps so many pages around the one that is touched.
constexpr std::size_t kAround = 16;

/// Constants that have their pages for themselves, and in whose middle nobody else's touch is felt.
class alignas(kPage) Constants {
public:
    char bytes[3 * kAround * kPage];
};
constexpr Constants kUntouched = {{1}};
constexpr Constants kPatched = {{2}};

/// Bytes of mapped files that are resident.
std::size_t resident_of_files() {
    std::ifstream counts("/proc/self/statm");
    std::size_t size = 0, resident = 0, of_files = 0;
    counts >> size >> resident >> of_files;
    return of_files * kPage;
}

/// How many pages in its middle are.
std::size_t resident_pages(const Constants& constants) {
    std::array<std::uint64_t, kAround> entries{};
    const auto first = reinterpret_cast<std::uintptr_t>(&constants) / kPage + kAround;
    const int pagemap = ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    REQUIRE(pagemap >= 0);
    const auto at = static_cast<off_t>(first * sizeof(std::uint64_t));
    CHECK(::pread(pagemap, entries.data(), sizeof entries, at) == sizeof entries);
    ::close(pagemap);
    return static_cast<std::size_t>(
        std::ranges::count_if(entries, [](std::uint64_t entry) { return entry >> 63 != 0; }));
}

/// Reads every page.
int sum_of(const Constants& constants) {
    int sum = 0;
    for (std::size_t at = 0; at < sizeof(Constants); at += kPage)
        sum += const_cast<const volatile char&>(constants.bytes[at]);
    return sum;
}

}  // namespace

TEST_CASE("a file is known to have changed when it was rewritten or replaced") {
    const TemporaryDirectory directory;
    const auto file = directory.write("a", "one");
    const FileStamp first = FileStamp::of(file);
    CHECK(first.exists());
    CHECK(first == FileStamp::of(file));
    directory.write("a", "longer");
    const FileStamp second = FileStamp::of(file);
    CHECK_FALSE(second == first);
    std::filesystem::rename(directory.write("b", "longer"), file);
    CHECK_FALSE(FileStamp::of(file) == second);
}

TEST_CASE("a link that points elsewhere is another file, a missing file is none") {
    const TemporaryDirectory directory;
    directory.write("a", "one");
    directory.write("b", "two");
    const auto link = directory.path / "link";
    CHECK_FALSE(FileStamp::of(link).exists());
    std::filesystem::create_symlink("a", link);
    const FileStamp first = FileStamp::of(link);
    std::filesystem::remove(link);
    std::filesystem::create_symlink("b", link);
    CHECK_FALSE(FileStamp::of(link) == first);
}

TEST_CASE("resident memory grows with what is used") {
    const std::size_t before = resident_memory();
    CHECK(before > 0);
    const std::vector<char> used(std::size_t{64} << 20, 'x');
    CHECK(resident_memory() > before + (std::size_t{48} << 20));
    CHECK(used.back() == 'x');
}

TEST_CASE("program pages leave memory and come back as they were") {
    CHECK(sum_of(kUntouched) == 1);
    CHECK(resident_pages(kUntouched) == kAround);
    const std::size_t before = resident_of_files();
    drop_program_pages();
    CHECK(resident_pages(kUntouched) == 0);
    CHECK(resident_of_files() < before / 2);
    CHECK(sum_of(kUntouched) == 1);
}

TEST_CASE("the program pages of one library leave without the others'") {
    CHECK(sum_of(kUntouched) == 1);
    drop_program_pages_at(std::generic_category().name());
    CHECK(resident_pages(kUntouched) == kAround);
    drop_program_pages_at(&kUntouched);
    CHECK(resident_pages(kUntouched) == 0);
}

TEST_CASE("a program page that somebody wrote to stays as it is") {
    auto* const bytes = const_cast<char*>(kPatched.bytes);
    REQUIRE(::mprotect(bytes, sizeof(Constants), PROT_READ | PROT_WRITE) == 0);
    const_cast<volatile char&>(bytes[3 * kPage]) = 5;
    REQUIRE(::mprotect(bytes, sizeof(Constants), PROT_READ) == 0);
    drop_program_pages();
    CHECK(sum_of(kPatched) == 7);
}
