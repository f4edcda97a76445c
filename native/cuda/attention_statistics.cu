// What probes read of the probabilities of some queries a sequence: mass on listed keys, entropy. Scores are computed anew from q and k and
// measured against lse, so that no (Lq, Lk) matrix comes to memory: for the mass those of the listed keys alone, 4 P Dh bytes and 2 P Dh
// operations a query; for the entropy, and on tensor cores, whole rows, 4 Lk Dh and 2 Lk Dh. Scores add up in the order of the forward
// pass, and are rounded as there: lse belongs to them.
#include "cuda/attention_mma_blocks.h"
#include "cuda/attention_mma_products.h"

namespace em::gpu {
namespace {

constexpr int THREADS = 128;
constexpr int WARPS = THREADS / WARP;
// Of a multiprocessor, for which registers are kept: for more the compiler would spill some.
template <class P>
constexpr int BLOCKS = std::is_same_v<P, SplitFloat> ? 3 : 4;

enum class Statistic { MASS, ENTROPY };

struct RowStatistic {
    AttentionView a;
    ListView on;
    View<float> out;
    int32_t* complaints;
};

// The query of an entry, or -1.
EM_DEVICE int64_t query_of(const RowStatistic& s, const Head& head, int64_t entry) {
    const int32_t query = entry < s.on.entries ? s.on.query(head.r, head.b, entry) : -1;
    if (query < -1 || query >= s.a.queries) {
        complain(s.complaints, BAD_POSITION);
        return -1;
    }
    return query;
}

// What a key that is seen adds to the entropy, or to the mass if it is listed once; lse in units of ln 2.
template <Statistic S>
EM_DEVICE float term(const RowStatistic& s, const Head& head, int64_t query, int64_t key, float dot, float lse) {
    float weight = log2_weight(dot, s.a, head, query, key);
    if (s.a.listed_count > 0) {
        weight += listed_weight(s.a, head, query, key);
    }
    const float p = probability(weight, lse);
    return S == Statistic::MASS || p == 0.0f ? p : -p * (weight - lse) * LN_2;
}

EM_DEVICE float dot_of(const AttentionView& a, const Head& head, int64_t query, int64_t key) {
    const float* const q = head.query(a.q, a, query);
    const float* const k = head.key(a.k, a, key);
    float dot = 0.0f;
#pragma unroll 8
    for (int d = 0; d < a.head_dim; ++d) {
        dot = fmaf(q[d], k[d], dot);
    }
    return dot;
}

EM_DEVICE float& place_of(const RowStatistic& s, const Head& head, int64_t entry) {
    return s.out(head.r)[(head.b * s.a.heads + head.h) * s.on.entries + entry];
}

// A warp takes an entry, a lane a key. Grid (batch * heads, ceil_div(entries, WARPS), replicas).
template <Statistic S>
__global__ void __launch_bounds__(THREADS) row_statistic_kernel(RowStatistic s) {
    const AttentionView& a = s.a;
    const int64_t entry = static_cast<int64_t>(blockIdx.y) * WARPS + warp_index();
    if (entry >= s.on.entries) {
        return;
    }
    for (int64_t r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head(a, r, blockIdx.x);
        const int64_t query = query_of(s, head, entry);
        const int64_t seen = query < 0 ? 0 : visible_keys(a, query, 0, static_cast<int>(a.keys));
        const int64_t count = query < 0 ? 0 : (S == Statistic::MASS ? s.on.width : seen);
        const float lse = query < 0 ? 0.0f : log2_sum(*head.row(a.lse, a, query));
        float sum = 0.0f;
        for (int64_t i = lane_index(); i < count; i += WARP) {
            const int64_t key = S == Statistic::MASS ? s.on.keys_of(r, head.b, entry)[i] : i;
            if (key < -1 || key >= a.keys) {
                complain(s.complaints, BAD_POSITION);
            } else if (key >= 0 && key < seen) {
                sum += term<S>(s, head, query, key, dot_of(a, head, query, key), lse);
            }
        }
        sum = lanes_sum(sum);
        if (lane_index() == 0) {
            place_of(s, head, entry) = sum;
        }
    }
}

// How often a list names a key.
EM_DEVICE float times_listed(const RowStatistic& s, const Head& head, int64_t entry, int64_t key) {
    const int32_t* const keys = s.on.keys_of(head.r, head.b, entry);
    float times = 0.0f;
    for (int64_t p = 0; p < s.on.width; ++p) {
        times += keys[p] == key ? 1.0f : 0.0f;
    }
    return times;
}

// Looks at the listed keys of 16 entries: those beyond the last would meet no tile of keys.
EM_DEVICE void look_at_keys(const RowStatistic& s, const Head& head, int64_t entry0) {
    constexpr int SHARE = THREADS / MMA_ROWS;
    const int64_t entry = entry0 + static_cast<int>(threadIdx.x) / SHARE;
    const int64_t width = query_of(s, head, entry) < 0 ? 0 : s.on.width;
    for (int64_t p = static_cast<int>(threadIdx.x) % SHARE; p < width; p += SHARE) {
        const int32_t key = s.on.keys_of(head.r, head.b, entry)[p];
        if (key < -1 || key >= s.a.keys) {
            complain(s.complaints, BAD_POSITION);
        }
    }
}

// On tensor cores: a block takes the queries of 16 entries, a warp 16 of 64 keys. Grid (batch * heads, ceil_div(entries, 16), replicas).
template <Statistic S, class P, int DH>
__global__ void __launch_bounds__(THREADS, BLOCKS<P>) row_statistic_mma_kernel(RowStatistic s) {
    constexpr int KEYS = WARPS * MMA_ROWS;
    EM_SHARED(float, k, [KEYS * KEY_STRIDE<DH>]);
    EM_SHARED(float, partial, [WARPS][MMA_ROWS]);
    const AttentionView& a = s.a;
    const int64_t entry0 = static_cast<int64_t>(blockIdx.y) * MMA_ROWS;
    AsyncCopies copies;
    for (unsigned r = blockIdx.z; r < a.replicas; r += gridDim.z) {
        const Head head = head_of(a, r, blockIdx.x);
        if (S == Statistic::MASS) {
            look_at_keys(s, head, entry0);
        }
        int64_t queries[2];
        float lse[2];
        float sums[2] = {};
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            queries[half] = query_of(s, head, entry0 + lane_row() + 8 * half);
            lse[half] = queries[half] < 0 ? 0.0f : log2_sum(*head.row(a.lse, a, queries[half]));
        }
        LeftRows<HEAD_STEPS<P, DH>> q;
        load_left<P, DH, false>(q, {head.query(a.q, a, queries[0]), head.query(a.q, a, queries[1])}, {queries[0] >= 0, queries[1] >= 0}, a);
        for (int64_t key0 = 0; key0 < a.keys; key0 += KEYS) {
            bring_rows<DH, KEYS, false>(copies, a.keys - key0, a, RowsOf<KEY_STRIDE<DH>>{k, head.key(a.k, a, key0), a.key_stride});
            copies.commit();
            copies.wait<0>();
            __syncthreads();
            FragmentC dots[2] = {};
            add_staged_dots<P, DH, KEY_STRIDE<DH>, false, 0, 2>(q, k + warp_index() * MMA_ROWS * KEY_STRIDE<DH>, a, dots);
#pragma unroll
            for (int half = 0; half < 2; ++half) {
                const int seen = queries[half] < 0 ? 0 : visible_keys(a, queries[half], key0, KEYS);
#pragma unroll
                for (int i = 0; i < 4; ++i) {
                    const int key = warp_index() * MMA_ROWS + score_key(i / 2, i % 2);
                    if (key < seen) {
                        const float times = S == Statistic::MASS ? times_listed(s, head, entry0 + lane_row() + 8 * half, key0 + key) : 1.0f;
                        const float dot = dots[i / 2][2 * half + i % 2];
                        sums[half] += times == 0.0f ? 0.0f : times * term<S>(s, head, queries[half], key0 + key, dot, lse[half]);
                    }
                }
            }
            __syncthreads();
        }
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const float sum = lanes_sum<4>(sums[half]);
            if (lane_word() == 0) {
                partial[warp_index()][lane_row() + 8 * half] = sum;
            }
        }
        __syncthreads();
        if (threadIdx.x < MMA_ROWS && entry0 + threadIdx.x < s.on.entries) {
            float sum = 0.0f;
            for (int warp = 0; warp < WARPS; ++warp) {
                sum += partial[warp][threadIdx.x];
            }
            place_of(s, head, entry0 + threadIdx.x) = sum;
        }
        __syncthreads();
    }
}

