// Errors inside the library are exceptions; the guard of the ABI turns them into a status and a text.
#pragma once
#include "em/context.h"

namespace em {

// Throws with a printf text, to which " (file:line)" is appended. Out of line, so that code compiled for an instruction set holds no
// inline function of the standard library.
[[noreturn, gnu::format(printf, 4, 5), gnu::cold]] void fail(em_status status, const char* file, int line, const char* format, ...);

}  // namespace em

#define EM_FAIL(status, ...) ::em::fail(status, __FILE__, __LINE__, __VA_ARGS__)
#define EM_REQUIRE(condition, ...)                 \
    do {                                           \
        if (!(condition)) {                        \
            EM_FAIL(EM_BAD_ARGUMENT, __VA_ARGS__); \
        }                                          \
    } while (0)
