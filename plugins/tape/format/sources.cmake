# Paths relative to plugins/tape/.
set(SHADOWCAT_TAPE_FORMAT_SOURCES
  format/array_pairs.cpp
  format/ignored.cpp
  format/json_difference.cpp
  format/safe_text.cpp
  format/value_excerpt.cpp
  format/volatile_text.cpp)
set(SHADOWCAT_TAPE_FORMAT_TESTS
  format/json_difference_test.cpp
  format/safe_text_test.cpp)