template <Statistic S>
void launch_statistic(CudaDevice& device, const em_attention_args& forward, const em_attention_list& on, const em_tensor& out) {
    const RowStatistic s{listed_view(device, forward), list_view(on), view(out), device.complaints()};
    const int64_t heads = forward.batch * forward.heads;
    if (!on_tensor_cores(device, forward)) {
        const Shape shape{grid_of(heads, ceil_div(on.entries, WARPS), forward.replicas), dim3(THREADS)};
        EM_LAUNCH(device, row_statistic_kernel<S>, shape, s);
        return;
    }
    const Shape shape{grid_of(heads, ceil_div(on.entries, MMA_ROWS), forward.replicas), dim3(THREADS)};
    dispatch_staged<true>(device, forward.head_dim, [&](auto precision, auto width) {
        EM_LAUNCH(device, (row_statistic_mma_kernel<S, decltype(precision), decltype(width)::value>), shape, s);
    });
}

}  // namespace

void attention_mass(Device& d, const em_attention_mass_args& a) { launch_statistic<Statistic::MASS>(cuda(d), a.forward, a.on, a.mass); }

void attention_entropy(Device& d, const em_attention_entropy_args& a) {
    launch_statistic<Statistic::ENTROPY>(cuda(d), a.forward, a.on, a.entropy);
}

}  // namespace em::gpu
