// C = op(A) op(B) + beta C for each replica, row-major, and what is then added to C or made of it.
//
// A block computes a tile of C, of 128 by 128 or 64 by 64, with 256 threads; a thread has 8 by 8 or 4 by 4 numbers of it, in rows and
// columns 16 apart. A and B come in pieces 16 deep by asynchronous copies, one piece ahead, and lie in shared memory as they lie in
// memory, in rows padded so that the reads of a warp meet no bank twice. The finished tile goes through shared memory, so that rows are
// read and written 16 bytes at a time.
//
// An element is one chain of fused multiply-adds in the order of k, whatever the tile, the replicas and the epilogue are: its bits depend
// on its row of op(A) and its column of op(B) alone. Operations 2 m n k; bytes 4 m n k (1 / 128 + 1 / 128) from the L2 cache and, of what
// an epilogue adds or makes, 4 an element.
#include "cuda/activation.h"
#include "cuda/async_copy.h"
#include "cuda/own_product.h"
#include "cuda/vectors.h"

namespace em::gpu {
namespace {

constexpr int SIDE = 16;  // threads in each direction
constexpr int THREADS = SIDE * SIDE;
constexpr int DEPTH = 16;
constexpr int PITCH = DEPTH + 4;  // of rows along k
constexpr int SLAB = 4;           // rows of a thread that are stored at once

struct Finish {
    View<float> bias, residual, positions, activated;
    int64_t length;
    int32_t activation;
};

struct Product {
    View<float> a, b, c;
    int64_t replicas, m, n, k;
    float beta;
    bool a_by_fours, b_by_fours, c_by_fours;
    Finish finish;
};

// One operand: `rows` vectors of length k. ALONG_K: element (row, k) at from[row * depth + k], else at from[k * rows + row].
template <int ROWS, bool ALONG_K>
struct Operand {
    static constexpr int ROW = ROWS + 4;  // pitch where rows are contiguous
    static constexpr int FLOATS = ALONG_K ? ROWS * PITCH : DEPTH * ROW;

    // Brings rows first .. first + ROWS of k0 .. k0 + DEPTH, FLOATS_AT_ONCE at a time; zeros outside.
    template <int AT_ONCE>
    EM_DEVICE static void bring(AsyncCopies& copies, float* to, const float* from, int64_t first, int64_t rows, int64_t k0, int64_t depth) {
        constexpr int ACROSS = (ALONG_K ? DEPTH : ROWS) / AT_ONCE;
        constexpr int COUNT = ROWS * DEPTH / AT_ONCE;
#pragma unroll 1
        for (int i = 0; i < COUNT / THREADS; ++i) {
            const int at = i * THREADS + static_cast<int>(threadIdx.x);
            const int outer = at / ACROSS;
            const int inner = at % ACROSS * AT_ONCE;
            const int64_t row = first + (ALONG_K ? outer : inner);
            const int64_t k = k0 + (ALONG_K ? inner : outer);
            // Where four are copied, a row ends at a multiple of four: all are inside or none.
            const bool inside = row < rows && k < depth;
            const int64_t place = ALONG_K ? row * depth + k : k * rows + row;
            copies.copy<AT_ONCE>(to + outer * (ALONG_K ? PITCH : ROW) + inner, inside ? from + place : from, inside);
        }
    }

