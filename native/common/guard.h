// The edge of the ABI: nothing is thrown across it.
#pragma once
#include <exception>
#include <new>
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

// Runs body; an exception becomes a status and a text that starts with the operation's name.
template <class Body>
em_status guard(const char* operation, Body&& body) {
    try {
        body();
        return EM_OK;
    } catch (const Error& error) {
        return remember(error.status, std::string(operation) + ": " + error.what());
    } catch (const std::bad_alloc&) {
        return remember(EM_OUT_OF_MEMORY, std::string(operation) + ": out of memory");
    } catch (const std::exception& error) {
        return remember(EM_FAILED, std::string(operation) + ": " + error.what());
    } catch (...) {
        return remember(EM_FAILED, std::string(operation) + ": unknown exception");
    }
}

}  // namespace em
