// What the parts of smoke share.
#pragma once
#include <map>

#include "common/operations.h"
#include "harness.h"

inline std::map<std::string, int> called;

// Every operation is called through here, so that a missing one shows.
template <class Args>
void call(const char* name, em_context* context, em_status (*operation)(em_context*, const Args*), const Args& args) {
    ++called[name];
    EXPECT(operation(context, &args) == EM_OK, "%s: %s", name, em_last_error());
}
#define CALL(name, ...) call(#name, context, em_##name, em_##name##_args __VA_ARGS__)

// Calls the operations on awkward sizes; draw_host, which needs another thread, is left to smoke.cpp.
void everything(em_context* context, Workplace& at, int64_t replicas);
