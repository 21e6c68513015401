# Paths relative to plugins/tape/.
set(SHADOWCAT_TAPE_REPLAY_SOURCES replay/register.cpp)
set(SHADOWCAT_TAPE_REPLAY_TESTS)
