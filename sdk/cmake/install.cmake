# Installs the SDK: library, headers and the CMake package `shadowcat-sdk`.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/shadowcat-sdk)

set_target_properties(shadowcat-sdk PROPERTIES EXPORT_NAME sdk)
install(TARGETS shadowcat-sdk EXPORT shadowcat-sdk-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/shadowcat ${CMAKE_CURRENT_BINARY_DIR}/include/shadowcat
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")

# The package: find_package(shadowcat-sdk 0.1 REQUIRED). Before 1.0 another minor is another SDK.
install(EXPORT shadowcat-sdk-targets NAMESPACE shadowcat:: DESTINATION ${package_dir})
configure_package_config_file(cmake/shadowcat-sdk-config.cmake.in shadowcat-sdk-config.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS SHADOWCAT_PLUGIN_INSTALL_DIR CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(shadowcat-sdk-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/shadowcat-sdk-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/shadowcat-sdk-config-version.cmake
  cmake/ShadowcatPlugin.cmake
  DESTINATION ${package_dir})
