#pragma once

#include <doctest/doctest.h>

#include <minizip/zip.h>
#include <sys/stat.h>
#include <string>
#include <string_view>

namespace kelvin::test {

/// Writes zip archives, those included that no well-meaning program would write.
class zip_builder {
 public:
  explicit zip_builder(const std::string& path) : zip_(zipOpen64(path.c_str(), APPEND_STATUS_CREATE)) {
    REQUIRE(zip_ != nullptr);
  }
  zip_builder(const zip_builder&) = delete;
  zip_builder& operator=(const zip_builder&) = delete;
  ~zip_builder() { close(); }

  struct options {
    unsigned made_on = 3;  ///< Unix
    unsigned flags = 0;
    int method = Z_DEFLATED;
  };

  /// `mode` with its file type, S_IFREG if it has none.
  zip_builder& add(std::string_view name, std::string_view content, unsigned mode = 0644) {
    return add(name, content, mode, options());
  }

  zip_builder& add(std::string_view name, std::string_view content, unsigned mode, options given) {
    zip_fileinfo information{};
    information.external_fa = ((mode & S_IFMT) == 0 ? mode | S_IFREG : mode) << 16;
    if (given.made_on == 0)
      information.external_fa = 0;
    REQUIRE(zipOpenNewFileInZip4_64(zip_, std::string(name).c_str(), &information, nullptr, 0, nullptr, 0, nullptr,
                                    given.method, Z_DEFAULT_COMPRESSION, 0, -MAX_WBITS, DEF_MEM_LEVEL,
                                    Z_DEFAULT_STRATEGY, nullptr, 0, given.made_on << 8 | 20, given.flags, 0) == ZIP_OK);
    REQUIRE(zipWriteInFileInZip(zip_, content.data(), static_cast<unsigned>(content.size())) == ZIP_OK);
    REQUIRE(zipCloseFileInZip(zip_) == ZIP_OK);
    return *this;
  }

  void close() {
    if (zip_ != nullptr)
      zipClose(zip_, nullptr);
    zip_ = nullptr;
  }

 private:
  zipFile zip_;
};

}  // namespace kelvin::test
