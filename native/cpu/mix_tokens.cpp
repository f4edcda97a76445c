// A weight over tokens for each group of channels, causal: 2 rows columns width operations a sequence, of which about half are made.
// Groups narrower than a vector are gathered from several sequences, side by side.
#include "cpu/kernels.h"
#include "cpu/parallel.h"
#include "cpu/tiles.h"

namespace em::EM_ISA {
namespace {

constexpr int64_t ROWS = 16;   // rows of a weight that are multiplied at once, with what the last of them sees
constexpr int64_t PARTS = 16;  // pieces of the batch whose gradients of the weight are summed apart

struct Mix {
    const em_mix_tokens_args& a;
    int64_t channels, together;  // of a group; sequences whose channels lie side by side
    bool gathers;

    EM_INLINE explicit Mix(const em_mix_tokens_args& a)
        : a(a),
          channels(a.width / a.groups),
          together(channels % LANES == 0 || channels >= 64 ? 1 : 64 / channels),
          gathers(channels % LANES != 0) {}

    EM_INLINE int64_t pieces() const { return (a.batch + together - 1) / together; }
    EM_INLINE int64_t lanes() const { return padded(together * channels); }
    EM_INLINE int64_t seen(int64_t row) const { return (row / (a.rows / a.length) + 1) * (a.columns / a.length); }
    EM_INLINE int64_t first_to_see(int64_t column) const { return column / (a.columns / a.length) * (a.rows / a.length); }
    EM_INLINE int64_t weight() const { return a.rows * a.columns; }
};

// A group's channels of `count` rows: a matrix of `lanes` columns.
struct Rows {
    float* at;
    int64_t stride;
};

// Piece `piece` of group g of a tensor (batch, count, width); gathered into `copy` where the channels are too few.
EM_INLINE Rows rows_of(const Mix& m, const em_tensor& tensor, int64_t r, int64_t g, int64_t piece, int64_t count, float* copy, bool read) {
    float* from = data(tensor, r) + g * m.channels;
    if (!m.gathers) {
        return {from + piece * count * m.a.width, m.a.width};
    }
    const int64_t lanes = m.lanes();
    const int64_t first = piece * m.together;
    for (int64_t i = 0; read && i < count; ++i) {
        float* to = copy + i * lanes;
        for (int64_t s = 0; s < m.together; ++s) {
            for (int64_t c = 0; c < m.channels; ++c) {
                to[s * m.channels + c] = first + s < m.a.batch ? from[((first + s) * count + i) * m.a.width + c] : 0.0f;
            }
        }
        __builtin_memset(to + m.together * m.channels, 0, (lanes - m.together * m.channels) * sizeof(float));
    }
    return {copy, lanes};
}

EM_INLINE void scatter(const Mix& m, const em_tensor& tensor, int64_t r, int64_t g, int64_t piece, int64_t count, const float* copy) {
    if (!m.gathers) {
        return;
    }
    float* to = data(tensor, r) + g * m.channels;
    for (int64_t s = 0; s < m.together && piece * m.together + s < m.a.batch; ++s) {
        for (int64_t i = 0; i < count; ++i) {
            for (int64_t c = 0; c < m.channels; ++c) {
                to[((piece * m.together + s) * count + i) * m.a.width + c] = copy[i * m.lanes() + s * m.channels + c];
            }
        }
    }
}

// Copies of all weights with zeros where nothing is seen.
float* masked(Device& device, const Mix& m, int64_t more) {
    const int64_t size = m.weight();
    float* all = workspace(device, m.a.replicas * m.a.groups * size + more);
    each_task(device, m.a.replicas * m.a.groups, 0, [&](int64_t task, float*) {
        const float* from = data(m.a.weight, task / m.a.groups) + task % m.a.groups * size;
        float* to = all + task * size;
        for (int64_t row = 0; row < m.a.rows; ++row) {
            const int64_t seen = m.seen(row);
            __builtin_memcpy(to + row * m.a.columns, from + row * m.a.columns, seen * sizeof(float));
            __builtin_memset(to + row * m.a.columns + seen, 0, (m.a.columns - seen) * sizeof(float));
        }
    });
    return all;
}

}  // namespace

void mix_tokens(Device& device, const em_mix_tokens_args& a) {
    const Mix m(a);
    const float* weights = masked(device, m, 0);
    const int64_t scratch = m.gathers ? (a.rows + a.columns) * m.lanes() : 0;
    each_task(device, a.replicas * m.pieces() * a.groups, scratch, [&](int64_t task, float* copy) {
        const int64_t g = task % a.groups;
        const int64_t piece = task / a.groups % m.pieces();
        const int64_t r = task / a.groups / m.pieces();
        const float* weight = weights + (r * a.groups + g) * m.weight();
        const Rows x = rows_of(m, a.x, r, g, piece, a.columns, copy, true);
        const Rows y = rows_of(m, a.y, r, g, piece, a.rows, copy + a.columns * m.lanes(), false);
        for (int64_t row = 0; row < a.rows; row += ROWS) {
            const int64_t end = least(row + ROWS, a.rows);
            multiply(end - row, m.lanes(), m.seen(end - 1), {weight + row * a.columns, a.columns, 1}, rows_as_right(x.at, x.stride),
                     y.at + row * y.stride, y.stride, false);
        }
        scatter(m, a.y, r, g, piece, a.rows, y.at);
    });
}

// d_x = weight^T d_y; d_weight = d_y x^T, summed over the channels of a piece, over the pieces of a part, then over the parts in order.
void mix_tokens_backward(Device& device, const em_mix_tokens_backward_args& b) {
    const em_mix_tokens_args& a = b.forward;
    const Mix m(a);
    const int64_t parts = least(PARTS, m.pieces());
    const int64_t columns = padded(a.columns);
    const int64_t matrices = a.replicas * a.groups;
    const float* weights = masked(device, m, matrices * parts * a.rows * columns);
    float* sums = const_cast<float*>(weights) + matrices * m.weight();
    const int64_t copies = (2 * a.columns + a.rows) * m.lanes();
    each_task(device, matrices * parts, copies + transposed_size(a.columns, m.lanes()), [&](int64_t task, float* copy) {
        const int64_t part = task % parts;
        const int64_t g = task / parts % a.groups;
        const int64_t r = task / parts / a.groups;
        const float* weight = weights + (r * a.groups + g) * m.weight();
        float* sum = sums + task * a.rows * columns;
        float* turned = copy + copies;
        const int64_t last = (part + 1) * m.pieces() / parts;
        for (int64_t first = part * m.pieces() / parts, piece = first; piece < last; ++piece) {
            const Rows x = rows_of(m, a.x, r, g, piece, a.columns, copy, true);
            const Rows d_y = rows_of(m, b.d_y, r, g, piece, a.rows, copy + a.columns * m.lanes(), true);
            const Rows d_x = rows_of(m, b.d_x, r, g, piece, a.columns, copy + (a.columns + a.rows) * m.lanes(), b.accumulate != 0);
            pack_transposed(x.at, x.stride, a.columns, m.lanes(), turned);
            for (int64_t row = 0; row < a.rows; row += ROWS) {
                const int64_t end = least(row + ROWS, a.rows);
                multiply(end - row, padded(m.seen(end - 1)), m.lanes(), {d_y.at + row * d_y.stride, d_y.stride, 1},
                         transposed_as_right(turned, m.lanes()), sum + row * columns, columns, piece > first);
            }
            for (int64_t column = 0; column < a.columns; column += ROWS) {
                const int64_t end = least(column + ROWS, a.columns);
                const int64_t from = m.first_to_see(column);
                multiply(end - column, m.lanes(), a.rows - from, {weight + from * a.columns + column, 1, a.columns},
                         rows_as_right(d_y.at + from * d_y.stride, d_y.stride), d_x.at + column * d_x.stride, d_x.stride,
                         b.accumulate != 0);
            }
            scatter(m, b.d_x, r, g, piece, a.columns, d_x.at);
        }
    });
    each_task(device, matrices, 0, [&](int64_t task, float*) {
        float* to = data(b.d_weight, task / a.groups) + task % a.groups * m.weight();
        const float* from = sums + task * parts * a.rows * columns;
        for (int64_t row = 0; row < a.rows; ++row) {
            const int64_t seen = m.seen(row);
            vectors(0, seen, [&](int64_t u, auto access) {
                Floats total = access.load(from + row * columns + u);
                for (int64_t part = 1; part < parts; ++part) {
                    total += access.load(from + (part * a.rows + row) * columns + u);
                }
                access.store(to + row * a.columns + u, total);
            });
            __builtin_memset(to + row * a.columns + seen, 0, (a.columns - seen) * sizeof(float));
        }
    });
}

}  // namespace em::EM_ISA
