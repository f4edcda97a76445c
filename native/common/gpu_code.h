// For which GPUs a build of the CUDA kernels holds code.
#pragma once
#include <cstdint>
#include <string_view>

namespace em {

// Whether code for `gpus` runs on a GPU of this compute capability. `gpus` is a list such as "80-real,90": machine code ("-real")
// runs on GPUs of the same first number and no smaller second one; PTX ("-virtual") on all that are no older; a bare number is
// both.
constexpr bool has_code_for(std::string_view gpus, int32_t major, int32_t minor) {
    while (!gpus.empty()) {
        const size_t end = gpus.find(',');
        const std::string_view gpu = gpus.substr(0, end);
        const size_t digits = gpu.find_first_not_of("0123456789");
        int32_t number = 0;
        for (const char digit : gpu.substr(0, digits)) {
            number = 10 * number + (digit - '0');
        }
        const bool real = gpu.find("-virtual") == gpu.npos;
        const bool ptx = gpu.find("-real") == gpu.npos;
        if ((real && number / 10 == major && number % 10 <= minor) || (ptx && number <= 10 * major + minor)) {
            return true;
        }
        gpus = end == gpus.npos ? std::string_view() : gpus.substr(end + 1);
    }
    return false;
}

}  // namespace em
