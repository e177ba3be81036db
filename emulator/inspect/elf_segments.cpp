#include "emulator/inspect/elf_file.hpp"

#include <algorithm>
#include <cstring>

namespace kelvin::inspection {
namespace {

// No real program comes near; a made-up one must not keep us busy.
constexpr std::size_t entries_max = 4096;
constexpr std::size_t text_bytes_max = 4096;

/// The text at an offset of the file, up to its NUL; empty if there is none.
std::string text_at(std::string_view file, std::uint64_t offset) {
  if (offset >= file.size()) {
    return {};
  }
  const std::string_view rest = file.substr(offset, text_bytes_max);
  const std::size_t end = rest.find('\0');
  return end == std::string_view::npos ? std::string() : std::string(rest.substr(0, end));
}

/// What the loader finds through PT_DYNAMIC. Addresses in it are those of memory.
class dynamic_section {
 public:
  dynamic_section(Elf* elf, std::string_view file) : elf_(elf), file_(file) {
    std::size_t count = 0;
    if (elf_getphdrnum(elf, &count) != 0) {
      return;
    }
    for (std::size_t index = 0; index < std::min(count, entries_max); ++index) {
      GElf_Phdr segment;
      if (gelf_getphdr(elf, static_cast<int>(index), &segment) != nullptr) {
        segments_.push_back(segment);
      }
    }
  }

  const std::vector<GElf_Phdr>& segments() const noexcept { return segments_; }

  void read(const GElf_Phdr& segment, elf_facts& facts) {
    Elf_Data* data = chunk(segment.p_offset, segment.p_filesz, ELF_T_DYN);
    if (data == nullptr) {
      return;
    }
    std::vector<GElf_Dyn> entries;
    for (std::size_t index = 0; index < entries_max; ++index) {
      GElf_Dyn entry;
      if (gelf_getdyn(data, static_cast<int>(index), &entry) == nullptr || entry.d_tag == DT_NULL) {
        break;
      }
      entries.push_back(entry);
    }
    const auto value = [&](std::int64_t tag) -> std::uint64_t {
      const auto found =
          std::find_if(entries.begin(), entries.end(), [&](const auto& each) { return each.d_tag == tag; });
      return found == entries.end() ? 0 : found->d_un.d_val;
    };
    texts_offset_ = offset_of(value(DT_STRTAB));
    for (const GElf_Dyn& each : entries) {
      switch (each.d_tag) {
        case DT_NEEDED: facts.needed.push_back(text(each.d_un.d_val)); break;
        case DT_RPATH: append_paths(text(each.d_un.d_val), facts.rpath); break;
        case DT_RUNPATH: append_paths(text(each.d_un.d_val), facts.runpath); break;
        default: break;
      }
    }
    facts.is_pie = facts.type == ET_DYN && ((value(DT_FLAGS_1) & DF_1_PIE) != 0 || !facts.interpreter.empty());
    if (value(DT_VERNEED) != 0) {
      read_versions(offset_of(value(DT_VERNEED)), value(DT_VERNEEDNUM), facts);
    }
  }

 private:
  Elf_Data* chunk(std::uint64_t offset, std::uint64_t bytes, Elf_Type type) {
    if (offset >= file_.size() || bytes == 0) {
      return nullptr;
    }
    return elf_getdata_rawchunk(elf_, static_cast<std::int64_t>(offset), std::min(bytes, file_.size() - offset), type);
  }

  /// Where an address of memory lies in the file; its end if nowhere.
  std::uint64_t offset_of(std::uint64_t address) const {
    for (const GElf_Phdr& each : segments_) {
      if (each.p_type == PT_LOAD && address >= each.p_vaddr && address - each.p_vaddr < each.p_filesz) {
        const std::uint64_t inside = address - each.p_vaddr;
        return each.p_offset < file_.size() && inside < file_.size() - each.p_offset ? each.p_offset + inside
                                                                                     : file_.size();
      }
    }
    return file_.size();
  }

