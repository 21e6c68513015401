// SPDX-License-Identifier: Apache-2.0
// Reads the command line.
#include "options.hpp"

#include <cstdio>
#include <string_view>

namespace shadowcat::contract {

namespace {

std::string* text_option(Options& options, std::string_view name) {
    if (name == "--kind") return &options.kind;
    if (name == "--name") return &options.name;
    if (name == "--test-case") return &options.test_case;
    return nullptr;
}

std::filesystem::path* path_option(Options& options, std::string_view name) {
    if (name == "--plugin") return &options.plugin;
    if (name == "--config") return &options.config;
    return nullptr;
}

bool take_option(Options& options, std::string_view name, const char* value) {
    if (auto* path = path_option(options, name)) {
        *path = std::filesystem::absolute(value);
        return true;
    }
    auto* text = text_option(options, name);
    if (text != nullptr) *text = value;
    return text != nullptr;
}

std::nullopt_t refuse(const std::string& why) {
    std::fprintf(stderr, "shadowcat-plugin-test: %s; try --help\n", why.c_str());
    return std::nullopt;
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--help") {
            options.help = true;
            return options;
        }
        if (i + 1 == argc) return refuse("what about \"" + name + "\"?");
        if (!take_option(options, name, argv[++i]))
            return refuse("unknown option \"" + name + "\"");
    }
    if (options.plugin.empty() || options.config.empty())
        return refuse("--plugin and --config are needed");
    return options;
}

void print_usage() {
    std::puts(
        "usage: shadowcat-plugin-test --plugin FILE.so --config FILE.yaml\n"
        "                             [--kind KIND] [--name NAME] [--test-case PATTERN]\n"
        "\n"
        "Loads the plugin as Shadowcat does and checks every part it offers (or those of KIND and\n"
        "NAME) against the contract of its kind. The file says with which configuration:\n"
        "\n"
        "  parts:\n"
        "    - kind: connector\n"
        "      name: tcp\n"
        "      peer: [tcp-peer, shadowcat-demo-server]     # started first\n"
        "      config: { host: 127.0.0.1, port: \"${PEER}\" }  # the first line it printed\n"
        "      unreachable: { port: 1 }                    # nobody answers there\n"
        "\n"
        "Exit code: 0 all kept, 1 something broken or nothing to check, 2 usage.");
}

}  // namespace shadowcat::contract
