# What a plugin's CMakeLists.txt calls, in this repository and in anybody else's.
#
# shadowcat_add_plugin(<name> SOURCES <files…>)
#   Builds <name>.so, a Shadowcat plugin: hidden visibility (only the descriptor is exported), never
#   unloaded, no undefined symbols, linked with the SDK. <name> is what the descriptor says.
#
# shadowcat_add_contract_test(<name> CONFIG <file.yaml> [ENVIRONMENT <NAME=value…>] [TIMEOUT <s>])
#   Adds the ctest entry contract.<name> (contract.<name>.<file> unless the file is contract.yaml):
#   shadowcat-plugin-test loads the plugin <name> and checks each of its parts against the contract
#   of its kind. ${NAME} in the file is replaced from the environment; values may hold generator
#   expressions.
function(shadowcat_add_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES" ${ARGN})
  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE shadowcat::sdk)
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_STANDARD 20 CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_options(${name} PRIVATE -Wl,-z,nodelete)
  # The loader refuses files that others may write, which a umask of 002 would make.
  add_custom_command(TARGET ${name} POST_BUILD COMMAND chmod go-w $<TARGET_FILE:${name}>)
  get_directory_property(flags COMPILE_OPTIONS)
  if(NOT "${flags} ${CMAKE_CXX_FLAGS}" MATCHES "fsanitize")
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()

function(shadowcat_add_contract_test name)
  cmake_parse_arguments(arg "" "CONFIG;TIMEOUT" "ENVIRONMENT" ${ARGN})
  get_filename_component(config ${arg_CONFIG} ABSOLUTE)
  get_filename_component(variant ${arg_CONFIG} NAME_WE)
  set(entry contract.${name})
  if(NOT variant STREQUAL "contract")
    string(APPEND entry .${variant})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${entry}
           COMMAND $<TARGET_FILE:shadowcat::plugin-test> --plugin $<TARGET_FILE:${name}> --config ${config})
  set_tests_properties(${entry} PROPERTIES
    TIMEOUT ${arg_TIMEOUT} ENVIRONMENT "${arg_ENVIRONMENT}")
endfunction()
