// SPDX-License-Identifier: Apache-2.0
// Reads the GNU build id out of an ELF file, trusting nothing in it.
#include "core/plugin/hex.hpp"
#include "core/plugin/plugin_file.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <vector>

namespace shadowcat::core {

namespace {

constexpr std::size_t kMaxNotes = 64 * 1024;

std::vector<char> read_at(std::ifstream& file, std::uint64_t offset, std::size_t size) {
    std::vector<char> bytes(size);
    file.clear();
    file.seekg(static_cast<std::streamoff>(offset));
    if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return {};
    return bytes;
}

template <class T>
bool read_struct(std::ifstream& file, std::uint64_t offset, T& out) {
    const std::vector<char> bytes = read_at(file, offset, sizeof(T));
    if (bytes.empty()) return false;
    std::memcpy(&out, bytes.data(), sizeof(T));
    return true;
}

std::size_t aligned(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

std::string build_id_in(const std::vector<char>& notes) {
    std::size_t at = 0;
    while (at + sizeof(Elf64_Nhdr) <= notes.size()) {
        Elf64_Nhdr note;
        std::memcpy(&note, notes.data() + at, sizeof(note));
        at += sizeof(note);
        const std::size_t value = at + aligned(note.n_namesz);
        const std::size_t end = value + aligned(note.n_descsz);
        if (value < at || end < value || end > notes.size()) return {};
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
            std::memcmp(notes.data() + at, "GNU", 4) == 0) {
            const auto* bytes = reinterpret_cast<const unsigned char*>(notes.data() + value);
            return to_hex(std::span(bytes, note.n_descsz));
        }
        at = end;
    }
    return {};
}

}  // namespace

std::string read_build_id(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    Elf64_Ehdr header;
    if (!file || !read_struct(file, 0, header)) return {};
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return {};
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment;
        if (!read_struct(file, header.e_phoff + i * sizeof(segment), segment)) return {};
        if (segment.p_type != PT_NOTE) continue;
        const std::size_t size = std::min<std::uint64_t>(segment.p_filesz, kMaxNotes);
        if (std::string id = build_id_in(read_at(file, segment.p_offset, size)); !id.empty()) {
            return id;
        }
    }
    return {};
}

}  // namespace shadowcat::core
