// SPDX-License-Identifier: Apache-2.0
// ControlSocket: whose directory, whose file, and what happens to what was there.
#include "core/control/control_socket.hpp"

#include "core/control/test_runtime.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <optional>

using namespace shadowcat::core;
using namespace shadowcat::core::testing;
namespace fs = std::filesystem;

namespace {

/// Why it can't be; empty if it can.
std::string refused(const std::string& path) {
    const auto opened = ControlSocket::open(path);
    return opened.has_error() ? opened.error().message() : "";
}

std::string refused_directory() {
    const auto path = own_control_path();
    return path.has_error() ? path.error().message() : "";
}

}  // namespace

TEST_CASE("the socket of this process is made for its user alone, and is called by its pid") {
    const Runtime runtime;
    const auto path = own_control_path();
    REQUIRE(path.has_value());
    CHECK(*path == runtime.directory() / (std::to_string(::getpid()) + ".sock"));
    CHECK(mode_of(runtime.directory()) == 0700);
    {
        const auto socket = ControlSocket::open(*path);
        REQUIRE(socket.has_value());
        CHECK(socket->path() == *path);
        CHECK(mode_of(*path) == 0600);
        const RawClient reaches(*path);
    }
    CHECK_FALSE(fs::exists(*path));
    CHECK(own_control_path().has_value());  // the directory may be there already
}

TEST_CASE("a directory that somebody else could use is refused") {
    const Runtime runtime;
    const std::string name = "the directory " + runtime.directory().string();
    ::mkdir(runtime.directory().c_str(), 0755);
    CHECK(refused_directory() == name + " is open to other users (it must have mode 0700)");
    fs::remove(runtime.directory());
    ::mkdir(runtime.path("real").c_str(), 0700);
    fs::create_symlink(runtime.path("real"), runtime.directory());
    CHECK(refused_directory() == name + " is a link or no directory");
    if (::geteuid() != 0) return;  // only root can make what belongs to others
    fs::remove(runtime.directory());
    ::mkdir(runtime.directory().c_str(), 0700);
    CHECK(::chown(runtime.directory().c_str(), 12345, 12345) == 0);
    CHECK(refused_directory() == name + " belongs to another user");
}

TEST_CASE("without a place for the directory there is no socket") {
    const Runtime runtime;
    fs::remove_all(runtime.root);
    CHECK(refused_directory() == "the directory " + runtime.directory().string() +
                                     " can't be made: No such file or directory");
}

TEST_CASE("sockets of proxies that were killed are swept away, and nothing else") {
    const Runtime runtime;
    ::mkdir(runtime.directory().c_str(), 0700);
    const auto at = [&](const char* name) { return (runtime.directory() / name).string(); };
    { const ForeignSocket killed(at("1.sock")); }
    const ForeignSocket running(at("2.sock"));
    std::ofstream(at("3.sock")) << "a file";
    REQUIRE(own_control_path().has_value());
    CHECK_FALSE(fs::exists(at("1.sock")));
    CHECK(fs::exists(at("2.sock")));
    CHECK(fs::exists(at("3.sock")));
}

TEST_CASE("what is at the path already") {
    const Runtime runtime;
    const std::string path = runtime.path("c.sock");
    {
        const ForeignSocket other(path);
        CHECK(refused(path) == "the control socket " + path + " is served by another process");
    }
    CHECK(refused(path).empty());  // left behind
    std::ofstream(path) << "precious";
    CHECK(refused(path) == "the control socket " + path + " is another kind of file");
    CHECK(fs::file_size(path) == 8);
}

TEST_CASE("a path that no socket can have") {
    const Runtime runtime;
    const std::string longest = runtime.path(std::string(200, 'x')).substr(0, max_control_path());
    CHECK(refused(longest).empty());
    CHECK(refused(longest + "x") ==
          "the control socket's path " + longest + "x is longer than 107 bytes");
    const std::string nowhere = runtime.path("no/such/directory.sock");
    CHECK(refused(nowhere) ==
          "can't listen at the control socket " + nowhere + ": No such file or directory");
}

TEST_CASE("a file that took the socket's place stays when the socket ends") {
    const Runtime runtime;
    const std::string path = runtime.path("c.sock");
    std::optional<ControlSocket> socket = *ControlSocket::open(path);
    fs::remove(path);
    const ForeignSocket successor(path);
    socket.reset();
    CHECK(fs::exists(path));
}
