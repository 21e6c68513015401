# shadowcat_add_plugin(<name> SOURCES <files…>)
#   Builds <name>.so, a Shadowcat plugin: hidden visibility (only the descriptor is exported), never
#   unloaded, no undefined symbols, linked with the SDK.
# shadowcat_add_contract_test(<name> CONFIG <file.yaml>)
#   Adds a ctest entry that runs shadowcat-plugin-test against the plugin.
function(shadowcat_add_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES" ${ARGN})
  add_library(${name} MODULE ${arg_SOURCES})
  if(TARGET shadowcat::sdk)
    target_link_libraries(${name} PRIVATE shadowcat::sdk)
  else()
    target_link_libraries(${name} PRIVATE shadowcat-sdk)
  endif()
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_STANDARD 20 CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_options(${name} PRIVATE -Wl,-z,nodelete)
  get_directory_property(flags COMPILE_OPTIONS)
  if(NOT "${flags}" MATCHES "fsanitize")
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()

function(shadowcat_add_contract_test name)
  cmake_parse_arguments(arg "" "CONFIG" "" ${ARGN})
  if(TARGET shadowcat::plugin-test)
    set(runner $<TARGET_FILE:shadowcat::plugin-test>)
  else()
    set(runner $<TARGET_FILE:shadowcat-plugin-test>)
  endif()
  add_test(NAME contract.${name}
           COMMAND ${runner} --plugin $<TARGET_FILE:${name}> --config ${arg_CONFIG})
  set_tests_properties(contract.${name} PROPERTIES TIMEOUT 120)
endfunction()
