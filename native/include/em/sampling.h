// Batches drawn by Philox4x32-10 with counter (block, sample, step, lane). What each word means is said in Java, at RandomLane,
// LinearRegressionDraw and RecallDraw of dev.emergence.tensor, in double precision.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum em_positions { EM_LAST = 0, EM_FIXED = 1, EM_RANDOM = 2 } em_positions;

// One batch of single-location linear regression. keys (2), step, cross_sample (1 float), in_context (1), target (width, width),
// special (width), fixed_positions (length); out: x (rows, length, width + feature), y (rows, width), relevant (rows, length).
typedef struct em_sample_linear_regression_args {
    em_tensor keys, step, cross_sample, in_context, target, special, fixed_positions, x, y, relevant;
    int64_t replicas, rows, length, width;
    int32_t positions, feature;
} em_sample_linear_regression_args;
em_status em_sample_linear_regression(em_context* context, const em_sample_linear_regression_args* args);

typedef enum em_placement { EM_AT_LEAST_ONE = 0, EM_BINOMIAL = 1, EM_BINOMIAL_POSITIVE = 2, EM_EXACTLY = 3 } em_placement;

// One batch of associative recall. keys (2), step, cross_sample (1 float), in_context (1), favoured (favoured_count); out: sequence
// (rows, 2 pairs + 1), target (rows), relevant (rows, 2 pairs + 1), value (rows), key (rows, 2 pairs + 1).
typedef struct em_sample_recall_args {
    em_tensor keys, step, cross_sample, in_context, favoured, sequence, target, relevant, value, key;
    int64_t replicas, rows, pairs, tokens, favoured_count;
    int32_t placement;
} em_sample_recall_args;
em_status em_sample_recall(em_context* context, const em_sample_recall_args* args);

#ifdef __cplusplus
}
#endif
