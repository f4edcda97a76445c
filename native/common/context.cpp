#include "common/context.h"

#include <dlfcn.h>

#include <set>

#include "common/guard.h"

namespace em {
namespace {

// The CUDA library stays loaded: unloading it under a live driver is not safe.
std::unique_ptr<Device> open_cuda_device(const em_context_options& options) {
    if (options.library == nullptr) {
        EM_FAIL(EM_UNAVAILABLE, "this build has no CUDA library");
    }
    void* library = dlopen(options.library, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        EM_FAIL(EM_UNAVAILABLE, "cannot load the CUDA library: %s", dlerror());
    }
    auto open = reinterpret_cast<OpenDevice>(dlsym(library, "em_cuda_open_device"));
    if (open == nullptr) {
        EM_FAIL(EM_UNAVAILABLE, "%s is not a CUDA library of Emergence", options.library);
    }
    std::unique_ptr<Device> device(open(&options));
    if (!device) {
        EM_FAIL(EM_UNAVAILABLE, "%s", em_last_error());
    }
    return device;
}

std::unique_ptr<Device> open_device(const em_context_options& options) {
    switch (options.kind) {
        case EM_DEVICE_CPU:
            return open_cpu_device(options);
        case EM_DEVICE_CUDA:
            return open_cuda_device(options);
        default:
            EM_FAIL(EM_BAD_ARGUMENT, "kind must be EM_DEVICE_CPU or EM_DEVICE_CUDA, got %d", options.kind);
    }
}

// Copies replica after replica between `to` and dense host values of 4 bytes; at once where replicas follow each other without gaps, since
// each copy waits for the device.
template <class Copy>
void each_replica(em_context* context, const em_tensor* tensor, int64_t replicas, int64_t elements, Copy&& copy) {
    EM_REQUIRE(!context->recording, "host values cannot move while a program is recorded");
    check(em_zero_args{*tensor, replicas, elements});
    if (tensor->replica_stride == elements) {
        copy(data<int32_t>(*tensor, 0), 0, 4 * replicas * elements);
        return;
    }
    for (int64_t r = 0; r < replicas; ++r) {
        copy(data<int32_t>(*tensor, r), r * elements, 4 * elements);
    }
}

em_status write(const char* name, em_context* context, const em_tensor* to, int64_t replicas, int64_t elements, const void* values) {
    return guard(name, [&] {
        each_replica(context, to, replicas, elements, [&](void* device, int64_t at, int64_t bytes) {
            context->device->upload(device, static_cast<const int32_t*>(values) + at, bytes);
        });
    });
}

em_status read(const char* name, em_context* context, const em_tensor* from, int64_t replicas, int64_t elements, void* values) {
    return guard(name, [&] {
        each_replica(context, from, replicas, elements, [&](void* device, int64_t at, int64_t bytes) {
            context->device->download(static_cast<int32_t*>(values) + at, device, bytes);
        });
    });
}

}  // namespace
}  // namespace em

em_context::~em_context() {
    if (!device) {
        return;  // it could not be opened
    }
    for (auto& entry : feeds) {
        entry.second->body.close();
    }
    device->idle();
    programs.clear();
    feeds.clear();
    for (auto& entry : buffers) {
        device->release(entry.second->data, 4 * entry.second->elements);
    }
}

em_context* em_context_open(const em_context_options* options) {
    em_context* opened = nullptr;
    em::guard("em_context_open", [&] {
        auto context = std::make_unique<em_context>();
        context->device = em::open_device(*options);
        context->description = context->device->description();
        opened = context.release();
    });
    return opened;
}

void em_context_close(em_context* context) { delete context; }

const char* em_context_description(em_context* context) { return context->description.c_str(); }

em_buffer* em_buffer_create(em_context* context, int64_t elements) {
    em_buffer* created = nullptr;
    em::guard("em_buffer_create", [&] {
        EM_REQUIRE(elements > 0 && elements <= INT64_MAX / 8, "a buffer has at least one element, got %lld", (long long)elements);
        auto buffer = std::make_unique<em_buffer>(em_buffer{nullptr, elements, context});
        em_buffer* key = buffer.get();
        auto at = context->buffers.emplace(key, std::move(buffer)).first;
        try {
            key->data = context->device->allocate(4 * elements);
        } catch (...) {
            context->buffers.erase(at);
            throw;
        }
        context->allocated_bytes += 4 * elements;
        created = key;
    });
    return created;
}