    // Four neighbours in k of a row.
    EM_DEVICE static void read(float (&to)[4], const float* tile, int row, int k) {
        if constexpr (ALONG_K) {
            const float4 four = *reinterpret_cast<const float4*>(tile + row * PITCH + k);
            to[0] = four.x;
            to[1] = four.y;
            to[2] = four.z;
            to[3] = four.w;
        } else {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                to[i] = tile[(k + i) * ROW + row];
            }
        }
    }
};

// V neighbours of a row of C, from their product to what is stored.
template <int V>
EM_DEVICE void finish(const Product& p, int64_t r, int64_t row, int64_t column, Vec<V> sum) {
    const int64_t i = row * p.n + column;
    const Finish& f = p.finish;
    if (p.beta != 0.0f) {
        const Vec<V> before = load<V>(p.c(r) + i);
#pragma unroll
        for (int v = 0; v < V; ++v) {
            sum.at[v] = fmaf(p.beta, before.at[v], sum.at[v]);
        }
    }
    if (f.bias.base != nullptr) {
        add(sum, load<V>(f.bias(r) + column));
    }
    if (f.residual.base != nullptr) {
        add(sum, load<V>(f.residual(r) + i));
    }
    if (f.positions.base != nullptr) {
        add(sum, load<V>(f.positions(r) + (row - quotient(row, f.length) * f.length) * p.n + column));
    }
    store(p.c(r) + i, sum);
    if (f.activated.base != nullptr) {
#pragma unroll
        for (int v = 0; v < V; ++v) {
            sum.at[v] = activated(f.activation, sum.at[v]);
        }
        store(f.activated(r) + i, sum);
    }
}

// The tile in registers goes through shared memory, SLAB * SIDE rows at a time.
template <int MINE>
EM_DEVICE void store_tile(const Product& p, int64_t r, int64_t i0, int64_t j0, const float (&c)[MINE][MINE], float* memory) {
    constexpr int COLUMNS = SIDE * MINE;
    constexpr int ROW = COLUMNS + 4;
    const int x = static_cast<int>(threadIdx.x) % SIDE;
    const int y = static_cast<int>(threadIdx.x) / SIDE;
#pragma unroll
    for (int slab = 0; slab < MINE; slab += SLAB) {
        __syncthreads();
#pragma unroll
        for (int i = 0; i < SLAB; ++i) {
#pragma unroll
            for (int j = 0; j < MINE; ++j) {
                memory[(i * SIDE + y) * ROW + j * SIDE + x] = c[slab + i][j];
            }
        }
        __syncthreads();
        for (int at = static_cast<int>(threadIdx.x); at < SLAB * SIDE * COLUMNS / 4; at += THREADS) {
            const int column = at % (COLUMNS / 4) * 4;
            const int row = at / (COLUMNS / 4);
            const float* from = memory + row * ROW + column;
            if (i0 + slab * SIDE + row >= p.m) {
                continue;
            }
            if (p.c_by_fours) {
                if (j0 + column < p.n) {
                    finish<4>(p, r, i0 + slab * SIDE + row, j0 + column, load<4>(from));
                }
                continue;
            }
            for (int v = 0; v < 4 && j0 + column + v < p.n; ++v) {
                finish<1>(p, r, i0 + slab * SIDE + row, j0 + column + v, load<1>(from + v));
            }
        }
    }
}

// Grid (tiles of rows * tiles of columns, 1, replicas).
template <int MINE, bool TRANS_A, bool TRANS_B>
__global__ void __launch_bounds__(THREADS, 2) product_kernel(Product p) {
    using A = Operand<SIDE * MINE, !TRANS_A>;
    using B = Operand<SIDE * MINE, TRANS_B>;
    constexpr int TILE = SIDE * MINE;
    constexpr int STAGE = A::FLOATS + B::FLOATS;
    constexpr int STORED = SLAB * SIDE * (TILE + 4);
    EM_SHARED(float, memory, [2 * STAGE > STORED ? 2 * STAGE : STORED]);
    const int x = static_cast<int>(threadIdx.x) % SIDE;
    const int y = static_cast<int>(threadIdx.x) / SIDE;
    const int64_t across = ceil_div(p.n, TILE);
    const int64_t i0 = quotient(blockIdx.x, across) * TILE;
    const int64_t j0 = (blockIdx.x - quotient(blockIdx.x, across) * across) * TILE;
    for (int64_t r = blockIdx.z; r < p.replicas; r += gridDim.z) {
        AsyncCopies copies;
        const auto bring = [&](int64_t k0) {
            float* to = memory + k0 / DEPTH % 2 * STAGE;
            if (p.a_by_fours) {
                A::template bring<4>(copies, to, p.a(r), i0, p.m, k0, p.k);
            } else {
                A::template bring<1>(copies, to, p.a(r), i0, p.m, k0, p.k);
            }
            if (p.b_by_fours) {
                B::template bring<4>(copies, to + A::FLOATS, p.b(r), j0, p.n, k0, p.k);
            } else {
                B::template bring<1>(copies, to + A::FLOATS, p.b(r), j0, p.n, k0, p.k);
            }
        };
        float c[MINE][MINE] = {};
        bring(0);
        copies.commit();
        for (int64_t k0 = 0; k0 < p.k; k0 += DEPTH) {
            if (k0 + DEPTH < p.k) {
                bring(k0 + DEPTH);
            }
            copies.commit();
            copies.wait<1>();
            __syncthreads();
            const float* tile = memory + k0 / DEPTH % 2 * STAGE;
#pragma unroll 1
            for (int k = 0; k < DEPTH; k += 4) {
                float left[MINE][4];
#pragma unroll
                for (int i = 0; i < MINE; ++i) {
                    A::read(left[i], tile, i * SIDE + y, k);
                }
#pragma unroll
                for (int j = 0; j < MINE; ++j) {
                    float right[4];
                    B::read(right, tile + A::FLOATS, j * SIDE + x, k);
#pragma unroll
                    for (int kk = 0; kk < 4; ++kk) {
#pragma unroll
                        for (int i = 0; i < MINE; ++i) {
                            c[i][j] = fmaf(left[i][kk], right[kk], c[i][j]);
                        }
                    }
                }
            }
            __syncthreads();
        }
        store_tile(p, r, i0, j0, c, memory);
        __syncthreads();
    }
}

template <int MINE>
void launch_tiles(CudaDevice& device, const em_gemm_args& a, const Product& p) {
    constexpr int TILE = SIDE * MINE;
    const Shape shape{grid_of(ceil_div(a.m, TILE) * ceil_div(a.n, TILE), 1, a.replicas), dim3(THREADS)};
    auto* kernel = a.trans_a ? (a.trans_b ? product_kernel<MINE, true, true> : product_kernel<MINE, true, false>)
                             : (a.trans_b ? product_kernel<MINE, false, true> : product_kernel<MINE, false, false>);
    launch(device, {"gemm", __FILE__, __LINE__}, kernel, shape, p);
}

}  // namespace

void own_product(CudaDevice& device, const em_gemm_args& a, const Epilogue& e) {
    const Finish finish{view(e.bias), view(e.residual), view(e.positions), view(e.activated), e.length, e.activation};
    const Product p{view(a.a),
                    view(a.b),
                    view(a.c),
                    a.replicas,
                    a.m,
                    a.n,
                    a.k,
                    a.beta,
                    by_fours(a.replicas, a.trans_a ? a.m : a.k, a.a),
                    by_fours(a.replicas, a.trans_b ? a.k : a.n, a.b),
                    by_fours(a.replicas, a.n, a.c, e.bias, e.residual, e.positions, e.activated),
                    finish};
    // Large tiles read less, where there are enough of them; an element's bits are the same in both.
    constexpr int64_t large = 128;
    if (a.m > large / 2 && a.n > large / 2 && ceil_div(a.m, large) * ceil_div(a.n, large) * a.replicas >= device.multiprocessors()) {
        launch_tiles<8>(device, a, p);
    } else {
        launch_tiles<4>(device, a, p);
    }
}

}  // namespace em::gpu
