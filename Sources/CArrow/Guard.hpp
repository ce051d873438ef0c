// Turning Arrow's statuses and exceptions into codes and one-line messages.
#ifndef XMDB_CARROW_GUARD_HPP
#define XMDB_CARROW_GUARD_HPP
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>

#include "CArrow.h"

namespace xarrow {

/// A failure on its way to the C boundary.
struct Failure {
  int32_t code;
  std::string message;
};

inline void check(const arrow::Status &status) {
  if (status.ok()) return;
  int32_t code = status.IsOutOfMemory()     ? XARROW_ERROR_MEMORY
                 : status.IsNotImplemented() ? XARROW_ERROR_UNSUPPORTED
                                             : XARROW_ERROR_DAMAGED;
  throw Failure{code, status.message()};
}

template <typename T>
T check(arrow::Result<T> result) {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

inline void fill(xarrow_error *error, int32_t code, std::string message) {
  for (char &letter : message) {
    if (static_cast<unsigned char>(letter) < ' ') letter = ' ';
  }
  error->code = code;
  std::snprintf(error->message, sizeof error->message, "%s", message.c_str());
}

/// Runs `body`; returns 0, or -1 with `error` filled. No exception leaves it.
template <typename Body>
int guarded(xarrow_error *error, Body body) noexcept {
  try {
    body();
    error->code = XARROW_ERROR_NONE;
    error->message[0] = 0;
    return 0;
  } catch (const Failure &failure) {
    fill(error, failure.code, failure.message);
  } catch (const std::bad_alloc &) {
    fill(error, XARROW_ERROR_MEMORY, "not enough memory");
  } catch (const std::length_error &failure) {
    fill(error, XARROW_ERROR_DAMAGED, std::string("impossible length: ") + failure.what());
  } catch (const std::exception &failure) {
    fill(error, XARROW_ERROR_DAMAGED, failure.what());
  } catch (...) {
    fill(error, XARROW_ERROR_DAMAGED, "unknown failure");
  }
  return -1;
}

}  // namespace xarrow
#endif
