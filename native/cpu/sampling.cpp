// Batches of both tasks, each sequence drawn by itself. Words and integers are those of the Java definition bit for bit.
#include "cpu/kernels.h"
#include "cpu/normals.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

// Lanes of LinearRegressionDraw and of RecallDraw.
enum RegressionLane { NOISE, RELEVANT, COIN, POSITIONS };
enum RecallLane { QUERY, SLOTS, KEYS, VALUES };
constexpr int64_t ATTEMPTS = 64;

// One sequence of a batch of either task.
template <class Args>
struct Sequence {
    const Args& a;
    int64_t r, n;

    EM_INLINE RandomLane lane(int number) const {
        return lane_of(data<int32_t>(a.keys, r), static_cast<uint32_t>(number), data<int32_t>(a.step, r)[0], n,
                       data<int32_t>(a.dataset, r)[0]);
    }
    // B, at most `most`.
    EM_INLINE int64_t copies(int64_t most) const {
        const int32_t copies = data<int32_t>(a.in_context, r)[0];
        EM_REQUIRE(copies >= 0 && copies <= most, "in_context of replica %lld must be in 0..%lld, got %d", (long long)r, (long long)most,
                   copies);
        return copies;
    }
};

// One step of Floyd's algorithm (Bentley & Floyd 1987).
EM_INLINE void floyd(int32_t* marks, int64_t last, int32_t drawn) { marks[marks[drawn] == 0 ? drawn : last] = 1; }

using Regression = Sequence<em_sample_linear_regression_args>;
using Recall = Sequence<em_sample_recall_args>;

EM_INLINE void mark_relevant(const Regression& s, int32_t* marks) {
    const int64_t length = s.a.length;
    const int64_t copies = s.copies(length);
    const RandomLane lane = s.lane(POSITIONS);
    __builtin_memset(marks, 0, length * sizeof(int32_t));
    for (int64_t i = 0; i < copies; ++i) {
        const int64_t last = length - copies + i;
        if (s.a.positions == EM_LAST) {
            marks[length - 1 - i] = 1;
        } else if (s.a.positions == EM_RANDOM) {
            floyd(marks, last, lane.bounded(i, last + 1));
        } else {
            const int32_t fixed = data<int32_t>(s.a.fixed_positions, s.r)[i];
            EM_REQUIRE(fixed >= 0 && fixed < length, "fixed position %d is not in 0..%lld", fixed, (long long)length - 1);
            marks[fixed] = 1;
        }
    }
}

constexpr int64_t PIECE = 4 * LANES;

// x[t, :width] = noise / sqrt(width) for all tokens, rows of `stride` values.
EM_INLINE void fill_noise(const RandomLane& lane, int64_t length, int64_t width, int64_t stride, float scale, float* x) {
    float piece[PIECE];
    int64_t t = 0;
    int64_t j = 0;
    for (int64_t first = 0; first < length * width; first += PIECE) {
        normals(lane, first, piece);
        for (int64_t i = 0; i < PIECE; i += LANES) {
            store(piece + i, load(piece + i) * scale);
        }
        // The piece may hold several tokens and parts of tokens.
        for (int64_t used = 0; used < PIECE && t < length;) {
            const int64_t run = width - j < PIECE - used ? width - j : PIECE - used;
            __builtin_memcpy(x + t * stride + j, piece + used, run * sizeof(float));
            used += run;
            j += run;
            if (j == width) {
                j = 0;
                ++t;
            }
        }
    }
}

// y = W* relevant.
EM_INLINE void regression_target(const Regression& s, const float* relevant) {
    const int64_t width = s.a.width;
    for (int64_t i = 0; i < width; ++i) {
        const float* row = data(s.a.target, s.r) + i * width;
        Floats total{};
        vectors(0, width, [&](int64_t j, auto access) { total += access.load(row + j) * access.load(relevant + j); });
        data(s.a.y, s.r)[s.n * width + i] = sum(total);
    }
}

void draw_regression(const Regression& s, float* relevant) {
    const em_sample_linear_regression_args& a = s.a;
    const float scale = 1.0f / __builtin_sqrtf(static_cast<float>(a.width));
    if (s.lane(COIN).coin(0, data(a.cross_sample, s.r)[0])) {
        __builtin_memcpy(relevant, data(a.special, s.r), a.width * sizeof(float));
    } else {
        fill_noise(s.lane(RELEVANT), 1, a.width, a.width, scale, relevant);
    }
    int32_t* marks = data<int32_t>(a.relevant, s.r) + s.n * a.length;
    mark_relevant(s, marks);
    const int64_t stride = a.width + a.feature;
    float* x = data(a.x, s.r) + s.n * a.length * stride;
    fill_noise(s.lane(NOISE), a.length, a.width, stride, scale, x);
    for (int64_t t = 0; t < a.length; ++t) {
        if (marks[t] != 0) {
            __builtin_memcpy(x + t * stride, relevant, a.width * sizeof(float));
        }
        if (a.feature) {
            x[t * stride + a.width] = marks[t] != 0 ? 1.0f : 0.0f;
        }
    }
    regression_target(s, relevant);
}

