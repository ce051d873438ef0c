#include "Bytes.hpp"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include <arrow/io/compressed.h>
#include <arrow/io/file.h>

#include "Guard.hpp"

namespace xarrow {
namespace {

struct Compression {
  const char *name;
  arrow::Compression::type type;
  const char *magic;
  size_t length;
};

constexpr Compression kCompressions[] = {
    {"gzip", arrow::Compression::GZIP, "\x1F\x8B", 2},
    {"bzip2", arrow::Compression::BZ2, "BZh", 3},
    {"Zstandard", arrow::Compression::ZSTD, "\x28\xB5\x2F\xFD", 4},
    {"LZ4", arrow::Compression::LZ4_FRAME, "\x04\x22\x4D\x18", 4},
};

const Compression *compressionOf(int descriptor) {
  char head[4] = {};
  ssize_t count = ::pread(descriptor, head, sizeof head, 0);
  for (const Compression &one : kCompressions) {
    if (count >= static_cast<ssize_t>(one.length) && std::memcmp(head, one.magic, one.length) == 0) return &one;
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<xarrow_bytes> openBytes(const char *path) {
  auto bytes = std::make_unique<xarrow_bytes>();
  int descriptor = openDescriptor(path);
  const Compression *compression = compressionOf(descriptor);
  auto file = arrow::io::ReadableFile::Open(descriptor);
  if (!file.ok()) {
    ::close(descriptor);
    throw Failure{XARROW_ERROR_OPEN, file.status().message()};
  }
  bytes->stream = *file;
  if (compression) {
    bytes->compression = compression->name;
    bytes->codec = check(arrow::util::Codec::Create(compression->type));
    bytes->stream = check(arrow::io::CompressedInputStream::Make(bytes->codec.get(), bytes->stream));
  }
  return bytes;
}

int64_t readFully(arrow::io::InputStream &stream, void *buffer, int64_t capacity) {
  int64_t count = 0;
  while (count < capacity) {
    int64_t part = check(stream.Read(capacity - count, static_cast<uint8_t *>(buffer) + count));
    if (part == 0) break;
    count += part;
  }
  return count;
}

}  // namespace xarrow

extern "C" {

int xarrow_bytes_open(const char *path, xarrow_bytes **bytes, xarrow_error *error) {
  *bytes = nullptr;
  return xarrow::guarded(error, [&] { *bytes = xarrow::openBytes(path).release(); });
}

int xarrow_bytes_read(xarrow_bytes *bytes, void *buffer, int64_t capacity, int64_t *count, xarrow_error *error) {
  *count = 0;
  return xarrow::guarded(error, [&] { *count = xarrow::readFully(*bytes->stream, buffer, capacity); });
}

const char *xarrow_bytes_compression(const xarrow_bytes *bytes) { return bytes->compression; }

void xarrow_bytes_close(xarrow_bytes *bytes) { delete bytes; }

}  // extern "C"
