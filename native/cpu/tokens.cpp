// Embedding, positions and read-out.
#include "cpu/kernels.h"
#include "cpu/parallel.h"

namespace em::EM_ISA {
namespace {

EM_INLINE void add_row(const float* row, float* sums, int64_t width) {
    vectors(0, width, [&](int64_t j, auto access) { access.store(sums + j, access.load(sums + j) + access.load(row + j)); });
}

EM_INLINE void copy_row(const float* from, float* to, int64_t width) { __builtin_memcpy(to, from, width * sizeof(float)); }

// A token's row of the table; raises an error for a token outside the vocabulary.
EM_INLINE int64_t table_row(const em_tensor& tokens, int64_t r, int64_t i, int64_t vocabulary) {
    const int32_t token = data<int32_t>(tokens, r)[i];
    EM_REQUIRE(token >= 0 && token < vocabulary, "token %d at row %lld of replica %lld is not in 0..%lld", token, (long long)i,
               (long long)r, (long long)vocabulary - 1);
    return token;
}

}  // namespace

void embed(Device& device, const em_embed_args& a) {
    each_rows(device, a.replicas, a.rows, a.width, [&](int64_t r, int64_t first, int64_t last) {
        for (int64_t i = first; i < last; ++i) {
            copy_row(data(a.table, r) + table_row(a.tokens, r, i, a.vocabulary) * a.width, data(a.out, r) + i * a.width, a.width);
        }
    });
}

void embed_backward(Device& device, const em_embed_backward_args& a) {
    each_task(device, a.replicas, 0, [&](int64_t r, float*) {
        float* d_table = data(a.d_table, r);
        __builtin_memset(d_table, 0, a.vocabulary * a.width * sizeof(float));
        for (int64_t i = 0; i < a.rows; ++i) {
            add_row(data(a.d_out, r) + i * a.width, d_table + table_row(a.tokens, r, i, a.vocabulary) * a.width, a.width);
        }
    });
}

void add_positions(Device& device, const em_add_positions_args& a) {
    each_rows(device, a.replicas, a.batch, a.length * a.width, [&](int64_t r, int64_t first, int64_t last) {
        for (int64_t b = first; b < last; ++b) {
            add_row(data(a.positions, r), data(a.x, r) + b * a.length * a.width, a.length * a.width);
        }
    });
}

void add_positions_backward(Device& device, const em_add_positions_backward_args& a) {
    each_chunk(device, a.replicas, a.length * a.width, [&](int64_t r, int64_t first, int64_t last) {
        float* sums = data(a.d_positions, r) + first;
        copy_row(data(a.d_x, r) + first, sums, last - first);
        for (int64_t b = 1; b < a.batch; ++b) {
            add_row(data(a.d_x, r) + b * a.length * a.width + first, sums, last - first);
        }
    });
}

void take_tokens(Device& device, const em_take_tokens_args& a) {
    const int64_t taken = a.count * a.width;
    each_rows(device, a.replicas, a.batch, taken, [&](int64_t r, int64_t first, int64_t last) {
        for (int64_t b = first; b < last; ++b) {
            copy_row(data(a.x, r) + (b * a.length + a.first) * a.width, data(a.out, r) + b * taken, taken);
        }
    });
}

void take_tokens_backward(Device& device, const em_take_tokens_backward_args& a) {
    const int64_t taken = a.count * a.width;
    each_rows(device, a.replicas, a.batch, taken, [&](int64_t r, int64_t first, int64_t last) {
        for (int64_t b = first; b < last; ++b) {
            add_row(data(a.d_out, r) + b * taken, data(a.d_x, r) + (b * a.length + a.first) * a.width, taken);
        }
    });
}

void mean_tokens(Device& device, const em_mean_tokens_args& a) {
    each_task(device, a.replicas * a.batch, 0, [&](int64_t task, float*) {
        const int64_t r = task / a.batch;
        const int64_t b = task % a.batch;
        const float* x = data(a.x, r) + b * a.length * a.width;
        float* out = data(a.out, r) + b * a.width;
        copy_row(x, out, a.width);
        for (int64_t l = 1; l < a.length; ++l) {
            add_row(x + l * a.width, out, a.width);
        }
        const float length = static_cast<float>(a.length);
        vectors(0, a.width, [&](int64_t j, auto access) { access.store(out + j, access.load(out + j) / length); });
    });
}

void mean_tokens_backward(Device& device, const em_mean_tokens_backward_args& a) {
    each_rows(device, a.replicas, a.batch * a.length, a.width, [&](int64_t r, int64_t first, int64_t last) {
        const float length = static_cast<float>(a.length);
        for (int64_t i = first; i < last; ++i) {
            const float* d_out = data(a.d_out, r) + i / a.length * a.width;
            float* d_x = data(a.d_x, r) + i * a.width;
            vectors(0, a.width, [&](int64_t j, auto access) { access.store(d_x + j, access.load(d_out + j) / length); });
        }
    });
}

void repeat_tokens(Device& device, const em_repeat_tokens_args& a) {
    each_rows(device, a.replicas, a.batch * a.length, a.width, [&](int64_t r, int64_t first, int64_t last) {
        for (int64_t i = first; i < last; ++i) {
            copy_row(data(a.x, r) + i / a.length * a.width, data(a.out, r) + i * a.width, a.width);
        }
    });
}

void list_marks(Device& device, const em_list_marks_args& a) {
    each_rows(device, a.replicas, a.rows, a.columns, [&](int64_t r, int64_t first, int64_t last) {
        for (int64_t row = first; row < last; ++row) {
            const int32_t* marks = data<int32_t>(a.marks, r) + row * a.columns;
            int32_t* list = data<int32_t>(a.list, r) + row * a.width;
            int64_t count = 0;
            for (int64_t j = 0; j < a.columns; ++j) {
                if (marks[j] != 0) {
                    EM_REQUIRE(count < a.width, "row %lld has more marks than the %lld places of its list", (long long)row,
                               (long long)a.width);
                    list[count++] = static_cast<int32_t>(j);
                }
            }
            for (; count < a.width; ++count) {
                list[count] = -1;
            }
        }
    });
}

}  // namespace em::EM_ISA
