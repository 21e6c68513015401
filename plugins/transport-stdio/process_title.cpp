// SPDX-License-Identifier: Apache-2.0
// Finding the memory that /proc/self/cmdline shows, and overwriting it.
#include "process_title.hpp"

#include <sys/prctl.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

namespace shadowcat::transport_stdio {

namespace {

// proc(5): arg_start is field 48 of /proc/self/stat; the fields behind the name begin with the
// third.
constexpr int kFieldsBeforeArguments = 48 - 3;

}  // namespace

ProcessTitle::ProcessTitle() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    const std::size_t name_end = line.rfind(')');
    if (name_end == std::string::npos) return;
    std::istringstream fields(line.substr(name_end + 1));
    std::string skipped;
    for (int i = 0; i < kFieldsBeforeArguments; ++i)
        fields >> skipped;
    std::uintptr_t begin = 0, end = 0;
    if (!(fields >> begin >> end) || begin == 0 || end <= begin) return;
    arguments_ = reinterpret_cast<char*>(begin);
    size_ = end - begin;
}

void ProcessTitle::set(const char* title) const noexcept {
    ::prctl(PR_SET_NAME, title);
    if (!arguments_) return;
    std::memset(arguments_, 0, size_);
    std::strncpy(arguments_, title, size_ - 1);
}

}  // namespace shadowcat::transport_stdio
