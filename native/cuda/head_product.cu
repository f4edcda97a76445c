// A product for each head with its own rows of a weight. These are small (of a read-out of 32 rows a head has 0.5 to 1 million
// multiply-adds), so one launch and the time of one read decide: small tiles make many blocks, and up to 192 terms are on their way at
// once. A block computes 16 by 32 numbers; its four groups of threads share out the terms of each piece of 64, and are added in order. So
// bits depend on neither the replicas nor the alignment.
#include "cuda/async_copy.h"
#include "cuda/joined.h"
#include "cuda/kernels.h"
#include "cuda/vectors.h"

namespace em::gpu {
namespace {

constexpr int ROWS = 16;  // of C, of a block
constexpr int COLUMNS = 32;
constexpr int DEPTH = 64;  // terms of a piece
constexpr int STAGES = 3;  // pieces in shared memory
constexpr int GROUPS = 4;  // of threads, with DEPTH / GROUPS terms each
constexpr int ACROSS = 8;  // threads of a group in a row of C
constexpr int I = 2;       // rows and columns of a thread
constexpr int J = 4;
constexpr int GROUP = ACROSS * ROWS / I;
constexpr int THREADS = GROUPS * GROUP;
constexpr int PART_ROW = COLUMNS + 4;

// Element (i, k) of head h at h * head + i * row + k where k lies along rows, else at h * head + k * row + i. Of b an i is a column of C.
struct Operand {
    View<float> from;
    int64_t row, head;
};

struct Product {
    Operand a, b, c;  // c: element (i, j) at i * row + j
    int64_t replicas, m, n, k;
    View<float> bias;  // of c's columns, head after head; absent: none
};

// One product, or two of the same sizes.
struct Products {
    Product of[2];
    unsigned heads;
};

// A piece of an operand in shared memory: as it lies.
template <bool ALONG, int TILE>
struct Part {
    static constexpr int ROW = (ALONG ? DEPTH : TILE) + 4;
    static constexpr int SIZE = ROW * (ALONG ? TILE : DEPTH);

