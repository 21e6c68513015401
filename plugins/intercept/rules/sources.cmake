# Paths relative to plugins/intercept/.
set(SHADOWCAT_INTERCEPT_RULES_SOURCES rules/register.cpp)
set(SHADOWCAT_INTERCEPT_RULES_TESTS)
