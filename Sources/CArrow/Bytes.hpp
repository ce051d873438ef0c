// The bytes of a file in order, decompressed.
#ifndef XMDB_CARROW_BYTES_HPP
#define XMDB_CARROW_BYTES_HPP
#include <memory>

#include <arrow/io/interfaces.h>
#include <arrow/util/compression.h>

#include "CArrow.h"

struct xarrow_bytes {
  std::unique_ptr<arrow::util::Codec> codec;  // outlives the stream
  std::shared_ptr<arrow::io::InputStream> stream;
  const char *compression = nullptr;
};

namespace xarrow {

/// Opens a regular file; never waits for a pipe.
int openDescriptor(const char *path);

/// Opens a file; throws `Failure`.
std::unique_ptr<xarrow_bytes> openBytes(const char *path);

/// Fills as much of the buffer as the file has left.
int64_t readFully(arrow::io::InputStream &stream, void *buffer, int64_t capacity);

}  // namespace xarrow
#endif