  std::string text(std::uint64_t at) const {
    return at < file_.size() ? text_at(file_, texts_offset_ + at) : std::string();
  }

  static void append_paths(const std::string& text, std::vector<std::string>& to) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(':', begin), text.size());
      if (end > begin) {
        to.push_back(text.substr(begin, end - begin));
      }
      begin = end + 1;
    }
  }

  void read_versions(std::uint64_t offset, std::uint64_t count, elf_facts& facts) {
    Elf_Data* data = chunk(offset, file_.size() - offset, ELF_T_BYTE);
    if (data == nullptr || facts.is_little_endian != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)) {
      return;
    }
    // Elf32_Verneed and Elf64_Verneed are the same, and so are the entries behind.
    const std::string_view bytes(static_cast<const char*>(data->d_buf), data->d_size);
    std::uint64_t at = 0;
    std::size_t left = entries_max;
    for (; count > 0 && left > 0; --count, --left) {
      Elf64_Verneed library;
      if (!copy(bytes, at, library)) {
        return;
      }
      std::uint64_t entry = at + library.vn_aux;
      for (unsigned index = 0; index < library.vn_cnt && left > 0; ++index, --left) {
        Elf64_Vernaux wanted;
        if (!copy(bytes, entry, wanted)) {
          return;
        }
        facts.versions.push_back({text(library.vn_file), text(wanted.vna_name)});
        if (wanted.vna_next == 0) {
          break;
        }
        entry += wanted.vna_next;
      }
      if (library.vn_next == 0) {
        return;
      }
      at += library.vn_next;
    }
  }

  template <class T>
  static bool copy(std::string_view bytes, std::uint64_t at, T& into) {
    if (at > bytes.size() || sizeof into > bytes.size() - at) {
      return false;
    }
    std::memcpy(&into, bytes.data() + at, sizeof into);
    return true;
  }

  Elf* elf_;
  std::string_view file_;
  std::vector<GElf_Phdr> segments_;
  std::uint64_t texts_offset_ = 0;
};

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char each : bytes) {
    text += digits[static_cast<unsigned char>(each) >> 4];
    text += digits[static_cast<unsigned char>(each) & 15];
  }
  return text;
}

void read_build_id(Elf* elf, std::string_view file, const GElf_Phdr& segment, elf_facts& facts) {
  if (segment.p_offset >= file.size() || segment.p_filesz > file.size() - segment.p_offset) {
    return;
  }
  Elf_Data* data = elf_getdata_rawchunk(elf, static_cast<std::int64_t>(segment.p_offset), segment.p_filesz,
                                        segment.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
  if (data == nullptr) {
    return;
  }
  std::size_t at = 0;
  for (std::size_t seen = 0; seen < entries_max; ++seen) {
    GElf_Nhdr note;
    std::size_t name = 0;
    std::size_t content = 0;
    const std::size_t next = gelf_getnote(data, at, &note, &name, &content);
    if (next == 0) {
      return;
    }
    const std::string_view bytes(static_cast<const char*>(data->d_buf), data->d_size);
    if (note.n_type == NT_GNU_BUILD_ID && bytes.substr(name, note.n_namesz) == std::string_view("GNU", 4)) {
      facts.build_id = hexadecimal(bytes.substr(content, std::min<std::size_t>(note.n_descsz, 64)));
      return;
    }
    at = next;
  }
}

}  // namespace

void read_segments(Elf* elf, std::string_view file, elf_facts& facts) {
  dynamic_section dynamic(elf, file);
  for (const GElf_Phdr& each : dynamic.segments()) {
    if (each.p_type == PT_INTERP && facts.interpreter.empty()) {
      facts.interpreter = text_at(file, each.p_offset);
    } else if (each.p_type == PT_NOTE && facts.build_id.empty()) {
      read_build_id(elf, file, each, facts);
    }
  }
  for (const GElf_Phdr& each : dynamic.segments()) {
    if (each.p_type == PT_DYNAMIC) {
      dynamic.read(each, facts);
      return;
    }
  }
}

}  // namespace kelvin::inspection