EM_INLINE bool toss(int32_t* marks, const RandomLane& lane, int64_t first, int64_t successes, int64_t trials, int64_t slots) {
    bool any = false;
    for (int64_t i = 0; i < slots; ++i) {
        marks[i] = lane.coin(first + i, successes, trials) ? 1 : 0;
        any |= marks[i] != 0;
    }
    return any;
}

// Marks the slots that hold the query.
EM_INLINE void mark_slots(const Recall& s, int32_t* marks) {
    const int64_t pairs = s.a.pairs;
    const int64_t copies = s.copies(pairs);
    const RandomLane lane = s.lane(SLOTS);
    switch (s.a.placement) {
        case EM_AT_LEAST_ONE:
            toss(marks, lane, 1, copies - 1, pairs - 1, pairs);
            marks[lane.bounded(0, pairs)] = 1;
            break;
        case EM_BINOMIAL:
            toss(marks, lane, 1, copies, pairs, pairs);
            break;
        case EM_BINOMIAL_POSITIVE: {
            bool any = false;
            for (int64_t attempt = 0; attempt < ATTEMPTS && !any; ++attempt) {
                any = toss(marks, lane, 1 + attempt * pairs, copies, pairs, pairs);
            }
            if (!any) {
                marks[lane.bounded(0, pairs)] = 1;
            }
            break;
        }
        default:
            __builtin_memset(marks, 0, pairs * sizeof(int32_t));
            for (int64_t i = 0; i < copies; ++i) {
                floyd(marks, pairs - copies + i, lane.bounded(1 + i, pairs - copies + i + 1));
            }
    }
}

// One step of a partial shuffle (Fisher & Yates): swaps elements i and `drawn` and returns the new element i.
EM_INLINE int32_t shuffle(int32_t* elements, int64_t i, int64_t drawn) {
    const int32_t chosen = elements[drawn];
    elements[drawn] = elements[i];
    elements[i] = chosen;
    return chosen;
}

EM_INLINE int32_t draw_query(const Recall& s) {
    const RandomLane lane = s.lane(QUERY);
    if (lane.coin(0, data(s.a.cross_sample, s.r)[0])) {
        return data<int32_t>(s.a.favoured, s.r)[lane.bounded(1, s.a.favoured_count)];
    }
    return lane.bounded(2, s.a.tokens);
}

// others: room for 2 tokens - 1 integers and the marks of all pairs.
void draw_recall(const Recall& s, int32_t* others) {
    const int64_t tokens = s.a.tokens;
    const int64_t pairs = s.a.pairs;
    const int64_t length = 2 * pairs + 1;
    int32_t* values = others + tokens;
    int32_t* marks = values + tokens;
    const int32_t query = draw_query(s);
    mark_slots(s, marks);
    for (int32_t v = 0; v < tokens; ++v) {
        values[v] = v;
        others[v] = v < query ? v : v + 1;
    }
    const RandomLane key_lane = s.lane(KEYS);
    const RandomLane value_lane = s.lane(VALUES);
    const int32_t target = shuffle(values, 0, value_lane.bounded(0, tokens));
    int32_t* sequence = data<int32_t>(s.a.sequence, s.r) + s.n * length;
    int32_t* relevant = data<int32_t>(s.a.relevant, s.r) + s.n * length;
    int32_t* key = data<int32_t>(s.a.key, s.r) + s.n * length;
    __builtin_memset(relevant, 0, length * sizeof(int32_t));
    __builtin_memset(key, 0, length * sizeof(int32_t));
    int64_t m = 0;
    int64_t first = -1;
    for (int64_t slot = 0; slot < pairs; ++slot) {
        sequence[2 * slot] = query;
        sequence[2 * slot + 1] = target;
        if (marks[slot] != 0) {
            relevant[2 * slot + 1] = 1;
            first = first < 0 ? slot : first;
            continue;
        }
        sequence[2 * slot] = shuffle(others, m, m + key_lane.bounded(m, tokens - 1 - m));
        ++m;
        sequence[2 * slot + 1] = shuffle(values, m, m + value_lane.bounded(m, tokens - m));
    }
    sequence[length - 1] = query;
    data<int32_t>(s.a.target, s.r)[s.n] = target;
    data<int32_t>(s.a.value, s.r)[s.n] = static_cast<int32_t>(first < 0 ? -1 : 2 * first + 1);
    if (first >= 0) {
        key[2 * first] = 1;
    }
}

}  // namespace

void sample_linear_regression(Device& device, const em_sample_linear_regression_args& a) {
    each_task(device, a.replicas * a.rows, a.width, [&](int64_t task, float* relevant) {
        draw_regression({a, task / a.rows, task % a.rows}, relevant);
    });
}

void sample_recall(Device& device, const em_sample_recall_args& a) {
    each_task(device, a.replicas * a.rows, 2 * a.tokens + a.pairs, [&](int64_t task, float* scratch) {
        draw_recall({a, task / a.rows, task % a.rows}, reinterpret_cast<int32_t*>(scratch));
    });
}

}  // namespace em::EM_ISA
