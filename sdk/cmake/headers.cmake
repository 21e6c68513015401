# Compiles each public header alone, so that an author may include any of them first.
file(GLOB sdk_headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/include
     include/shadowcat/sdk/*.hpp)
set(sdk_header_sources "")
foreach(header IN LISTS sdk_headers ITEMS shadowcat/sdk/version.hpp)
  get_filename_component(stem ${header} NAME_WE)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${stem}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n")
  list(APPEND sdk_header_sources ${source})
endforeach()
add_library(sdk-headers OBJECT ${sdk_header_sources})
target_link_libraries(sdk-headers PRIVATE shadowcat-sdk)
target_compile_options(sdk-headers PRIVATE -O0 -g0)
