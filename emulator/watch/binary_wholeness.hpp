#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace kelvin {

/// Whether a file is all there, judged by what it says about itself.
enum class wholeness {
  whole,
  incomplete,  ///< cut short, or still being written
  unknown,     ///< of no kind that says so
};

/// Fills `into` with the file's bytes from `offset` on; false if they cannot all be read.
using byte_reader = std::function<bool(std::uint64_t offset, std::span<std::byte> into)>;

/// ELF (this machine's byte order, 32 and 64 bit): the tables of program and section headers and what each of their
/// entries names lie inside the file. Script (`#!`): its first line ends. Zip: the record at its end is there and its
/// directory lies inside the file. Anything else, an empty file and zip64 among it, is unknown. Reads a bounded number
/// of bytes whatever the file says: at most its header tables, or a zip's last 64 KiB.
wholeness judge_wholeness(std::uint64_t size_bytes, const byte_reader& read);

}  // namespace kelvin
