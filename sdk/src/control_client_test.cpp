// SPDX-License-Identifier: Apache-2.0
// ControlClient: which socket is meant, and what is made of what comes back.
#include "shadowcat/sdk/control_client.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

using namespace shadowcat::sdk;
namespace fs = std::filesystem;

namespace {

/// `$XDG_RUNTIME_DIR` of its own, with a private directory `shadowcat`.
class Runtime {
public:
    Runtime() {
        std::string name = fs::temp_directory_path() / "control-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
        root = name;
        ::setenv("XDG_RUNTIME_DIR", name.c_str(), 1);
        ::mkdir(sockets().c_str(), 0700);
    }
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;
    ~Runtime() {
        ::unsetenv("XDG_RUNTIME_DIR");
        std::error_code ignored;
        fs::remove_all(root, ignored);
    }

    fs::path sockets() const { return root / "shadowcat"; }

    fs::path root;
};

/// A socket that listens; `dead` ones stay behind as if their proxy had been killed.
class Listening {
public:
    explicit Listening(fs::path where) : path(std::move(where)) {
        descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
        if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) !=
                0 ||
            ::listen(descriptor_, 4) != 0)
            throw std::runtime_error("can't listen at " + path.string());
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening() {
        if (server_.joinable()) server_.join();
        die();
    }

    void die() { ::close(std::exchange(descriptor_, -1)); }

    /// Takes one connection, reads its line and says `answer`.
    void answer(std::string answer) {
        server_ = std::thread([this, answer = std::move(answer)] {
            const int peer = ::accept(descriptor_, nullptr, nullptr);
            for (char c = 0; ::recv(peer, &c, 1, 0) == 1 && c != '\n';)
                heard += c;
            if (::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) heard = "unsendable";
            ::close(peer);
        });
    }

    void join() { server_.join(); }

    fs::path path;
    std::string heard;

private:
    int descriptor_;
    std::thread server_;
};

std::string chosen(const std::string& wanted) {
    const Result<fs::path> socket = choose_control_socket(wanted);
    return socket.has_error() ? socket.error().message() : socket->filename().string();
}

/// All the lines of an answer, and how it ended.
std::vector<std::string> lines_of(const std::string& answer) {
    const Runtime runtime;
    Listening proxy(runtime.root / "any.sock");
    proxy.answer(answer);
    std::vector<std::string> lines;
    Result<ControlClient> client = ControlClient::send(proxy.path, Json{{"verb", "x"}});
    REQUIRE(client.has_value());
    for (;;) {
        const Result<std::optional<Json>> line = client->receive();
        if (line.has_error()) {
            lines.push_back(std::string(name(line.error().code())) + ": " + line.error().message());
            return lines;
        }
        if (!line->has_value()) return lines;
        lines.push_back((*line)->dump());
    }
}

void nothing(int) {}

}  // namespace

TEST_CASE("control sockets are where the session keeps such things, else in /tmp by user") {
    ::setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
    CHECK(control_directory() == "/run/user/7/shadowcat");
    ::setenv("XDG_RUNTIME_DIR", "relative", 1);
    CHECK(control_directory() == "/tmp/shadowcat-" + std::to_string(::geteuid()));
    ::unsetenv("XDG_RUNTIME_DIR");
    CHECK(control_directory() == "/tmp/shadowcat-" + std::to_string(::geteuid()));
}

TEST_CASE("only sockets that are served count, the oldest first") {
    const Runtime runtime;
    const Listening younger(runtime.sockets() / "12.sock"), older(runtime.sockets() / "345.sock");
    Listening dead(runtime.sockets() / "6.sock");
    dead.die();
    const Listening other(runtime.sockets() / "other.sock");
    std::ofstream(runtime.sockets() / "7.sock") << "no socket";
    const timespec past[2] = {{1000, 0}, {1000, 0}};
    ::utimensat(AT_FDCWD, older.path.c_str(), past, 0);
    CHECK(control_sockets() == std::vector<fs::path>{older.path, younger.path});
}

TEST_CASE("a directory that others can write to, or that is a link, is ignored") {
    const Runtime runtime;
    const Listening proxy(runtime.sockets() / "1.sock");
    CHECK(control_sockets().size() == 1);
    ::chmod(runtime.sockets().c_str(), 0770);
    CHECK(control_sockets().empty());
    ::chmod(runtime.sockets().c_str(), 0700);
    fs::rename(runtime.sockets(), runtime.root / "elsewhere");
    fs::create_symlink(runtime.root / "elsewhere", runtime.sockets());
    CHECK(control_sockets().empty());
}