em_status em_buffer_destroy(em_context* context, em_buffer* buffer) {
    return em::guard("em_buffer_destroy", [&] {
        auto found = context->buffers.find(buffer);
        EM_REQUIRE(found != context->buffers.end(), "no buffer of this context, or destroyed before");
        context->device->release(buffer->data, 4 * buffer->elements);
        context->allocated_bytes -= 4 * buffer->elements;
        context->buffers.erase(found);
    });
}

int64_t em_allocated_bytes(em_context* context) { return context->allocated_bytes; }

int64_t em_free_bytes(em_context* context) {
    int64_t bytes = -1;
    em::guard("em_free_bytes", [&] { bytes = context->device->free_bytes(); });
    return bytes;
}

em_status em_write_floats(em_context* context, const em_tensor* to, int64_t replicas, int64_t elements, const float* values) {
    return em::write("em_write_floats", context, to, replicas, elements, values);
}

em_status em_write_ints(em_context* context, const em_tensor* to, int64_t replicas, int64_t elements, const int32_t* values) {
    return em::write("em_write_ints", context, to, replicas, elements, values);
}

em_status em_read_floats(em_context* context, const em_tensor* from, int64_t replicas, int64_t elements, float* values) {
    return em::read("em_read_floats", context, from, replicas, elements, values);
}

em_status em_read_ints(em_context* context, const em_tensor* from, int64_t replicas, int64_t elements, int32_t* values) {
    return em::read("em_read_ints", context, from, replicas, elements, values);
}

em_status em_record_begin(em_context* context) {
    return em::guard("em_record_begin", [&] {
        EM_REQUIRE(!context->recording, "a program is being recorded already");
        context->recorded.clear();
        context->recording = true;
    });
}

em_program* em_record_end(em_context* context) {
    em_program* recorded = nullptr;
    em::guard("em_record_end", [&] {
        EM_REQUIRE(context->recording, "no program is being recorded");
        context->recording = false;
        auto operations = std::move(context->recorded);
        context->recorded.clear();
        const em::Device& device = *context->device;
        const auto groups =
            em::joins(operations, [&](const em_gemm_args& args, int32_t arithmetic) { return device.own_product(args, arithmetic); });
        auto body = context->device->program(operations, groups);
        auto program = std::make_unique<em_program>(em_program{std::move(body), std::move(operations), {}});
        em_program* key = program.get();
        context->programs.emplace(key, std::move(program));
        recorded = key;
    });
    return recorded;
}

em_status em_record_abandon(em_context* context) {
    return em::guard("em_record_abandon", [&] {
        EM_REQUIRE(context->recording, "no program is being recorded");
        context->recording = false;
        context->recorded.clear();
    });
}

em_status em_program_run(em_context* context, em_program* program) {
    return em::guard("em_program_run", [&] {
        EM_REQUIRE(!context->recording, "a program cannot run while another is recorded");
        program->body->run();
    });
}

int64_t em_program_size(em_context*, em_program* program) { return program->body->size(); }

int64_t em_program_launches(em_context*, em_program* program) { return program->body->launches(); }

int64_t em_program_joined(em_context* context, em_program* program, int32_t arithmetic, int64_t operation) {
    auto& joined = program->joined[arithmetic];
    if (joined.empty()) {
        const em::Device& device = *context->device;
        joined.resize(program->operations.size());
        const auto groups = em::joins(program->operations, [&](const em_gemm_args& args, int32_t) {
            return arithmetic >= 0 && device.own_product(args, arithmetic);
        });
        // Of one in two parts one counts: that of the inputs, but of a layer norm that of the parameters, if it alone is done with others.
        std::set<size_t> by_inputs;
        for (const em::Group& group : groups) {
            for (const em::Member& one : group.members) {
                const bool norm = program->operations[one.operation].kind == em::Kind::layer_norm_backward;
                if (one.part == em::Part::inputs && (!norm || group.members.size() > 1)) {
                    by_inputs.insert(one.operation);
                }
            }
        }
        for (const em::Group& group : groups) {
            int64_t first = -1;
            for (const em::Member& one : group.members) {
                const em::Part other = by_inputs.count(one.operation) > 0 ? em::Part::parameters : em::Part::inputs;
                if (one.part != other) {
                    first = first < 0 ? static_cast<int64_t>(one.operation) : first;
                    joined[one.operation] = first;
                }
            }
        }
    }
    return operation < 0 || operation >= static_cast<int64_t>(joined.size()) ? -1 : joined[static_cast<size_t>(operation)];
}

em_status em_program_destroy(em_context* context, em_program* program) {
    return em::guard("em_program_destroy",
                     [&] { EM_REQUIRE(context->programs.erase(program) == 1, "no program of this context, or destroyed before"); });
}