    // Elements first .. first + TILE, k0 .. k0 + DEPTH; zero where there are none.
    template <int V>
    EM_DEVICE static void copy(AsyncCopies& copies, float* to, const float* from, int64_t row, int64_t first, int64_t count, int64_t k0,
                               int64_t depth) {
        constexpr int WIDTH = (ALONG ? DEPTH : TILE) / V;
#pragma unroll
        for (int n = 0; n < TILE * DEPTH / V; n += THREADS) {
            const int at = n + static_cast<int>(threadIdx.x);
            const int down = at / WIDTH;
            const int beside = at % WIDTH * V;
            const int64_t i = first + (ALONG ? down : beside);
            const int64_t k = k0 + (ALONG ? beside : down);
            const bool inside = i < count && k < depth;
            copies.copy<V>(to + down * ROW + beside, inside ? from + (ALONG ? i * row + k : k * row + i) : from, inside);
        }
    }
    // Terms k .. k + 3 of COUNT elements: i, and each STEP after it where k lies along rows, else those that follow.
    template <int COUNT, int STEP>
    EM_DEVICE static void read(const float* part, int i, int k, float (&to)[COUNT][4]) {
        if constexpr (ALONG) {
#pragma unroll
            for (int n = 0; n < COUNT; ++n) {
                const Vec<4> four = load<4>(part + (i + n * STEP) * ROW + k);
#pragma unroll
                for (int t = 0; t < 4; ++t) {
                    to[n][t] = four.at[t];
                }
            }
        } else {
#pragma unroll
            for (int t = 0; t < 4; ++t) {
                float beside[COUNT];
                read_beside<COUNT>(part + (k + t) * ROW + i, beside);
#pragma unroll
                for (int n = 0; n < COUNT; ++n) {
                    to[n][t] = beside[n];
                }
            }
        }
    }

private:
    template <int COUNT>
    EM_DEVICE static void read_beside(const float* from, float (&to)[COUNT]) {
        static_assert(COUNT == 2 || COUNT == 4);
        if constexpr (COUNT == 4) {
            const float4 four = *reinterpret_cast<const float4*>(from);
            to[0] = four.x;
            to[1] = four.y;
            to[2] = four.z;
            to[3] = four.w;
        } else {
            const float2 two = *reinterpret_cast<const float2*>(from);
            to[0] = two.x;
            to[1] = two.y;
        }
    }
};

// Grid (tiles of rows * tiles of columns, heads of all products, replicas).
template <int V, bool A_ALONG, bool B_ALONG>
__global__ void __launch_bounds__(THREADS) head_product_kernel(Products products) {
    using A = Part<A_ALONG, ROWS>;
    using B = Part<B_ALONG, COLUMNS>;
    EM_SHARED(float, parts, [STAGES * (A::SIZE + B::SIZE)]);
    static_assert(GROUPS * ROWS * PART_ROW <= STAGES * (A::SIZE + B::SIZE));
    const int me = static_cast<int>(threadIdx.x);
    const int group = me / GROUP;
    const int x = me % ACROSS * (B_ALONG ? 1 : J);
    const int y = me / ACROSS % (ROWS / I) * I;
    constexpr bool of_weights = !A_ALONG && !B_ALONG;  // of which alone there may be two
    const bool second = of_weights && blockIdx.y >= products.heads;
    const Product& p = products.of[second ? 1 : 0];
    const int64_t head = blockIdx.y - (second ? products.heads : 0);
    const int64_t tiles = ceil_div(p.n, COLUMNS);
    const int64_t i0 = quotient(blockIdx.x, tiles) * ROWS;
    const int64_t j0 = (blockIdx.x - quotient(blockIdx.x, tiles) * tiles) * COLUMNS;
    const int pieces = static_cast<int>(ceil_div(p.k, DEPTH));
    AsyncCopies copies;
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        const float* a = p.a.from(r) + head * p.a.head;
        const float* b = p.b.from(r) + head * p.b.head;
        const auto fetch = [&](int piece) {
            if (piece < pieces) {
                float* const to = parts + piece % STAGES * (A::SIZE + B::SIZE);
                A::template copy<V>(copies, to, a, p.a.row, i0, p.m, piece * DEPTH, p.k);
                B::template copy<V>(copies, to + A::SIZE, b, p.b.row, j0, p.n, piece * DEPTH, p.k);
            }
            copies.commit();
        };
        for (int piece = 0; piece < STAGES; ++piece) {
            fetch(piece);
        }
        float c[I][J] = {};
        for (int piece = 0; piece < pieces; ++piece) {
            copies.wait<STAGES - 1>();
            __syncthreads();
            const float* part = parts + piece % STAGES * (A::SIZE + B::SIZE);
#pragma unroll
            for (int k = 0; k < DEPTH / GROUPS; k += 4) {
                float left[I][4];
                float right[J][4];
                A::template read<I, 1>(part, y, group * (DEPTH / GROUPS) + k, left);
                B::template read<J, ACROSS>(part + A::SIZE, x, group * (DEPTH / GROUPS) + k, right);
#pragma unroll
                for (int t = 0; t < 4; ++t) {
#pragma unroll
                    for (int i = 0; i < I; ++i) {
#pragma unroll
                        for (int j = 0; j < J; ++j) {
                            c[i][j] = fmaf(left[i][t], right[j][t], c[i][j]);
                        }
                    }
                }
            }
            __syncthreads();
            fetch(piece + STAGES);
        }
#pragma unroll
        for (int i = 0; i < I; ++i) {
#pragma unroll
            for (int j = 0; j < J; ++j) {
                parts[(group * ROWS + y + i) * PART_ROW + x + j * (B_ALONG ? ACROSS : 1)] = c[i][j];
            }
        }
        __syncthreads();
        for (int n = me; n < ROWS * COLUMNS / V; n += THREADS) {
            const int i = n / (COLUMNS / V);
            const int j = n % (COLUMNS / V) * V;
            Vec<V> sum = load<V>(parts + i * PART_ROW + j);
#pragma unroll
            for (int other = 1; other < GROUPS; ++other) {
                add(sum, load<V>(parts + (other * ROWS + i) * PART_ROW + j));
            }
            if (i0 + i < p.m && j0 + j < p.n) {
                if (p.bias.base != nullptr) {
                    add(sum, load<V>(p.bias(r) + head * p.n + j0 + j));
                }
                store(p.c.from(r) + head * p.c.head + (i0 + i) * p.c.row + j0 + j, sum);
            }
        }
        __syncthreads();
    }
}

template <bool A_ALONG, bool B_ALONG>
void multiply(Device& d, const Products& p, int64_t count, bool fours) {
    const Product& first = p.of[0];
    const Shape shape{grid_of(ceil_div(first.m, ROWS) * ceil_div(first.n, COLUMNS), count * p.heads, first.replicas), dim3(THREADS)};
    EM_LAUNCH(cuda(d), (fours ? head_product_kernel<4, A_ALONG, B_ALONG> : head_product_kernel<1, A_ALONG, B_ALONG>), shape, p);
}

struct Operands {
    Operand x, w, y;
};

Operands operands(const em_head_product_args& a) {
    return {
        {view(a.x), a.heads * a.head_dim, a.head_dim}, {view(a.w), a.width, a.head_dim * a.width}, {view(a.y), a.heads * a.width, a.width}};
}

bool reads_by_fours(const em_head_product_args& a) {
    return by_fours(a.replicas, a.head_dim, a.x) && by_fours(a.replicas, a.width, a.w, a.y);
}

Products one(const em_head_product_args& a, const Product& p) { return {{p, {}}, static_cast<unsigned>(a.heads)}; }

void narrow(Device& d, const em_head_product_args& a, const em_tensor& bias) {
    const Operands o = operands(a);
    const Product p{o.y, o.w, o.x, a.replicas, a.rows, a.head_dim, a.width, view(bias)};
    multiply<true, true>(d, one(a, p), 1, reads_by_fours(a) && by_fours(a.replicas, a.head_dim, bias));
}

Product weight(const em_head_product_args& a) {
    const Operands o = operands(a);
    return {o.x, o.y, o.w, a.replicas, a.head_dim, a.width, a.rows, {nullptr, 0}};
}

}  // namespace

void head_product(Device& d, const em_head_product_args& a) {
    const Operands o = operands(a);
    if (a.form == EM_HEADS_WIDEN) {
        const Product p{o.x, o.w, o.y, a.replicas, a.rows, a.width, a.head_dim, {nullptr, 0}};
        multiply<true, false>(d, one(a, p), 1, reads_by_fours(a));
    } else if (a.form == EM_HEADS_NARROW) {
        narrow(d, a, {});
    } else {
        multiply<false, false>(d, one(a, weight(a)), 1, reads_by_fours(a));
    }
}

void biased_heads(Device& d, const em_head_product_args& a, const em_bias_residual_args& sum) { narrow(d, a, sum.bias); }

void head_weights(Device& d, const em_head_product_args& a, const em_head_product_args& b) {
    const Products both{{weight(a), weight(b)}, static_cast<unsigned>(a.heads)};
    multiply<false, false>(d, both, 2, reads_by_fours(a) && reads_by_fours(b));
}

}  // namespace em::gpu
