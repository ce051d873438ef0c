// Failures of writing: those of the file system are told from others.
#ifndef XMDB_CARROW_WRITTEN_HPP
#define XMDB_CARROW_WRITTEN_HPP
#include <cstring>
#include <string>
#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>
#include <arrow/util/io_util.h>

#include "CArrow.h"
#include "Guard.hpp"

namespace xarrow {

/// Failures of the file system are failures to write; others keep their kind.
inline void checkWritten(const arrow::Status &status) {
  if (status.IsIOError()) {
    int number = arrow::internal::ErrnoFromStatus(status);
    throw Failure{XARROW_ERROR_WRITE, number ? std::strerror(number) : status.message()};
  }
  check(status);
}

template <typename T>
T checkWritten(arrow::Result<T> result) {
  checkWritten(result.status());
  return std::move(result).ValueUnsafe();
}

}  // namespace xarrow
#endif
