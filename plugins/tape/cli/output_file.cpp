// SPDX-License-Identifier: Apache-2.0
// Writes to a descriptor.
#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace shadowcat::tape {

namespace {

namespace fs = std::filesystem;

std::string failure(const fs::path& file, int error) {
    return "\"" + file.string() + "\": " + std::generic_category().message(error);
}

}  // namespace

sdk::Result<std::unique_ptr<OutputFile>> OutputFile::create(const fs::path& file, bool overwrite) {
    std::error_code failed;
    if (overwrite && fs::symlink_status(file, failed).type() == fs::file_type::regular)
        fs::remove(file, failed);
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const int descriptor = ::open(file.c_str(), flags, 0600);
    if (descriptor >= 0) return std::unique_ptr<OutputFile>(new OutputFile(file, descriptor));
    if (errno == EEXIST && !overwrite) {
        return sdk::Error(sdk::ErrorCode::config,
                          "\"" + file.string() + "\" exists already; --force replaces it");
    }
    return sdk::Error(sdk::ErrorCode::config, failure(file, errno));
}

OutputFile::OutputFile(fs::path file, int descriptor)
    : file_(std::move(file)), descriptor_(descriptor), stream_(this) {
    setp(buffer_.data(), buffer_.data() + buffer_.size());
}

OutputFile::~OutputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

sdk::Result<void> OutputFile::finish() {
    sync();
    if (::close(descriptor_) != 0 && error_ == 0) error_ = errno;
    descriptor_ = -1;
    if (error_ == 0) return {};
    ::unlink(file_.c_str());
    return sdk::Error(sdk::ErrorCode::internal, failure(file_, error_));
}

OutputFile::int_type OutputFile::overflow(int_type c) {
    if (sync() != 0) return traits_type::eof();
    if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
    return traits_type::not_eof(c);
}

int OutputFile::sync() {
    const bool written = write_all(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return written ? 0 : -1;
}

bool OutputFile::write_all(const char* data, std::size_t size) {
    while (size > 0 && error_ == 0) {
        const ssize_t count = ::write(descriptor_, data, size);
        if (count < 0 && errno != EINTR) error_ = errno;
        if (count <= 0) continue;
        data += count;
        size -= static_cast<std::size_t>(count);
    }
    return error_ == 0;
}

}  // namespace shadowcat::tape
