# Paths relative to plugins/intercept/.
set(SHADOWCAT_INTERCEPT_CLI_SOURCES cli/register.cpp)
set(SHADOWCAT_INTERCEPT_CLI_TESTS)
