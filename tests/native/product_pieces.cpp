// Products by pieces of bfloat16 (cpu/amx), held to double precision. Compiled for processors without a tile unit, so that loops stand for
// its instructions: the cutting, packing and the edges of tiles are tested on any machine. The unit itself is tested by the tests of the
// backend where a processor has one.
#include <algorithm>
#include <limits>

#include "cpu/amx/pieces.h"
#include "cpu/amx/product.h"
#include "harness.h"

using namespace em::EM_ISA;

namespace {

std::mt19937 generator(11);

std::vector<float> normal(int64_t count) {
    std::normal_distribution<float> distribution;
    std::vector<float> values(count);
    for (float& value : values) {
        value = distribution(generator);
    }
    return values;
}

double piece(uint16_t bits) {
    const uint32_t word = static_cast<uint32_t>(bits) << 16;
    float x;
    std::memcpy(&x, &word, sizeof x);
    return x;
}

// The three pieces of x, each read back from the first number of its tile.
std::vector<double> pieces_of(float x) {
    alignas(64) uint16_t tiles[PIECES * TILE_NUMBERS];
    const std::vector<float> row(TILE_DEPTH, x);
    pack_pieces_of_rows({row.data(), TILE_DEPTH, false}, 0, 1, 0, TILE_DEPTH, {tiles, 1});
    return {piece(tiles[0]), piece(tiles[TILE_NUMBERS]), piece(tiles[2 * TILE_NUMBERS])};
}

void pieces_add_up_to_the_number() {
    std::uniform_int_distribution<uint32_t> bits;
    std::vector<float> numbers = {0.0f, -0.0f, 1.0f, 1.00390625f, -1.99999988f, 3.3e38f, 1e-30f, 1.17549435e-38f};
    for (int i = 0; i < 100000; ++i) {
        const uint32_t word = bits(generator);
        float x;
        std::memcpy(&x, &word, sizeof x);
        if (std::abs(x) < 3.38e38f && std::abs(x) > 1e-32f) {
            numbers.push_back(x);
        }
    }
    for (const float x : numbers) {
        const std::vector<double> of = pieces_of(x);
        EXPECT(of[0] + of[1] + of[2] == x, "%.9g as %.9g + %.9g + %.9g", x, of[0], of[1], of[2]);
        EXPECT(std::abs(of[1]) <= std::abs(x) * 0x1p-8 && std::abs(of[2]) <= std::abs(x) * 0x1p-16, "%.9g as %.9g + %.9g + %.9g", x, of[0],
               of[1], of[2]);
    }
}

void what_is_not_finite_stays_so() {
    for (const uint32_t word : {0x7f800000u, 0xff800000u, 0x7fc00000u, 0x7f800001u, 0x7fffffffu, 0xffffffffu}) {
        float x;
        std::memcpy(&x, &word, sizeof x);
        const std::vector<double> of = pieces_of(x);
        EXPECT(!std::isfinite(of[0] + of[1] + of[2]), "%08x as %g + %g + %g", word, of[0], of[1], of[2]);
    }
}

struct Shape {
    int64_t m, n, k;
    float beta;
};

// Whether C is within three roundings of the sizes that were added, and nothing beside it is written.
void product_agrees(const Shape& s, bool a_transposed, bool b_transposed, float* scratch) {
    const std::vector<float> a = normal(s.m * s.k), b = normal(s.k * s.n), before = normal(s.m * s.n);
    const int64_t c_row = s.n + 3;
    std::vector<float> c(s.m * c_row, std::numeric_limits<float>::quiet_NaN());
    for (int64_t i = 0; i < s.m; ++i) {
        std::copy_n(before.data() + i * s.n, s.beta == 0 ? 0 : s.n, c.data() + i * c_row);
    }
    product_of_pieces(s.m, s.n, s.k, {a.data(), a_transposed ? s.m : s.k, a_transposed}, {b.data(), b_transposed ? s.k : s.n, b_transposed},
                      s.beta, c.data(), c_row, scratch);
    double worst = 0;
    for (int64_t i = 0; i < s.m; ++i) {
        for (int64_t j = 0; j < s.n; ++j) {
            double sum = static_cast<double>(s.beta) * before[i * s.n + j], size = std::abs(sum);
            for (int64_t p = 0; p < s.k; ++p) {
                const double term =
                    static_cast<double>(a[a_transposed ? p * s.m + i : i * s.k + p]) * b[b_transposed ? j * s.k + p : p * s.n + j];
                sum += term;
                size += std::abs(term);
            }
            const double error = std::abs(c[i * c_row + j] - sum) / (size * 0x1p-24);
            worst = error <= worst ? worst : error;  // NaN stays
        }
        for (int64_t j = s.n; j < c_row; ++j) {
            EXPECT(std::isnan(c[i * c_row + j]), "row %lld wrote beyond its end", (long long)i);
        }
    }
    EXPECT(worst <= 3, "%lld x %lld x %lld%s%s, beta %g: %.3f roundings", (long long)s.m, (long long)s.n, (long long)s.k,
           a_transposed ? " At" : "", b_transposed ? " Bt" : "", s.beta, worst);
}

// Rows alone and among others: what stands beside them in a tile changes no bit.
void bits_do_not_depend_on_other_rows(float* scratch) {
    const int64_t n = 45, k = 333;
    const std::vector<float> a = normal(77 * k), b = normal(k * n);
    std::vector<float> all(77 * n), some(20 * n);
    product_of_pieces(77, n, k, {a.data(), k, false}, {b.data(), n, false}, 0, all.data(), n, scratch);
    product_of_pieces(20, n, k, {a.data() + 31 * k, k, false}, {b.data(), n, false}, 0, some.data(), n, scratch);
    EXPECT(std::equal(some.begin(), some.end(), all.begin() + 31 * n), "rows 31 to 50 of 77");
}

}  // namespace

int main() {
    pieces_add_up_to_the_number();
    what_is_not_finite_stays_so();
    const int64_t bytes = pieces_scratch() * static_cast<int64_t>(sizeof(float));
    float* scratch = static_cast<float*>(std::aligned_alloc(64, bytes));
    const Shape shapes[] = {{1, 1, 1, 0},      {16, 16, 32, 0},  {17, 15, 33, 1},   {32, 32, 64, 1},  {33, 49, 31, -0.5f}, {15, 70, 129, 0},
                            {160, 33, 257, 0}, {64, 530, 70, 1}, {130, 17, 300, 2}, {48, 1030, 5, 0}, {1, 40, 500, 0}};
    for (const Shape& shape : shapes) {
        for (const int form : {0, 1, 2, 3}) {
            product_agrees(shape, form & 1, form & 2, scratch);
        }
    }
    bits_do_not_depend_on_other_rows(scratch);
    std::free(scratch);
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
