// Batches drawn by Philox4x32-10 with counter (block, sample, step, lane). What each word means is said in Java, at RandomLane,
// LinearRegressionDraw and RecallDraw of dev.emergence.tensor, in double precision.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum em_positions { EM_LAST = 0, EM_FIXED = 1, EM_RANDOM = 2 } em_positions;

// One batch of single-location linear regression. keys (2), step, cross_sample (1 float), in_context (1), dataset (1; 0: endless data),
// target (width, width), special (width), fixed_positions (length); out: x (rows, length, width + feature), y (rows, width), relevant
// (rows, length).
typedef struct em_sample_linear_regression_args {
    em_tensor keys, step, cross_sample, in_context, dataset, target, special, fixed_positions, x, y, relevant;
    int64_t replicas, rows, length, width;
    int32_t positions, feature;
} em_sample_linear_regression_args;
em_status em_sample_linear_regression(em_context* context, const em_sample_linear_regression_args* args);

typedef enum em_placement { EM_AT_LEAST_ONE = 0, EM_BINOMIAL = 1, EM_BINOMIAL_POSITIVE = 2, EM_EXACTLY = 3 } em_placement;

// One batch of associative recall. keys (2), step, cross_sample (1 float), in_context (1), dataset (1; 0: endless data), favoured
// (favoured_count); out: sequence (rows, 2 pairs + 1), target (rows), relevant (rows, 2 pairs + 1), value (rows), key (rows, 2 pairs + 1).
typedef struct em_sample_recall_args {
    em_tensor keys, step, cross_sample, in_context, dataset, favoured, sequence, target, relevant, value, key;
    int64_t replicas, rows, pairs, tokens, favoured_count;
    int32_t placement;
} em_sample_recall_args;
em_status em_sample_recall(em_context* context, const em_sample_recall_args* args);

typedef enum em_drawn { EM_TOKENS = 0, EM_NORMALS = 1, EM_PERMUTATIONS = 2 } em_drawn;

// General draws: out (rows, columns), integers below `bound`, or normals times `scale`, or the first `columns` of a permutation of `bound`
// integers, from the words of one lane; see Draw of dev.emergence.tensor. keys (2), step (1).
typedef struct em_draw_args {
    em_tensor keys, step, out;
    int64_t replicas, rows, columns, bound;
    int32_t lane, what;
    float scale;
} em_draw_args;
em_status em_draw(em_context* context, const em_draw_args* args);

// out[n, k] = table[n, index[n, k]], elements of 4 bytes. table (table_rows, table_columns), one row for all sequences or one each;
// index, out (rows, columns). An index outside the table is refused.
typedef struct em_gather_args {
    em_tensor table, index, out;
    int64_t replicas, rows, columns, table_rows, table_columns;
} em_gather_args;
em_status em_gather(em_context* context, const em_gather_args* args);

#ifdef __cplusplus
}
#endif
