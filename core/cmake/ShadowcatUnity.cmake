# Several sources at a time: the same headers are read and the same templates are instantiated and optimised once, and a
# whole build takes a third of the time. For builds that nobody repeats (CI); while working, single sources are quicker to
# compile again. Every target takes part except those named here.
if(NOT SHADOWCAT_UNITY)
  return()
endif()

# Each of these checks that something compiles alone.
set(never_together sdk-headers sdk-headers-asio sdk-headers-asio-config)

# Optimised code costs more memory and time for each source, and two cores want to be busy till the end.
set(most_optimised 8)
set(most_unoptimised 16)

# All targets below a directory.
function(shadowcat_targets_below directory result)
  get_property(found DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(folders DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(folder IN LISTS folders)
    shadowcat_targets_below(${folder} below)
    list(APPEND found ${below})
  endforeach()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# Batches of about the same size: ten sources are five and five, not eight and two.
function(shadowcat_compile_together target)
  get_target_property(options ${target} COMPILE_OPTIONS)
  set(most ${most_optimised})
  if("-O0" IN_LIST options)
    set(most ${most_unoptimised})
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(LENGTH sources count)
  math(EXPR batches "(${count} + ${most} - 1) / ${most}")
  if(batches EQUAL 0 OR count EQUAL 1)
    return()
  endif()
  math(EXPR size "(${count} + ${batches} - 1) / ${batches}")
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
  # What one file hides in an anonymous namespace is used in the next one only by its own code.
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
endfunction()

shadowcat_targets_below(${PROJECT_SOURCE_DIR} targets)
list(REMOVE_ITEM targets ${never_together})
foreach(target IN LISTS targets)
  get_target_property(type ${target} TYPE)
  if(type MATCHES "EXECUTABLE|LIBRARY" AND NOT type STREQUAL "INTERFACE_LIBRARY")
    shadowcat_compile_together(${target})
  endif()
endforeach()

# Compiled alone: they have names of their own for what others call the same.
function(shadowcat_compile_alone target directory)
  foreach(file IN LISTS ARGN)
    set_property(SOURCE ${PROJECT_SOURCE_DIR}/${directory}/${file}.cpp TARGET_DIRECTORY ${target}
                 PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
  endforeach()
endfunction()

shadowcat_compile_alone(shadowcat-core core
  bridge/to_stateless/client_profile bridge/to_stateless/session_call bridge/to_stateless/session_link
  cli/check cli/plugins_command cli/shadowcat cli/usage_messages
  exchange/retry_policy
  plugin/open_plugin plugin/plugin_loader plugin/plugin_registry
  upstream/circuit_breaker)
shadowcat_compile_alone(transport-http-objects plugins/transport-http sse_pair)
shadowcat_compile_alone(intercept-objects plugins/intercept cli/intercept_command)
