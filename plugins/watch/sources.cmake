# Paths relative to plugins/watch/.
set(SHADOWCAT_WATCH_SOURCES placeholder.cpp)
set(SHADOWCAT_WATCH_TESTS)
