// The backward pass of linear attention and of the gated delta rule (fast_weights.h), from the last token to the first. Matrices are made
// anew, a chunk of tokens at a time.
#include "cpu/fast_weights.h"
#include "cpu/kernels.h"

namespace em::EM_ISA {
namespace {

using namespace fast_weights_parts;

constexpr int64_t CACHED = 32768;  // floats

// d = gradient of x from `d`, that of y = feature(x).
EM_INLINE void feature_backward(const em_fast_weights_args& a, const float* x, const float* y, float* d, float* to) {
    const bool unit = a.feature == EM_FEATURE_UNIT;
    const float size = unit ? 1.0f / __builtin_sqrtf(inner(x, x, a.head_dim) + SMALL) : 1.0f;
    const float along = unit ? inner(y, d, a.head_dim) : 0.0f;
    vectors(0, a.head_dim, [&](int64_t i, auto access) {
        Floats slope = access.load(d + i);
        if (a.feature == EM_FEATURE_ELU) {
            slope = access.load(x + i) > 0.0f ? slope : slope * access.load(y + i);
        } else if (unit) {
            slope = (slope - access.load(y + i) * along) * size;
        }
        access.store(to + i, slope);
    });
}

// What a task of the backward pass works in; rows are padded(head_dim) long.
struct Desk {
    int64_t n, row, chunk, chunks;
    float *starts, *states, *keys_at;     // matrices before each chunk, after each token of a chunk; sums of keys after each token
    float *d_matrix, *d_keys;             // gradients of the matrix and of the sum of keys
    float *q, *k, *d_q, *d_k, *d_out;     // of a token
    float *d_q_lanes, *d_k_lanes, *ones;  // n vectors of LANES partial sums each

    // A chunk's matrices are read and written again and again, so they should stay in the second cache: 128 KiB of them, 8 to 32, and at
    // least the root of the length, since there is a start for each chunk.
    EM_INLINE static int64_t chunk_of(const em_fast_weights_args& a) {
        int64_t chunk = 32;
        while (chunk > 8 && chunk * a.head_dim * padded(a.head_dim) > CACHED) {
            chunk /= 2;
        }
        while (chunk * chunk < a.length) {
            chunk *= 2;
        }
        return least(chunk, a.length);
    }
    EM_INLINE static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

    EM_INLINE static int64_t floats(const em_fast_weights_args& a) {
        const int64_t row = padded(a.head_dim);
        const int64_t chunk = chunk_of(a);
        const int64_t matrices = (a.length + chunk - 1) / chunk + chunk + 1;
        return matrices * a.head_dim * row + (a.normalised != 0 ? a.length : 0) * row + 6 * row + 2 * a.head_dim * LANES + LANES;
    }

    EM_INLINE Desk(const em_fast_weights_args& a, float* at) : n(a.head_dim), row(padded(n)), chunk(chunk_of(a)) {
        chunks = (a.length + chunk - 1) / chunk;
        starts = at;
        states = starts + chunks * n * row;
        d_matrix = states + chunk * n * row;
        keys_at = d_matrix + n * row;
        d_keys = keys_at + (a.normalised != 0 ? a.length : 0) * row;
        q = d_keys + row;
        k = q + row;
        d_q = k + row;
        d_k = d_q + row;
        d_out = d_k + row;
        d_q_lanes = d_out + row;
        d_k_lanes = d_q_lanes + n * LANES;
        ones = d_k_lanes + n * LANES;
        // The first start is the empty matrix; the other matrices are written before they are read.
        clear(starts, n * row);
        clear(d_matrix, at + floats(a) - d_matrix);
        store(ones, splat(1.0f));
    }

