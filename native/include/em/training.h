// Losses, optimisers and their counters. The parameters of a replica are one flat row of `elements`. stopped_at[0] is 0 while
// the replica trains, then the step (from 1) at which it stopped: parameters, m, v and step keep their bits, whatever the gradient.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

// loss[n] = 1/2 sum_j (prediction - target)^2; dPrediction = (prediction - target) / rows, absent without a buffer.
typedef struct em_squared_error_args {
    em_tensor prediction, target, loss, d_prediction;
    int64_t replicas, rows, columns;
} em_squared_error_args;
em_status em_squared_error(em_context* context, const em_squared_error_args* args);

// loss[n] = -ln softmax(logits[n])[target[n]]; correct[n] = 1 where the target has the strictly largest logit, else 0;
// dLogits = (softmax - onehot) / scored, absent without a buffer, where `scored` counts the rows of the replica whose target is not -1.
// A row whose target is -1 is not scored: its loss, correct and dLogits are 0, whatever its logits are.
typedef struct em_cross_entropy_args {
    em_tensor logits, target, loss, correct, d_logits;
    int64_t replicas, rows, classes;
} em_cross_entropy_args;
em_status em_cross_entropy(em_context* context, const em_cross_entropy_args* args);

// out[0] = mean of x, summed in a fixed order. target, int32, absent without a buffer: the mean of those x[i] alone whose target[i] is
// not -1, and 0 where there are none.
typedef struct em_mean_args {
    em_tensor x, target, out;
    int64_t replicas, elements;
} em_mean_args;
em_status em_mean(em_context* context, const em_mean_args* args);

// norm[0] = Euclidean norm of gradient; a gradient longer than max_norm > 0 is scaled to it.
typedef struct em_clip_gradient_args {
    em_tensor gradient, norm;
    int64_t replicas, elements;
    double max_norm;
} em_clip_gradient_args;
em_status em_clip_gradient(em_context* context, const em_clip_gradient_args* args);

// step[0] += 1 while the replica trains.
typedef struct em_advance_args {
    em_tensor step, stopped_at;
    int64_t replicas;
} em_advance_args;
em_status em_advance(em_context* context, const em_advance_args* args);

// out[0] = base[0] * factor(step[0]): step / warmup_steps below warmup_steps, then 1 when decay_steps is 0, else half a cosine from 1 at
// warmup_steps to final_factor at decay_steps and constant afterwards.
typedef struct em_learning_rate_args {
    em_tensor step, base, out;
    int64_t replicas, warmup_steps, decay_steps;
    double final_factor;
} em_learning_rate_args;
em_status em_learning_rate(em_context* context, const em_learning_rate_args* args);

// One step of Adam while the replica trains, p -= lr m_hat / (sqrt(v_hat) + eps) (Kingma & Ba 2015, algorithm 1); before it p *= 1 - lr
// weight_decay (Loshchilov & Hutter 2019). learning_rate, step and stopped_at hold one element a replica; step counts from 1.
typedef struct em_adam_args {
    em_tensor parameters, gradient, m, v, learning_rate, step, stopped_at;
    int64_t replicas, elements;
    double beta1, beta2, eps, weight_decay;
} em_adam_args;
em_status em_adam(em_context* context, const em_adam_args* args);

// m = momentum m + gradient; parameters -= learning_rate m; while the replica trains.
typedef struct em_sgd_args {
    em_tensor parameters, gradient, m, learning_rate, stopped_at;
    int64_t replicas, elements;
    double momentum;
} em_sgd_args;
em_status em_sgd(em_context* context, const em_sgd_args* args);

// A replica that trains stops where loss[0] is not finite: stopped_at[0] = step[0].
typedef struct em_watch_args {
    em_tensor loss, step, stopped_at;
    int64_t replicas;
} em_watch_args;
em_status em_watch(em_context* context, const em_watch_args* args);

#ifdef __cplusplus
}
#endif
