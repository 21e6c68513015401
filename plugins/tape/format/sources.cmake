# Paths relative to plugins/tape/.
set(SHADOWCAT_TAPE_FORMAT_SOURCES)
set(SHADOWCAT_TAPE_FORMAT_TESTS)
