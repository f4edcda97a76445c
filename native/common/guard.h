// The edge of the ABI: nothing is thrown across it.
#pragma once
#include <stdexcept>
#include <string>

#include "common/error.h"

namespace em {

// What fail() throws.
class Error : public std::runtime_error {
public:
    Error(em_status status, const std::string& text) : std::runtime_error(text), status(status) {}
    const em_status status;
};

// Keeps the text for em_last_error() and returns the status.
em_status remember(em_status status, const std::string& text);

// remember() with what is being handled. Out of line: there is a guard for every function of the ABI.
em_status remember_current(const char* operation);

// Runs body; an exception becomes a status and a text that starts with the operation's name.
template <class Body>
em_status guard(const char* operation, Body&& body) {
    try {
        body();
        return EM_OK;
    } catch (...) {
        return remember_current(operation);
    }
}

}  // namespace em
