// SPDX-License-Identifier: Apache-2.0
// tcp-peer COMMAND [ARGS]: serves a stdio server on a TCP port, one process for each connection.
//
// Prints the port it got. The command's stdin and stdout are the connection, so it ends when the
// connection does.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace {

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(1);
}

int listen_on_any_port() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* where = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener, where, size) != 0 || listen(listener, 64) != 0) give_up("tcp-peer: listen");
    if (getsockname(listener, where, &size) != 0) give_up("tcp-peer: getsockname");
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return listener;
}

void serve(int connection, char** command) {
    const pid_t child = fork();
    if (child < 0) give_up("tcp-peer: fork");
    if (child > 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(connection, STDIN_FILENO);
    dup2(connection, STDOUT_FILENO);
    execvp(command[0], command);
    give_up(command[0]);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: tcp-peer COMMAND [ARGS]\n", stderr);
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGCHLD, SIG_IGN);  // children are reaped by the kernel
    const int listener = listen_on_any_port();
    for (;;) {
        const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) give_up("tcp-peer: accept");
        serve(connection, argv + 1);
        close(connection);
    }
}
