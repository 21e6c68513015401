# Installs the SDK: library, headers, CMake package.
include(CMakePackageConfigHelpers)
install(TARGETS shadowcat-sdk EXPORT shadowcat-sdk-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/shadowcat ${CMAKE_CURRENT_BINARY_DIR}/include/shadowcat
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
