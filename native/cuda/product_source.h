// How the operands of a product come to shared memory, stage after stage.
//
// An operand O in shared memory says whether it lies along k (BY_K), where an element is (place), and how much there is (FLOATS).
#pragma once
#include "cuda/async_copy.h"
#include "cuda/product.h"

namespace em::gpu {

namespace product {

// An operand in memory: `rows` vectors, `depth` long; element (row, k) at from[row * depth + k] if it lies along k, else at
// from[k * rows + row].
struct Factor {
    const View<float>& from;
    const int64_t& rows;
    const int64_t& depth;
    const bool& fours;
};

// Brings one operand, stage after stage: half of the threads A, the others B. A thread copies four neighbours at a time, by one copy or by
// four.
template <int THREADS, int ROWS, int DEPTH>
class Source {
public:
    // Rows from `first` on, k from `begin` on.
    template <class O>
    EM_DEVICE void open(const Factor& x, int64_t r, int64_t first, int64_t begin) {
        const int64_t row = first + (O::BY_K ? outer<O>() : inner<O>());
        const int64_t k = begin + (O::BY_K ? inner<O>() : outer<O>());
        at_ = x.from(r) + (O::BY_K ? row * x.depth + k : k * x.rows + row);
        rows_left_ = static_cast<int>(x.rows - row < ROWS ? x.rows - row : ROWS);
    }

    // The next stage, of which `left` k are left.
    template <class O>
    EM_DEVICE void bring(AsyncCopies& copies, const Factor& x, float* stage, int left) {
        const int k_left = left - (O::BY_K ? inner<O>() : outer<O>());
        const int64_t next = (O::BY_K ? x.depth : x.rows) * DOWN<O>;
        const float* from = at_;
        if (x.fours) {
#pragma unroll
            for (int i = 0; i < COUNT; ++i, from += next) {
                // A row ends at a multiple of four: all are inside or none.
                copies.copy<4>(stage + place<O>(i), from, inside<O>(i, k_left) > 0);
            }
        } else {
#pragma unroll 1
            for (int i = 0; i < COUNT; ++i, from += next) {
                float* to = stage + place<O>(i);
                const int some = inside<O>(i, k_left);
#pragma unroll
                for (int v = 0; v < 4; ++v) {
                    copies.copy<1>(to + v, from + v, some > v);
                }
            }
        }
        at_ = O::BY_K ? at_ + DEPTH : from;
    }

private:
    static constexpr int HALF_OF_THREADS = THREADS / 2;
    static constexpr int COUNT = ROWS * DEPTH / 4 / HALF_OF_THREADS;
    static_assert(COUNT * HALF_OF_THREADS * 4 == ROWS * DEPTH);
    template <class O>
    static constexpr int ACROSS = (O::BY_K ? DEPTH : ROWS) / 4;
    template <class O>
    static constexpr int DOWN = HALF_OF_THREADS / ACROSS<O>;

    template <class O>
    EM_DEVICE static int outer() {
        return static_cast<int>(threadIdx.x) % HALF_OF_THREADS / ACROSS<O>;
    }
    template <class O>
    EM_DEVICE static int inner() {
        return static_cast<int>(threadIdx.x) % HALF_OF_THREADS % ACROSS<O> * 4;
    }
    // Where the thread's i-th four goes, and how many of it there are.
    template <class O>
    EM_DEVICE static int place(int i) {
        const int out = outer<O>() + i * DOWN<O>;
        const int in = inner<O>();
        return O::place(O::BY_K ? out : in, O::BY_K ? in : out);
    }
    template <class O>
    EM_DEVICE int inside(int i, int k_left) const {
        const bool outside = i * DOWN<O> >= (O::BY_K ? rows_left_ : k_left);
        return outside ? 0 : O::BY_K ? k_left : rows_left_;
    }

    const float* at_;  // the thread's first
    int rows_left_;    // from there on
};

// Calls body(stage) for T::DEPTH terms of k after others, from `begin` to before `end`; terms beyond are zeros. A stage has T::SIDE vectors
// of T::A and as many of T::B; T::STAGES - 1 of them are brought ahead.
template <class T, class Body>
EM_DEVICE void each_stage(const Product& p, int64_t r, const Tile& tile, int64_t begin, int64_t end, float* memory, const Body& body) {
    using A = typename T::A;
    using B = typename T::B;
    constexpr int last = (T::STAGES - 1) * T::STAGE;
    const Factor a{p.a, p.m, p.k, p.a_by_fours};
    const Factor b{p.b, p.n, p.k, p.b_by_fours};
    const bool brings_a = threadIdx.x < T::THREADS / 2;
    Source<T::THREADS, T::SIDE, T::DEPTH> source;
    if (brings_a) {
        source.template open<A>(a, r, tile.row, begin);
    } else {
        source.template open<B>(b, r, tile.column, begin);
    }
    AsyncCopies copies;
    auto left = static_cast<int>(end - begin);
    // The stage that comes so many after the one that is used next, to `stage`, in floats.
    const auto bring = [&](int ahead, int stage) {
        const int then = left - ahead * T::DEPTH;
        if (then > 0 && brings_a) {
            source.template bring<A>(copies, a, memory + stage, then);
        } else if (then > 0) {
            source.template bring<B>(copies, b, memory + stage + A::FLOATS, then);
        }
        copies.commit();
    };
#pragma unroll
    for (int stage = 0; stage < T::STAGES - 1; ++stage) {
        bring(stage, stage * T::STAGE);
    }
    int stage = 0;
#pragma unroll 1
    for (; left > 0; left -= T::DEPTH) {
        copies.wait<T::STAGES - 2>();
        __syncthreads();
        bring(T::STAGES - 1, stage == 0 ? last : stage - T::STAGE);  // the stage before is free
        body(memory + stage);
        stage = stage == last ? 0 : stage + T::STAGE;
    }
}

}  // namespace product
}  // namespace em::gpu
