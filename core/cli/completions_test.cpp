// SPDX-License-Identifier: Apache-2.0
// The scripts complete what the parser understands.
#include "core/cli/completions.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

using shadowcat::core::completion_script;

namespace {

/// What bash offers after `words`, the last of which is being typed.
std::string offered(const std::string& words, int index) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("shadowcat-completions-" + std::to_string(getpid()));
    std::ofstream(file) << completion_script("bash") << "COMP_WORDS=(" << words
                        << ")\nCOMP_CWORD=" << index << "\n_shadowcat\necho \"${COMPREPLY[*]}\"\n";
    std::FILE* bash = popen(("bash " + file.string() + " 2>&1").c_str(), "r");
    REQUIRE(bash != nullptr);
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), bash));
    pclose(bash);
    std::filesystem::remove(file);
    return text;
}

}  // namespace

TEST_CASE("bash completes commands, options and values") {
    CHECK(offered("shadowcat ''", 1).find("reverse forward check plugins completions") !=
          std::string::npos);
    CHECK(offered("shadowcat rev", 1) == "reverse\n");
    CHECK(offered("shadowcat reverse --up", 2) == "--upstream\n");
    CHECK(offered("shadowcat reverse --log-level de", 3) == "debug\n");
    CHECK(offered("shadowcat plugins ins", 2) == "inspect\n");
    CHECK(offered("shadowcat completions z", 2) == "zsh\n");
    CHECK(offered("shadowcat reverse --upstream x --con", 4) == "--config\n");
    CHECK(offered("shadowcat reverse --config /etc/host", 3).find("/etc/hosts") !=
          std::string::npos);
}

TEST_CASE("nothing is offered for the server's own arguments") {
    CHECK(offered("shadowcat forward -- --up", 3) == "\n");
}

TEST_CASE("zsh and fish have scripts with every command") {
    for (const char* shell : {"zsh", "fish"}) {
        const std::string script = completion_script(shell);
        for (const char* word : {"reverse", "forward", "check", "inspect", "log-format"}) {
            CHECK(script.find(word) != std::string::npos);
        }
    }
    CHECK(completion_script("zsh").starts_with("#compdef shadowcat\n"));
    CHECK(completion_script("tcsh").empty());
}

TEST_CASE("a plugin's words that are there already, or are none, don't matter") {
    using shadowcat::sdk::CommandWord;
    shadowcat::core::PluginCommand command;
    command.name = "odd";
    for (const char* word : {"--help", "--fine", "--fine", "", "-- -", "--last"})
        command.words.emplace_back(CommandWord::Kind::flag, word, "a word");
    command.words.back().below = "nowhere";
    command.words.emplace_back(CommandWord::Kind::flag, "--end", "the end");
    const std::string script = completion_script("bash", {command});
    CHECK(script.find("--fine") != std::string::npos);
    CHECK(script.find("--end") != std::string::npos);
    CHECK(script.find("--last") == std::string::npos);
}
