# How our own tests and plugins are declared.
include(${PROJECT_SOURCE_DIR}/sdk/cmake/ShadowcatPlugin.cmake)

# Tests are compiled once and run once: optimising them only costs time.
if(SHADOWCAT_TESTS AND CMAKE_BUILD_TYPE STREQUAL "Release")
  set(SHADOWCAT_TEST_OPTIONS -O0)
endif()
if(SHADOWCAT_TESTS)
  add_library(shadowcat-doctest-main OBJECT ${PROJECT_SOURCE_DIR}/tests/support/doctest_main.cpp)
  target_link_libraries(shadowcat-doctest-main PRIVATE doctest::doctest)
endif()

# shadowcat_test(NAME SOURCES … LIBS … [TIMEOUT s] [COST s]): one doctest binary, one ctest entry. What takes long says how
# long (COST), and starts first.
function(shadowcat_test name)
  if(NOT SHADOWCAT_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT;COST" "SOURCES;LIBS;DEFINITIONS" ${ARGN})
  set(target test-${name})
  add_executable(${target} ${arg_SOURCES} $<TARGET_OBJECTS:shadowcat-doctest-main>)
  target_link_libraries(${target} PRIVATE shadowcat-sdk doctest::doctest ${arg_LIBS})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${target} PRIVATE ${arg_DEFINITIONS})
  target_compile_options(${target} PRIVATE ${SHADOWCAT_TEST_OPTIONS})
  if(SHADOWCAT_PCH)
    target_precompile_headers(${target} REUSE_FROM shadowcat-pch-test)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
  if(arg_COST)
    set_tests_properties(${name} PROPERTIES COST ${arg_COST})
  endif()
endfunction()

# shadowcat_builtin_plugin(NAME SOURCES … LIBS …): a plugin of ours, plus a
# static twin (NAME-objects) that its unit tests link.
function(shadowcat_builtin_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_library(${name}-objects STATIC ${arg_SOURCES})
  target_link_libraries(${name}-objects PUBLIC shadowcat-sdk ${arg_LIBS})
  target_include_directories(${name}-objects PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  if(SHADOWCAT_PCH)
    target_precompile_headers(${name}-objects REUSE_FROM shadowcat-pch)
  endif()
  shadowcat_add_plugin(${name} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/plugin.cpp)
  target_link_libraries(${name} PRIVATE ${name}-objects)
  if(SHADOWCAT_PCH)
    target_precompile_headers(${name} REUSE_FROM shadowcat-pch-plugin)
  endif()
  set_target_properties(${name} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${SHADOWCAT_PLUGIN_OUTPUT_DIR}
    INSTALL_RPATH "$ORIGIN/../..")
  install(TARGETS ${name} LIBRARY DESTINATION ${SHADOWCAT_PLUGIN_INSTALL_DIR})
  set_property(GLOBAL APPEND PROPERTY SHADOWCAT_BUILTIN_PLUGINS ${name})
endfunction()
