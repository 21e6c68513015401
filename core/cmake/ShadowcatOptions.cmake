# Build options, compiler flags, sanitizers and accelerators; no targets.
include(GNUInstallDirs)
include(CheckLinkerFlag)

option(SHADOWCAT_TESTS "Build the tests" ON)
option(SHADOWCAT_WERROR "Treat warnings as errors" OFF)
option(SHADOWCAT_COVERAGE "Instrument for coverage" OFF)
option(SHADOWCAT_PCH "Use a precompiled header" ON)
option(SHADOWCAT_UNITY "Compile several sources at a time" OFF)
set(SHADOWCAT_SANITIZE "" CACHE STRING "Sanitizers: address;undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(SHADOWCAT_PLUGIN_OUTPUT_DIR ${PROJECT_BINARY_DIR}/lib/shadowcat/plugins)
set(SHADOWCAT_PLUGIN_INSTALL_DIR ${CMAKE_INSTALL_LIBDIR}/shadowcat/plugins)

# Binary, libraries and plugins find each other wherever the prefix is moved to.
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR};$ORIGIN;$ORIGIN/../..")
set(CMAKE_BUILD_WITH_INSTALL_RPATH OFF)

# GCC 12 takes Asio's coroutine frame allocator for a mismatched pair when it inlines one half of it.
add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-mismatched-new-delete)
if(SHADOWCAT_WERROR)
  # GCC 12 at -O2 warns wrongly about std::string's inlined copies; they stay warnings.
  add_compile_options(-Werror -Wno-error=array-bounds -Wno-error=restrict -Wno-error=stringop-overflow)
endif()
if(SHADOWCAT_SANITIZE)
  list(JOIN SHADOWCAT_SANITIZE "," sanitizers)
  add_compile_options(-fsanitize=${sanitizers} -fno-omit-frame-pointer -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${sanitizers})
  if("thread" IN_LIST SHADOWCAT_SANITIZE)
    add_compile_options(-Wno-tsan)
  endif()
endif()
if(SHADOWCAT_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

# GCC's garbage collector walks through the whole precompiled header each time; below this heap (KiB) it waits. That saves
# up to a fifth of a compilation, and a source of ours takes half a gigabyte anyway.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options("SHELL:--param ggc-min-heapsize=600000")
endif()

check_linker_flag(CXX -fuse-ld=mold SHADOWCAT_HAS_MOLD)
if(SHADOWCAT_HAS_MOLD AND NOT SHADOWCAT_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()
# Nobody interposes our functions: calls within a library go straight to them, and the compiler knows which these are. Calls
# into other libraries go through the table that the loader has filled, without a jump in between.
add_compile_options(-fno-semantic-interposition -fno-plt)
add_link_options($<$<IN_LIST:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY$<SEMICOLON>MODULE_LIBRARY>:-Wl,-Bsymbolic-functions>)
find_program(SHADOWCAT_CCACHE ccache)
if(SHADOWCAT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # PCH needs time macros and the PCH's defines ignored to be cacheable. What a source includes is known after compiling it:
  # preprocessing everything once more for that only costs time where nothing is cached yet.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1 ${SHADOWCAT_CCACHE})
  add_compile_options(-fpch-preprocess)
endif()
