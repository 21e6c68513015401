# Paths relative to plugins/tape/.
set(SHADOWCAT_TAPE_REPLAY_SOURCES
  replay/canonical_json.cpp
  replay/exchange_index.cpp
  replay/index_builder.cpp
  replay/register.cpp
  replay/request_form.cpp)
set(SHADOWCAT_TAPE_REPLAY_TESTS
  replay/canonical_json_test.cpp
  replay/index_builder_test.cpp
  replay/request_form_test.cpp
  replay/schedule_test.cpp)
