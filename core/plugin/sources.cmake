# Paths relative to core/.
set(SHADOWCAT_CORE_PLUGIN_SOURCES
  plugin/build_id.cpp
  plugin/descriptor_check.cpp
  plugin/open_plugin.cpp
  plugin/plugin_digest.cpp
  plugin/plugin_file.cpp
  plugin/plugin_host.cpp
  plugin/plugin_inspection.cpp
  plugin/plugin_loader.cpp
  plugin/plugin_registry.cpp
  plugin/plugin_search.cpp)
set(SHADOWCAT_CORE_PLUGIN_TESTS
  plugin/plugin_file_test.cpp
  plugin/plugin_loader_test.cpp
  plugin/plugin_registry_test.cpp)
# The test reads plugins that tests/plugins-broken builds.
set(SHADOWCAT_CORE_PLUGIN_TEST_DEFINITIONS
  SHADOWCAT_BROKEN_PLUGINS_DIR="${PROJECT_BINARY_DIR}/tests/plugins-broken")
