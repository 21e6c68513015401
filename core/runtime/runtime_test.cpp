// SPDX-License-Identifier: Apache-2.0
// What the system is asked: whether a file changed, how much memory there is.
#include "core/runtime/file_stamp.hpp"
#include "core/runtime/resident_memory.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
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
