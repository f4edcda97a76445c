// Contexts, buffers and programs of Emergence's compute library. Plain C; the only headers that Java knows.
//
// Every function takes the context it works on. It returns EM_OK or another status, or a pointer that is NULL on failure; then
// em_last_error() says what went wrong, with the native file and line. A context and what belongs to it is used by one thread at a time.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum em_status {
    EM_OK = 0,
    EM_BAD_ARGUMENT = 1,  // sizes or tensors that do not fit together
    EM_OUT_OF_MEMORY = 2,
    EM_UNAVAILABLE = 3,  // no such device, or a library that cannot be loaded
    EM_FAILED = 4        // everything else
} em_status;

// Not EM_CUDA: elf.h has that.
typedef enum em_device_kind { EM_DEVICE_CPU = 0, EM_DEVICE_CUDA = 1 } em_device_kind;

// A device with its threads or stream, its workspace and its kernels.
typedef struct em_context em_context;
// A piece of device memory.
typedef struct em_buffer em_buffer;
// A recorded sequence of operations.
typedef struct em_program em_program;

// A view on R replicas of contiguous elements of 4 bytes: replica r starts at element offset + r * replica_stride.
typedef struct em_tensor {
    em_buffer* buffer;
    int64_t offset;
    int64_t replica_stride;
} em_tensor;

// kind: an em_device_kind; device: which GPU; threads: of the CPU backend; library: path of the CUDA library, or NULL;
// instruction_set: of the CPU kernels, amx, avx512, avx2 or plain, or NULL for what the environment's EM_ISA names, or the best.
typedef struct em_context_options {
    int32_t kind;
    int32_t device;
    int32_t threads;
    const char* library;
    const char* instruction_set;
} em_context_options;

em_context* em_context_open(const em_context_options* options);
// Frees everything that belongs to the context.
void em_context_close(em_context* context);
// One line: processor or GPU, instruction set, threads. Lives as long as the context, or until em_set_products.
const char* em_context_description(em_context* context);

// What went wrong last in this thread, ending in (file:line); its em_status.
const char* em_last_error(void);
em_status em_last_status(void);

// A zero-filled buffer of elements of 4 bytes.
em_buffer* em_buffer_create(em_context* context, int64_t elements);
// Programs with the buffer must be gone, or not be run any more.
em_status em_buffer_destroy(em_context* context, em_buffer* buffer);
// Bytes of the buffers not yet destroyed.
int64_t em_allocated_bytes(em_context* context);
// Bytes that the device could still give; -1 where that is not known.
int64_t em_free_bytes(em_context* context);

// Host values to and from a tensor of `replicas` times `elements` values, replica after replica. Waits for running work.
em_status em_write_floats(em_context* context, const em_tensor* to, int64_t replicas, int64_t elements, const float* values);
em_status em_write_ints(em_context* context, const em_tensor* to, int64_t replicas, int64_t elements, const int32_t* values);
em_status em_read_floats(em_context* context, const em_tensor* from, int64_t replicas, int64_t elements, float* values);
em_status em_read_ints(em_context* context, const em_tensor* from, int64_t replicas, int64_t elements, int32_t* values);

// Between begin and end operations are checked and recorded, not run. Does not nest.
em_status em_record_begin(em_context* context);
em_program* em_record_end(em_context* context);
// Forgets what was recorded since begin.
em_status em_record_abandon(em_context* context);
// Runs a program once. A GPU is not waited for: what reads values from it waits.
em_status em_program_run(em_context* context, em_program* program);
int64_t em_program_size(em_context* context, em_program* program);
// Pieces of work that a run hands to the device: kernels, copies and calls of the host of a GPU's graph; elsewhere its operations.
int64_t em_program_launches(em_context* context, em_program* program);
em_status em_program_destroy(em_context* context, em_program* program);

#ifdef __cplusplus
}
#endif
