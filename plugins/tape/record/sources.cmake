# Paths relative to plugins/tape/.
set(SHADOWCAT_TAPE_RECORD_SOURCES record/register.cpp)
set(SHADOWCAT_TAPE_RECORD_TESTS)
