#include "common/error.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "common/guard.h"

namespace em {
namespace {

thread_local em_status last_status = EM_OK;
thread_local std::string last_error;

}  // namespace

void fail(em_status status, const char* file, int line, const char* format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char* inside = std::strstr(file, "native/");
    throw Error(status, std::string(text) + " (" + (inside ? inside : file) + ":" + std::to_string(line) + ")");
}

em_status remember(em_status status, const std::string& text) {
    last_status = status;
    last_error = text;
    return status;
}

}  // namespace em

const char* em_last_error(void) { return em::last_error.c_str(); }

em_status em_last_status(void) { return em::last_status; }
