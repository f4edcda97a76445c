// Batches that the host draws: a thread of the host fills a ring of slots ahead of time, and an operation of a program copies the slot of
// its step into tensors. The numbers are those of the host's definition whatever the program does, since a slot carries the steps that it
// was drawn for; the ring only guesses which steps come next.
#pragma once
#include "em/context.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EM_FEED_OUTPUTS 8

// A ring of slots; each holds `elements` elements of 4 bytes for each of R replicas, drawn for one step of each replica.
typedef struct em_feed em_feed;

// The ring belongs to the context. At least 3 slots: one is being copied from, one is filled, one is ready.
em_feed* em_feed_create(em_context* context, int64_t replicas, int64_t elements, int64_t slots);
// The three functions of the filling thread, the only ones that another thread may call than the context's own. claim waits until a batch
// is wanted, writes the steps (R) to draw for and returns the slot to fill, replica after replica; NULL once the feed is closed.
int32_t* em_feed_claim(em_feed* feed, int32_t* steps);
// The claimed slot is full.
void em_feed_publish(em_feed* feed);
// The claimed slot cannot be filled: the operation that waits for it fails with this text, and so does every later one.
void em_feed_fail(em_feed* feed, const char* text);
// What was drawn ahead, or is being drawn, is drawn anew: the host's definition has changed. Nothing may run that takes batches.
em_status em_feed_forget(em_context* context, em_feed* feed);
// No more batches are wanted. The filling thread must have ended before the feed is destroyed, and programs with the feed must be gone.
em_status em_feed_close(em_context* context, em_feed* feed);
em_status em_feed_destroy(em_context* context, em_feed* feed);

// Copies a batch: step (1), out[i] (elements[i]) one after the other as they lie in a slot.
typedef struct em_draw_host_args {
    em_feed* feed;
    em_tensor step;
    em_tensor out[EM_FEED_OUTPUTS];
    int64_t elements[EM_FEED_OUTPUTS];
    int64_t replicas;
    int32_t outputs;
} em_draw_host_args;
em_status em_draw_host(em_context* context, const em_draw_host_args* args);

#ifdef __cplusplus
}
#endif
