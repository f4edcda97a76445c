// The context behind the ABI.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/buffer.h"
#include "common/device.h"
#include "common/feed.h"

struct em_program {
    std::unique_ptr<em::Program> body;
    std::vector<em::Operation> operations;
    std::map<int32_t, std::vector<int64_t>> joined;  // by arithmetic: of each operation the first of its group
};

struct em_context {
    std::unique_ptr<em::Device> device;
    std::string description;
    std::unordered_map<em_buffer*, std::unique_ptr<em_buffer>> buffers;
    std::unordered_map<em_program*, std::unique_ptr<em_program>> programs;
    std::unordered_map<em_feed*, std::unique_ptr<em_feed>> feeds;
    int64_t allocated_bytes = 0;
    bool recording = false;
    std::vector<em::Operation> recorded;

    ~em_context();
};
