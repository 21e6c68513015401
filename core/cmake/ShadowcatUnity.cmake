# Several sources at a time: the same templates are instantiated and optimised once, and a whole build takes about half as
# long. For builds that nobody repeats (CI); while working, single sources are quicker to compile again.
if(NOT SHADOWCAT_UNITY)
  return()
endif()

foreach(target shadowcat-sdk shadowcat-core transport-http-objects transport-stdio-objects otlp-objects)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  # What one file hides in an anonymous namespace is used in the next one only by its own code.
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
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