TEST_CASE("which proxy is meant") {
    const Runtime runtime;
    const std::string none =
        "no running proxy of yours has a control socket in " + runtime.sockets().string();
    CHECK(chosen("") == none);
    CHECK(chosen("12") == none);
    CHECK(chosen("./my.sock") == "my.sock");
    const Listening first(runtime.sockets() / "12.sock");
    CHECK(chosen("") == "12.sock");
    CHECK(chosen("12") == "12.sock");
    CHECK(chosen("13") ==
          "no running proxy of yours with the process id 13 has a control socket; there are 12");
    const Listening second(runtime.sockets() / "345.sock");
    CHECK(chosen("345") == "345.sock");
    CHECK(chosen("").starts_with("several proxies are running, say which by its process id: "));
    CHECK(choose_control_socket("").error().code() == ErrorCode::config);
}

TEST_CASE("nobody at the other end is `unreachable`, and says where") {
    const Runtime runtime;
    const std::string path = runtime.root / "nobody.sock";
    const Result<ControlClient> client = ControlClient::send(path, Json{{"verb", "x"}});
    REQUIRE(client.has_error());
    CHECK(client.error().code() == ErrorCode::unreachable);
    CHECK(client.error().message() ==
          "no proxy answers at " + path + ": No such file or directory");
    const std::string endless(200, 'x');
    CHECK(ControlClient::send(endless, Json{{"verb", "x"}}).error().message() ==
          "no proxy answers at " + endless + ": File name too long");
}

TEST_CASE("one line asks") {
    const Runtime runtime;
    Listening proxy(runtime.root / "any.sock");
    proxy.answer("");
    Result<ControlClient> client =
        ControlClient::send(proxy.path, Json{{"verb", "x"}, {"text", "two\nlines"}});
    REQUIRE(client.has_value());
    CHECK_FALSE(client->receive()->has_value());
    proxy.join();
    CHECK(proxy.heard == R"({"text":"two\nlines","verb":"x"})");
}

TEST_CASE("lines answer until the end") {
    CHECK(lines_of("").empty());
    CHECK(lines_of("1\n{\"a\":2}\n") == std::vector<std::string>{"1", R"({"a":2})"});
    const std::string big = "\"" + std::string(300'000, 'x') + "\"";
    CHECK(lines_of(big + "\n" + big + "\n") == std::vector<std::string>{big, big});
}

TEST_CASE("what the proxy refuses is an error of its own words; an answer about errors is none") {
    CHECK(lines_of("{\"error\":\"no message 7\"}\n") ==
          std::vector<std::string>{"blocked: no message 7"});
    CHECK(lines_of("{\"error\":\"x\",\"id\":1}\n") ==
          std::vector<std::string>{R"({"error":"x","id":1})"});
    CHECK(lines_of("{\"error\":{}}\n") == std::vector<std::string>{R"({"error":{}})"});
}

TEST_CASE("a line cut off, and a line that is no JSON") {
    CHECK(lines_of("1\n{\"a\"") ==
          std::vector<std::string>{
              "1", "closed: the connection to the proxy broke off: it ended within a line"});
    CHECK(lines_of("huh\n") ==
          std::vector<std::string>{"protocol: the proxy sent a line that is no JSON"});
}

TEST_CASE("a signal interrupts a wait") {
    const Runtime runtime;
    const Listening silent(runtime.root / "any.sock");
    Result<ControlClient> client = ControlClient::send(silent.path, Json{{"verb", "x"}});
    REQUIRE(client.has_value());
    struct sigaction action {
    }, before{};
    action.sa_handler = nothing;  // and no SA_RESTART
    ::sigaction(SIGALRM, &action, &before);
    const itimerval often{{0, 20'000}, {0, 20'000}};
    ::setitimer(ITIMER_REAL, &often, nullptr);
    const Result<std::optional<Json>> line = client->receive();
    const itimerval never{};
    ::setitimer(ITIMER_REAL, &never, nullptr);
    ::sigaction(SIGALRM, &before, nullptr);
    REQUIRE(line.has_error());
    CHECK(line.error().code() == ErrorCode::cancelled);
}
