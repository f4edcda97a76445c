// The tile unit of x86-64 processors that have one (Intel AMX): eight registers of 16 rows of 64 bytes, and an instruction that multiplies
// two of them, of bfloat16, and adds the result to a third, of float32. Where a file is compiled for other processors, the same names are
// loops, so that the kernels built on them can be tested anywhere.
#pragma once
#include "cpu/simd.h"

namespace em::EM_ISA {

// A tile of C has 16 x 16 floats. One instruction adds up 32 depths: tiles of A have 16 rows of 32 numbers, tiles of B have 16 rows of 16
// pairs, each of two depths and one column.
constexpr int64_t TILE = 16;
constexpr int64_t TILE_DEPTH = 32;
constexpr int64_t TILE_NUMBERS = TILE * TILE_DEPTH;  // of 16 bits

#if defined(__AMX_BF16__)

// The registers belong to the thread while one lives. After it the operating system has nothing more to save when it changes threads.
class TileUnit {
public:
    EM_INLINE TileUnit() {
        struct {
            uint8_t palette = 1, start_row = 0, reserved[14] = {};
            uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
            uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
        } layout;
        static_assert(sizeof layout == 64, "as the processor reads it");
        asm volatile("ldtilecfg %0" ::"m"(layout));
    }
    EM_INLINE ~TileUnit() { _tile_release(); }
    TileUnit(const TileUnit&) = delete;
    TileUnit& operator=(const TileUnit&) = delete;
};

// The compiler's own forms do not say that memory is read.
#define EM_TILE_LOAD(tile, from, row_bytes) \
    asm volatile("tileloadd (%0,%1,1), %%tmm" #tile ::"r"(from), "r"(static_cast<int64_t>(row_bytes)) : "memory")
#define EM_TILE_STORE(tile, to, row_bytes) \
    asm volatile("tilestored %%tmm" #tile ", (%0,%1,1)" ::"r"(to), "r"(static_cast<int64_t>(row_bytes)) : "memory")
#define EM_TILE_ZERO(tile) asm volatile("tilezero %%tmm" #tile ::)
#define EM_TILE_MULTIPLY(c, a, b) asm volatile("tdpbf16ps %%tmm" #b ", %%tmm" #a ", %%tmm" #c ::)

#else

class TileUnit {
public:
    TileUnit() {}  // declared, so that one that is not used otherwise sets off no warning
    struct Register {
        uint32_t words[TILE][TILE];
    };
    static Register& at(int tile) {
        thread_local Register registers[8];
        return registers[tile];
    }
    static void load(int tile, const void* from, int64_t row_bytes) {
        for (int64_t i = 0; i < TILE; ++i) {
            __builtin_memcpy(at(tile).words[i], static_cast<const char*>(from) + i * row_bytes, 4 * TILE);
        }
    }
    static void store(int tile, void* to, int64_t row_bytes) {
        for (int64_t i = 0; i < TILE; ++i) {
            __builtin_memcpy(static_cast<char*>(to) + i * row_bytes, at(tile).words[i], 4 * TILE);
        }
    }
    // Sums of the even and of the odd depths are formed first, then added to C.
    static void multiply(int c, int a, int b) {
        for (int64_t i = 0; i < TILE; ++i) {
            for (int64_t j = 0; j < TILE; ++j) {
                float even = 0, odd = 0, sum;
                for (int64_t p = 0; p < TILE; ++p) {
                    even += low(at(a).words[i][p]) * low(at(b).words[p][j]);
                    odd += high(at(a).words[i][p]) * high(at(b).words[p][j]);
                }
                __builtin_memcpy(&sum, &at(c).words[i][j], 4);
                sum += even + odd;
                __builtin_memcpy(&at(c).words[i][j], &sum, 4);
            }
        }
    }

private:
    static float number(uint32_t bits) {
        float x;
        __builtin_memcpy(&x, &bits, 4);
        return x;
    }
    static float low(uint32_t pair) { return number(pair << 16); }
    static float high(uint32_t pair) { return number(pair & 0xffff0000u); }
};

#define EM_TILE_LOAD(tile, from, row_bytes) TileUnit::load(tile, from, row_bytes)
#define EM_TILE_STORE(tile, to, row_bytes) TileUnit::store(tile, to, row_bytes)
#define EM_TILE_ZERO(tile) TileUnit::at(tile) = {}
#define EM_TILE_MULTIPLY(c, a, b) TileUnit::multiply(c, a, b)

#endif

}  // namespace em::EM_ISA
