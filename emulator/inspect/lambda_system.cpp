#include "emulator/inspect/lambda_system.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <charconv>

// All that is taken for granted of the machines of AWS, in one place.
//
// glibc 2.26 and 2.34, gcc 7.3 and 11: Amazon Linux 2023 user guide, "Improved toolchain: gcc, binutils, and glibc".
// GLIBCXX and CXXABI of a gcc: GCC's manual of libstdc++, "ABI Policy and Guidelines" (7.3: 3.4.24 and 1.3.11; 11:
// 3.4.29; 14: 3.4.33 and 1.3.15). Amazon Linux 2023 has had the libstdc++ of gcc 14 since 2023.7 (April 2025:
// docker-library/official-images pull request 18759, amazonlinux/container-images issue 132).
//
// provided.al2023 is made from the minimal container image of Amazon Linux 2023 (AWS Compute Blog, "Introducing the
// Amazon Linux 2023 runtime for AWS Lambda"). Its libraries: packages listed in amazonlinux/amazon-linux-2023 issue 585
// and aws/aws-lambda-base-images issue 173, and what those packages need.
// provided.al2 has OpenSSL 1.0.2 (aws/aws-lambda-base-images issue 245) but, on AWS, neither libcurl nor libxml2
// (lambgeo/docker-lambda issue 34, lambci/docker-lambda issues 319 and 337) nor libcrypt.so.1 (moznion/
// aws-lambda-perl5-layer issue 6).

