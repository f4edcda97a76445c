// Batches of associative recall. A shuffle is a chain of dependent steps, one a pair: a thread of its own for the keys, the values and
// the ranks of the slots of a sequence; everything else is done by all threads.
#include "cuda/sampling.h"

namespace em::gpu {
namespace {

// Lanes of RecallDraw.
enum Lane : uint32_t { QUERY, SLOTS, KEYS, VALUES };
constexpr int64_t ATTEMPTS = 64;

constexpr int THREADS = 96;  // three warps: keys, values, ranks

struct Recall {
    Source source;
    View<int32_t> favoured, sequence, target, relevant, value, key;
    int64_t replicas, rows, pairs, tokens, favoured_count;
    int32_t placement;
    int32_t* decks;  // room for 2 tokens a block, where shared memory has none
};

// Marks each slot with probability successes / trials, from one word each; whether any is marked. Ends in a barrier.
EM_DEVICE bool toss(int32_t* marks, const RandomLane& lane, int64_t first, int64_t successes, int64_t trials, int64_t slots, int* scratch) {
    int mine = 0;
    for (int64_t i = threadIdx.x; i < slots; i += THREADS) {
        marks[i] = lane.coin(first + i, successes, trials) ? 1 : 0;
        mine += marks[i];
    }
    return block_sum<THREADS>(mine, scratch) != 0;
}

// Which slots hold the query. Ends in a barrier.
EM_DEVICE void mark_slots(const Recall& a, int64_t r, int64_t n, int32_t* marks, int* scratch) {
    const int64_t copies = a.source.copies(r, a.pairs);
    const RandomLane lane = a.source.lane(SLOTS, r, n);
    bool any = true;
    if (a.placement == EM_AT_LEAST_ONE) {
        toss(marks, lane, 1, copies - 1, a.pairs - 1, a.pairs, scratch);
        any = false;
    } else if (a.placement == EM_BINOMIAL) {
        toss(marks, lane, 1, copies, a.pairs, a.pairs, scratch);
    } else if (a.placement == EM_BINOMIAL_POSITIVE) {
        any = false;
        for (int64_t attempt = 0; attempt < ATTEMPTS && !any; ++attempt) {
            any = toss(marks, lane, 1 + attempt * a.pairs, copies, a.pairs, a.pairs, scratch);
        }
    } else {
        for (int64_t i = threadIdx.x; i < a.pairs; i += THREADS) {
            marks[i] = 0;
        }
        __syncthreads();
        for (int64_t i = 0; i < copies && threadIdx.x == 0; ++i) {
            const int64_t last = a.pairs - copies + i;
            floyd(marks, last, lane.bounded(1 + i, last + 1));
        }
    }
    if (!any && threadIdx.x == 0) {
        marks[lane.bounded(0, a.pairs)] = 1;
    }
    __syncthreads();
}

// Steps 0 .. count - 1 of a partial shuffle (Fisher & Yates) of a deck; draws[m], the place to swap entry m with, becomes what is drawn.
EM_DEVICE void shuffle(int32_t* deck, int32_t* draws, int64_t count) {
    for (int64_t m = 0; m < count; ++m) {
        const int32_t place = draws[m];
        const int32_t chosen = deck[place];
        deck[place] = deck[m];
        draws[m] = chosen;
    }
}

// A block draws a sequence. Grid (rows, 1, replicas).
__global__ void __launch_bounds__(THREADS, 4) recall_kernel(Recall a) {
    EM_DYNAMIC_SHARED(int32_t, shared);
    EM_SHARED(int, scratch, [THREADS / WARP]);
    EM_SHARED(int64_t, first_marked, [1]);
    const int thread = static_cast<int>(threadIdx.x);
    const int64_t n = blockIdx.x;
    int32_t* const marks = shared;
    int32_t* const ranks = marks + a.pairs;
    int32_t* const keys = ranks + a.pairs;
    int32_t* const values = keys + a.pairs;  // pairs + 1
    const int64_t length = 2 * a.pairs + 1;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        int32_t* const others = a.decks == nullptr ? values + a.pairs + 1 : a.decks + (blockIdx.z * a.rows + n) * 2 * a.tokens;
        int32_t* const deck = others + a.tokens;
        const RandomLane query_lane = a.source.lane(QUERY, r, n);
        const bool favoured = query_lane.coin(0, *a.source.cross_sample(r));
        const int32_t query = favoured ? a.favoured(r)[query_lane.bounded(1, a.favoured_count)] : query_lane.bounded(2, a.tokens);
        mark_slots(a, r, n, marks, scratch);
        for (int64_t v = thread; v < a.tokens; v += THREADS) {
            deck[v] = static_cast<int32_t>(v);
            others[v] = static_cast<int32_t>(v < query ? v : v + 1);
        }
        const RandomLane key_lane = a.source.lane(KEYS, r, n);
        const RandomLane value_lane = a.source.lane(VALUES, r, n);
        for (int64_t m = thread; m <= a.pairs; m += THREADS) {
            if (m < a.pairs && m < a.tokens - 1) {
                keys[m] = static_cast<int32_t>(m) + key_lane.bounded(m, a.tokens - 1 - m);
            }
            if (m < a.tokens) {
                values[m] = static_cast<int32_t>(m) + value_lane.bounded(m, a.tokens - m);
            }
        }
        __syncthreads();
        if (thread == 0) {
            shuffle(others, keys, a.pairs < a.tokens - 1 ? a.pairs : a.tokens - 1);
        } else if (thread == WARP) {
            shuffle(deck, values, a.pairs + 1 < a.tokens ? a.pairs + 1 : a.tokens);
        } else if (thread == 2 * WARP) {
            int32_t rank = 0;
            int64_t first = -1;
            for (int64_t slot = 0; slot < a.pairs; ++slot) {
                ranks[slot] = rank;
                rank += marks[slot] == 0;
                first = first < 0 && marks[slot] != 0 ? slot : first;
            }
            *first_marked = first;
        }
        __syncthreads();
        int32_t* sequence = a.sequence(r) + n * length;
        for (int64_t slot = thread; slot < a.pairs; slot += THREADS) {
            const bool marked = marks[slot] != 0;
            sequence[2 * slot] = marked ? query : keys[ranks[slot]];
            sequence[2 * slot + 1] = marked ? values[0] : values[1 + ranks[slot]];
        }
        for (int64_t t = thread; t < length; t += THREADS) {
            a.relevant(r)[n * length + t] = t % 2 == 1 && marks[t / 2] != 0 ? 1 : 0;
            a.key(r)[n * length + t] = *first_marked >= 0 && t == 2 * *first_marked ? 1 : 0;
        }
        if (thread == 0) {
            sequence[length - 1] = query;
            a.target(r)[n] = values[0];
            a.value(r)[n] = static_cast<int32_t>(*first_marked < 0 ? -1 : 2 * *first_marked + 1);
        }
        __syncthreads();
    }
}

}  // namespace

void sample_recall(Device& d, const em_sample_recall_args& a) {
    CudaDevice& device = cuda(d);
    constexpr int64_t small_decks = 4096;
    Recall body{source_of(device, a),
                view<int32_t>(a.favoured),
                view<int32_t>(a.sequence),
                view<int32_t>(a.target),
                view<int32_t>(a.relevant),
                view<int32_t>(a.value),
                view<int32_t>(a.key),
                a.replicas,
                a.rows,
                a.pairs,
                a.tokens,
                a.favoured_count,
                a.placement,
                nullptr};
    Shape shape{grid_of(a.rows, 1, a.replicas), dim3(THREADS), 4 * (4 * a.pairs + 1)};
    if (a.tokens <= small_decks) {
        shape.shared += 8 * a.tokens;
    } else {
        body.decks = reinterpret_cast<int32_t*>(device.workspace(shape.grid.z * a.rows * 2 * a.tokens));
    }
    EM_LAUNCH(device, recall_kernel, shape, body);
}

}  // namespace em::gpu
