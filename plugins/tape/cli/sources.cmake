# Paths relative to plugins/tape/.
set(SHADOWCAT_TAPE_CLI_SOURCES cli/register.cpp)
set(SHADOWCAT_TAPE_CLI_TESTS)
