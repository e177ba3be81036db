// OpenSSL's big numbers need nothing of the library but these three calls, by which they report an error beside
// returning it. The library's own error queue starts everything that OpenSSL has: 3.7 MB in a static binary, every
// algorithm included. Nobody reads that queue here, so the static binary has these in its place. Should a later call
// need the queue, the linker says that both are there.
#include <openssl/err.h>

void ERR_new() {}
void ERR_set_debug(const char* /*file*/, int /*line*/, const char* /*function*/) {}
void ERR_set_error(int /*library*/, int /*reason*/, const char* /*format*/, ...) {}
