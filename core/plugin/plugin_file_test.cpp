// SPDX-License-Identifier: Apache-2.0
// Which files the loader refuses before opening them.
#include "core/plugin/plugin_file.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

using namespace shadowcat::core;
namespace fs = std::filesystem;

namespace {

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = (fs::temp_directory_path() / "shadowcat-plugin-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~TemporaryDirectory() { fs::remove_all(path); }

    fs::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path / name) << text;
        fs::permissions(path / name, fs::perms::owner_read | fs::perms::owner_write);
        return path / name;
    }

    fs::path path;
};

const fs::path kPluginFolder = SHADOWCAT_BROKEN_PLUGINS_DIR;

}  // namespace

TEST_CASE("a missing plugin's message lists where it was searched") {
    const auto found = locate_plugin(PluginRequest("nowhere"), {"/tmp/a", "/tmp/b"});
    CHECK(found.error().message() ==
          "plugin 'nowhere' not found: there is no nowhere.so in /tmp/a, /tmp/b");
}

TEST_CASE("the first directory that has the plugin wins") {
    const TemporaryDirectory first;
    const TemporaryDirectory second;
    const fs::path expected = second.write("x.so", "");
    CHECK(*locate_plugin(PluginRequest("x"), {first.path, second.path}) == expected);
    const fs::path earlier = first.write("x.so", "");
    CHECK(*locate_plugin(PluginRequest("x"), {first.path, second.path}) == earlier);
}

TEST_CASE("a name can't lead out of the search path") {
    for (const char* name : {"", ".", "..", "../x", "/tmp/x", "a/b"}) {
        CAPTURE(name);
        CHECK(locate_plugin(PluginRequest(name), {"/tmp"}).error().message() ==
              "'" + std::string(name) +
                  "' is no plugin name: give a name such as transport-stdio, or an absolute file "
                  "with 'path:'");
    }
}

TEST_CASE("relative, missing and irregular files are refused") {
    const TemporaryDirectory directory;
    const std::string name = directory.path.string();
    CHECK(check_plugin_file("x.so").error().message() ==
          "plugin file 'x.so' must be an absolute path");
    CHECK(check_plugin_file(directory.path / "x.so").error().message() ==
          "plugin file " + name + "/x.so can't be read: No such file or directory");
    CHECK(check_plugin_file(directory.path).error().message() ==
          "plugin file " + name + " is not a regular file");
}

TEST_CASE("a file that others may change is refused") {
    const TemporaryDirectory directory;
    const fs::path file = directory.write("x.so", "");
    CHECK(check_plugin_file(file).has_value());
    for (const fs::perms bit : {fs::perms::group_write, fs::perms::others_write}) {
        fs::permissions(file, fs::perms::owner_read | bit);
        CHECK(check_plugin_file(file).error().message() ==
              "plugin file " + file.string() +
                  " can be changed by others than its owner: run chmod go-w " + file.string());
    }
}

TEST_CASE("a digest pins the file's bytes") {
    const TemporaryDirectory directory;
    const fs::path file = directory.write("x.so", "abc");
    const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    CHECK(check_plugin_digest(file, "").has_value());
    CHECK(check_plugin_digest(file, abc).has_value());
    CHECK(check_plugin_digest(file, "BA" + abc.substr(2)).has_value());
    CHECK(check_plugin_digest(file, "00").error().message() ==
          "plugin file " + file.string() + " is not the one that was approved: sha256 is " + abc +
              ", expected 00");
}

TEST_CASE("what is no ELF file has no build id") {
    const TemporaryDirectory directory;
    CHECK(read_build_id(directory.write("text.so", "not a library")).empty());
    CHECK(read_build_id(directory.write("short.so", std::string("\x7f"
                                                                "ELF",
                                                                4)))
              .empty());
    CHECK(read_build_id(directory.path / "missing.so").empty());
}

TEST_CASE("a build id survives, or vanishes with, truncation; nothing else comes out") {
    std::ifstream file(kPluginFolder / "tiny.so", std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    REQUIRE(bytes.size() > 4096);
    const std::string whole = read_build_id(kPluginFolder / "tiny.so");
    CHECK(whole.size() == 40);
    const TemporaryDirectory directory;
    for (std::size_t size = 0; size < 4096; size += 61) {
        const std::string cut = read_build_id(directory.write("cut.so", bytes.substr(0, size)));
        CHECK((cut.empty() || cut == whole));
    }
}
