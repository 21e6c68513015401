# Paths relative to core/.
set(SHADOWCAT_CORE_CLI_SOURCES
  cli/check.cpp
  cli/command_host.cpp
  cli/command_tree.cpp
  cli/completions.cpp
  cli/configure.cpp
  cli/options.cpp
  cli/plugin_command.cpp
  cli/plugins_command.cpp
  cli/shell_split.cpp
  cli/upstream_argument.cpp
  cli/usage_messages.cpp)
set(SHADOWCAT_CORE_CLI_TESTS
  cli/completions_test.cpp
  cli/options_test.cpp
  cli/plugins_command_test.cpp
  cli/shell_split_test.cpp
  cli/upstream_argument_test.cpp)
# The tests show plugins that tests/plugins-broken builds.
set(SHADOWCAT_CORE_CLI_TEST_DEFINITIONS
  SHADOWCAT_BROKEN_PLUGINS_DIR="${PROJECT_BINARY_DIR}/tests/plugins-broken")