    EM_INLINE float* state(int64_t t) const { return states + t % chunk * n * row; }
    EM_INLINE float* start(int64_t c) const { return starts + c * n * row; }
    EM_INLINE const float* before(int64_t t) const { return t % chunk == 0 ? start(t / chunk) : state(t - 1); }
};

// The matrices of a chunk's tokens, from that before it; the last one, where there is a next chunk, is its start.
EM_INLINE void replay(const Head& head, const Desk& desk, int64_t c) {
    const int64_t end = Desk::least((c + 1) * desk.chunk, head.a.length);
    for (int64_t t = c * desk.chunk; t < end; ++t) {
        feature(head.a, head.vector(head.a.k, t), desk.k);
        write_token(head, t, desk.k, desk.before(t), desk.state(t));
    }
}

EM_INLINE void sum_keys(const Head& head, const Desk& desk) {
    for (int64_t t = 0; t < head.a.length; ++t) {
        float* now = desk.keys_at + t * desk.row;
        feature(head.a, head.vector(head.a.k, t), now);
        vectors(0, t == 0 ? 0 : desk.n, [&](int64_t i, auto) { store(now + i, load(now + i) + load(now - desk.row + i)); });
    }
}

// d_out becomes the gradient of S q; the normaliser's own goes to d_q and d_keys.
EM_INLINE void normaliser_backward(const Head& head, const Desk& desk, int64_t t) {
    const float* keys = desk.keys_at + t * desk.row;
    const float share = 1.0f / (inner(desk.q, keys, desk.row) + SMALL);
    const float slope = -share * inner(desk.d_out, head.output(head.a.out, t), desk.n);
    vectors(0, desk.n, [&](int64_t i, auto) {
        store(desk.d_q + i, load(keys + i) * slope);
        store(desk.d_keys + i, load(desk.d_keys + i) + load(desk.q + i) * slope);
        store(desk.d_out + i, load(desk.d_out + i) * share);
    });
}

// One token of the backward pass: d_matrix is the gradient of the matrix after it, and becomes that of the one before it.
EM_INLINE void token_backward(const Head& head, const em_fast_weights_backward_args& b, const Desk& desk, int64_t t) {
    const em_fast_weights_args& a = head.a;
    const int64_t n = desk.n;
    const int64_t row = desk.row;
    const bool gated = head.gated();
    const Gates g = gated ? gates_of(head, t) : Gates{1.0f, 1.0f};
    const float* before = desk.before(t);
    const float* after = desk.state(t);
    const float* v = head.vector(a.v, t);
    float* d_v = head.vector(b.d_v, t);
    const Floats zero{};
    Floats d_keep{};
    Floats d_write{};
    vectors(0, n, [&](int64_t j, auto access) {
        const Floats d_out = load(desk.d_out + j);
        const bool first = j == 0;
        for (int64_t i = 0; i < n; ++i) {
            float* partial = desk.d_q_lanes + i * LANES;
            store(partial, d_out * load(after + i * row + j) + (first ? zero : load(partial)));
            float* d = desk.d_matrix + i * row + j;
            store(d, load(d) + d_out * desk.q[i]);
        }
        const Floats d_w = weighted(desk.d_matrix + j, row, desk.k, n);
        Floats w = access.load(v + j);
        Floats d_read{};
        if (gated) {
            const Floats read = weighted(before + j, row, desk.k, n);
            const Floats missing = w - read * g.keep;
            const Floats d_missing = d_w * g.write;
            d_write += d_w * missing;
            d_keep -= d_missing * read;
            w = missing * g.write;
            d_read = -d_missing * g.keep;
            access.store(d_v + j, d_missing);
        } else {
            access.store(d_v + j, d_w);
        }
        for (int64_t i = 0; i < n; ++i) {
            float* at = desk.d_matrix + i * row + j;
            const Floats d = load(at);
            Floats of_key = w * d;
            if (gated) {
                const Floats old = load(before + i * row + j);
                d_keep += d * old;
                of_key += d_read * old;
                store(at, d * g.keep + d_read * desk.k[i]);
            }
            float* partial = desk.d_k_lanes + i * LANES;
            store(partial, of_key + (first ? zero : load(partial)));
        }
    });
    if (gated) {
        float* d_gates = head.gates(b.d_gates, t);
        d_gates[0] = sum(d_keep) * g.keep * (1.0f - g.keep);
        d_gates[a.heads] = sum(d_write) * g.write * (1.0f - g.write);
    }
    // Sums over the lanes, LANES of them at once.
    for (int64_t i = 0; i < n; i += LANES) {
        store(desk.d_q + i, load(desk.d_q + i) + dots(desk.ones, desk.d_q_lanes + i * LANES, LANES, n - i, LANES));
        store(desk.d_k + i, load(desk.d_keys + i) + dots(desk.ones, desk.d_k_lanes + i * LANES, LANES, n - i, LANES));
    }
}

}  // namespace

void fast_weights_backward(Device& device, const em_fast_weights_backward_args& b) {
    const em_fast_weights_args& a = b.forward;
    each_task(device, a.replicas * a.batch * a.heads, Desk::floats(a), [&](int64_t task, float* scratch) {
        const Head head(a, task);
        const Desk desk(a, scratch);
        for (int64_t c = 0; c + 1 < desk.chunks; ++c) {
            replay(head, desk, c);
            __builtin_memcpy(desk.start(c + 1), desk.state((c + 1) * desk.chunk - 1), desk.n * desk.row * sizeof(float));
        }
        if (a.normalised != 0) {
            sum_keys(head, desk);
        }
        for (int64_t t = a.length - 1; t >= 0; --t) {
            if (t == a.length - 1 || (t + 1) % desk.chunk == 0) {
                replay(head, desk, t / desk.chunk);
            }
            const float scale = a.normalised != 0 ? 1.0f : a.scale;
            const float* d_out = head.output(b.d_out, t);
            vectors(0, desk.n, [&](int64_t j, auto access) { store(desk.d_out + j, access.load(d_out + j) * scale); });
            feature(a, head.vector(a.q, t), desk.q);
            feature(a, head.vector(a.k, t), desk.k);
            clear(desk.d_q, desk.row);
            if (a.normalised != 0) {
                normaliser_backward(head, desk, t);
            }
            token_backward(head, b, desk, t);
            feature_backward(a, head.vector(a.q, t), desk.q, desk.d_q, head.vector(b.d_q, t));
            feature_backward(a, head.vector(a.k, t), desk.k, desk.d_k, head.vector(b.d_k, t));
        }
    });
}

}  // namespace em::EM_ISA
