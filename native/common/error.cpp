#include "common/error.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

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

em_status remember_current(const char* operation) {
    const std::string name(operation);
    try {
        throw;
    } catch (const Error& error) {
        return remember(error.status, name + ": " + error.what());
    } catch (const std::bad_alloc&) {
        return remember(EM_OUT_OF_MEMORY, name + ": out of memory");
    } catch (const std::exception& error) {
        return remember(EM_FAILED, name + ": " + error.what());
    } catch (...) {
        return remember(EM_FAILED, name + ": unknown exception");
    }
}

}  // namespace em

const char* em_last_error(void) { return em::last_error.c_str(); }

em_status em_last_status(void) { return em::last_status; }
