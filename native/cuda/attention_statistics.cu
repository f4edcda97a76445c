// What probes read of the probabilities of one query a sequence: mass on marked keys, entropy. The row of scores is computed anew from q
// and k and measured against lse, so that no (Lq, Lk) matrix comes to memory: 4 Lk Dh bytes and 2 Lk Dh operations a head. Scores add up
// in the order of the forward pass, and are rounded as there: lse belongs to them.
#include "cuda/attention_mma.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 128;

struct RowStatistic {
    AttentionView a;
    View<int32_t> query, marked;  // marked absent: entropy
    View<float> out;
    int32_t* complaints;
};

// The query asked for of a sequence, or -1.
EM_DEVICE int64_t query_of(const RowStatistic& s, const Head& head) {
    const int32_t query = s.query(head.r)[head.b];
    if (query >= s.a.queries) {
        complain(s.complaints, BAD_POSITION);
        return -1;
    }
    return query;
}

// What a key that is seen adds; lse in units of ln 2.
EM_DEVICE float term(const RowStatistic& s, const Head& head, int64_t query, int64_t key, float dot, float lse) {
    const float score = log2_weight(dot, s.a, head, query, key);
    const float p = score == MINUS_INFINITY ? 0.0f : exp2f(score - lse);
    if (s.marked.base == nullptr) {
        return p == 0.0f ? 0.0f : -p * (score - lse) * LN_2;
    }
    return s.marked(head.r)[head.b * s.a.keys + key] != 0 ? p : 0.0f;
}

EM_DEVICE void store_statistic(const RowStatistic& s, const Head& head, float sum, float* scratch) {
    sum = block_sum<THREADS>(sum, scratch);
    if (threadIdx.x == 0) {
        s.out(head.r)[head.b * s.a.heads + head.h] = sum;
    }
}

// A thread takes a key. Grid (batch * heads, 1, replicas).
__global__ void __launch_bounds__(THREADS) row_statistic_kernel(RowStatistic s) {
    EM_SHARED(float, partial, [THREADS / WARP]);
    const AttentionView& a = s.a;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, blockIdx.x);
        const int64_t query = query_of(s, head);
        const int64_t seen = query < 0 ? 0 : (a.causal && query + a.keys - a.queries < a.keys ? query + 1 + a.keys - a.queries : a.keys);
        float sum = 0.0f;
        for (int64_t j = threadIdx.x; j < seen; j += THREADS) {
            const float* q = head.query(a.q, a, query);
            const float* k = head.key(a.k, a, j);
            float dot = 0.0f;
#pragma unroll 8
            for (int d = 0; d < a.head_dim; ++d) {
                dot = fmaf(q[d], k[d], dot);
            }
            sum += term(s, head, query, j, dot, *head.row(a.lse, a, query) * LOG2_E);
        }
        store_statistic(s, head, sum, partial);
    }
}

// On tensor cores: the query is the first of 16 rows, of which the others are zero; a warp takes 16 of 64 keys. Grid as above.
template <class P, int DH>
__global__ void __launch_bounds__(THREADS) row_statistic_mma_kernel(RowStatistic s) {
    constexpr int KEYS = THREADS / WARP * MMA_ROWS;
    constexpr int QUERY_WORDS = BY_COLUMNS<P, DH, MMA_ROWS>;
    constexpr int KEY_WORDS = BY_COLUMNS<P, DH, KEYS>;
    // Aligned for words by fours.
    EM_SHARED(uint4, q_fours, [QUERY_WORDS / 4]);
    EM_SHARED(uint4, k_fours, [KEY_WORDS / 4]);
    EM_SHARED(float, partial, [THREADS / WARP]);
    uint32_t* const q = reinterpret_cast<uint32_t*>(q_fours);
    uint32_t* const k = reinterpret_cast<uint32_t*>(k_fours);
    const AttentionView& a = s.a;
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, blockIdx.x);
        const int64_t query = query_of(s, head);
        const int64_t row = query < 0 ? 0 : query;
        load_tile<P, DH, MMA_ROWS, THREADS>(q, nullptr, head.query(a.q, a, row), a.query_stride, 1, a);
        const float lse = *head.row(a.lse, a, row) * LOG2_E;
        float sum = 0.0f;
        for (int64_t key0 = 0; key0 < a.keys; key0 += KEYS) {
            load_tile<P, DH, KEYS, THREADS>(k, nullptr, head.key(a.k, a, key0), a.key_stride, a.keys - key0, a);
            __syncthreads();
            FragmentC dots[2] = {};
            add_mma_dots<P, DH>(q, k + warp_index() * MMA_ROWS * COLUMN_STRIDE<P, DH>, a, dots);
            const int seen = lane_row() == 0 && query >= 0 ? visible_keys(a, query, key0, KEYS) : 0;
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                const int key = warp_index() * MMA_ROWS + i / 2 * MMA_COLUMNS + 2 * lane_word() + i % 2;
                sum += key < seen ? term(s, head, query, key0 + key, dots[i / 2][i % 2], lse) : 0.0f;
            }
            __syncthreads();
        }
        store_statistic(s, head, sum, partial);
    }
}

void launch_statistic(CudaDevice& device, const em_attention_args& forward, const RowStatistic& s) {
    const Shape shape{grid_of(s.a.batch * s.a.heads, 1, s.a.replicas), dim3(THREADS)};
    if (!on_tensor_cores(device, forward)) {
        EM_LAUNCH(device, row_statistic_kernel, shape, s);
        return;
    }
    dispatch_mma(device, s.a.head_dim, [&](auto precision, auto width) {
        EM_LAUNCH(device, (row_statistic_mma_kernel<decltype(precision), decltype(width)::value>), shape, s);
    });
}

}  // namespace

void attention_mass(Device& d, const em_attention_mass_args& a) {
    CudaDevice& device = cuda(d);
    launch_statistic(device, a.forward,
                     {attention_view(a.forward), view<int32_t>(a.query), view<int32_t>(a.marked), view(a.mass), device.complaints()});
}

void attention_entropy(Device& d, const em_attention_entropy_args& a) {
    CudaDevice& device = cuda(d);
    launch_statistic(device, a.forward,
                     {attention_view(a.forward), view<int32_t>(a.query), View<int32_t>{nullptr, 0}, view(a.entropy), device.complaints()});
}

}  // namespace em::gpu