namespace kelvin::inspection {
namespace {

using namespace std::string_view_literals;

constexpr std::array al2_libraries = {"ld-linux-aarch64.so.1"sv,
                                      "ld-linux-x86-64.so.2"sv,
                                      "libBrokenLocale.so.1"sv,
                                      "libanl.so.1"sv,
                                      "libc.so.6"sv,
                                      "libcrypto.so.10"sv,
                                      "libdl.so.2"sv,
                                      "libgcc_s.so.1"sv,
                                      "libm.so.6"sv,
                                      "libmvec.so.1"sv,
                                      "libnsl.so.1"sv,
                                      "libnss_dns.so.2"sv,
                                      "libnss_files.so.2"sv,
                                      "libpthread.so.0"sv,
                                      "libresolv.so.2"sv,
                                      "librt.so.1"sv,
                                      "libssl.so.10"sv,
                                      "libstdc++.so.6"sv,
                                      "libthread_db.so.1"sv,
                                      "libutil.so.1"sv,
                                      "libz.so.1"sv};

constexpr std::array al2023_libraries = {"ld-linux-aarch64.so.1"sv,
                                         "ld-linux-x86-64.so.2"sv,
                                         "libBrokenLocale.so.1"sv,
                                         "libacl.so.1"sv,
                                         "libanl.so.1"sv,
                                         "libarchive.so.13"sv,
                                         "libassuan.so.0"sv,
                                         "libattr.so.1"sv,
                                         "libaudit.so.1"sv,
                                         "libblkid.so.1"sv,
                                         "libbz2.so.1"sv,
                                         "libc.so.6"sv,
                                         "libcap.so.2"sv,
                                         "libcom_err.so.2"sv,
                                         "libcrypto.so.3"sv,
                                         "libcurl.so.4"sv,
                                         "libdl.so.2"sv,
                                         "libffi.so.8"sv,
                                         "libgcc_s.so.1"sv,
                                         "libgcrypt.so.20"sv,
                                         "libgio-2.0.so.0"sv,
                                         "libglib-2.0.so.0"sv,
                                         "libgmodule-2.0.so.0"sv,
                                         "libgmp.so.10"sv,
                                         "libgobject-2.0.so.0"sv,
                                         "libgpg-error.so.0"sv,
                                         "libgpgme.so.11"sv,
                                         "libgssapi_krb5.so.2"sv,
                                         "libidn2.so.0"sv,
                                         "libjson-c.so.5"sv,
                                         "libk5crypto.so.3"sv,
                                         "libkeyutils.so.1"sv,
                                         "libkrb5.so.3"sv,
                                         "libkrb5support.so.0"sv,
                                         "liblzma.so.5"sv,
                                         "libm.so.6"sv,
                                         "libmagic.so.1"sv,
                                         "libmount.so.1"sv,
                                         "libmpfr.so.6"sv,
                                         "libmvec.so.1"sv,
                                         "libncurses.so.6"sv,
                                         "libncursesw.so.6"sv,
                                         "libnghttp2.so.14"sv,
                                         "libnss_dns.so.2"sv,
                                         "libnss_files.so.2"sv,
                                         "libpcre2-8.so.0"sv,
                                         "libpsl.so.5"sv,
                                         "libpthread.so.0"sv,
                                         "libreadline.so.8"sv,
                                         "libresolv.so.2"sv,
                                         "librt.so.1"sv,
                                         "libselinux.so.1"sv,
                                         "libsepol.so.2"sv,
                                         "libsmartcols.so.1"sv,
                                         "libsqlite3.so.0"sv,
                                         "libssl.so.3"sv,
                                         "libstdc++.so.6"sv,
                                         "libthread_db.so.1"sv,
                                         "libtinfo.so.6"sv,
                                         "libunistring.so.2"sv,
                                         "libutil.so.1"sv,
                                         "libuuid.so.1"sv,
                                         "libxml2.so.2"sv,
                                         "libz.so.1"sv,
                                         "libzstd.so.1"sv};

static_assert(std::is_sorted(al2_libraries.begin(), al2_libraries.end()));
static_assert(std::is_sorted(al2023_libraries.begin(), al2023_libraries.end()));

// bash, coreutils, gawk, grep, sed and env are in both.
constexpr std::array interpreters = {"/bin/sh"sv,      "/bin/bash"sv, "/usr/bin/sh"sv, "/usr/bin/bash"sv,
                                     "/usr/bin/env"sv, "/bin/env"sv,  "/bin/sed"sv,    "/usr/bin/sed"sv,
                                     "/usr/bin/awk"sv, "/bin/awk"sv,  "/bin/gawk"sv,   "/usr/bin/gawk"sv};

const std::array<lambda_system, 2>& systems() {
  static const std::array<lambda_system, 2> all = {{
      {"provided.al2", "Amazon Linux 2", {2, 26}, {3, 4, 24}, {3, 4, 24}, {1, 3, 11}, al2_libraries, interpreters},
      {"provided.al2023",
       "Amazon Linux 2023",
       {2, 34},
       {3, 4, 33},
       {3, 4, 29},
       {1, 3, 15},
       al2023_libraries,
       interpreters},
  }};
  return all;
}

}  // namespace

std::optional<version_numbers> version_behind(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return std::nullopt;
  }
  version_numbers numbers;
  const char* at = text.data() + prefix.size();
  const char* const end = text.data() + text.size();
  for (;;) {
    unsigned number = 0;
    const auto read = std::from_chars(at, end, number);
    if (read.ec != std::errc()) {
      return std::nullopt;
    }
    numbers.push_back(number);
    if (read.ptr == end) {
      return numbers;
    }
    if (*read.ptr != '.') {
      return std::nullopt;
    }
    at = read.ptr + 1;
  }
}

std::string text_of(const version_numbers& version) {
  std::string text;
  for (const unsigned number : version) {
    text += (text.empty() ? "" : ".") + std::to_string(number);
  }
  return text;
}

bool lambda_system::has_library(std::string_view soname) const {
  return std::binary_search(libraries.begin(), libraries.end(), soname);
}

const lambda_system* find_system(std::string_view runtime) {
  const auto found =
      std::find_if(systems().begin(), systems().end(), [&](const auto& each) { return each.runtime == runtime; });
  return found == systems().end() ? nullptr : &*found;
}

std::string_view loader_of(std::uint16_t machine) {
  return machine == EM_AARCH64 ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2";
}

}  // namespace kelvin::inspection
