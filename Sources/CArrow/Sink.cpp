// Bytes into a file, compressed on the way where a compression is named.
#include "CArrow.h"

#include <memory>
#include <string>

#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/util/compression.h>

#include "Guard.hpp"
#include "Written.hpp"

struct xarrow_sink {
  std::shared_ptr<arrow::io::OutputStream> file;
  std::unique_ptr<arrow::util::Codec> codec;
  std::shared_ptr<arrow::io::OutputStream> stream;

  ~xarrow_sink() {
    // Arrow's own destructors would complete what is still open.
    if (stream && !stream->closed()) static_cast<void>(stream->Abort());
  }
};

namespace xarrow {
namespace {

/// What gzip itself takes. Arrow's own 9 takes thrice as long for one percent.
constexpr int kGzipLevel = 6;

arrow::Compression::type typeOf(const std::string &name) {
  if (name == "gzip") return arrow::Compression::GZIP;
  if (name == "bzip2") return arrow::Compression::BZ2;
  if (name == "Zstandard") return arrow::Compression::ZSTD;
  if (name == "LZ4") return arrow::Compression::LZ4_FRAME;
  throw Failure{XARROW_ERROR_UNSUPPORTED, "'" + name + "' is no compression that is written"};
}

void open(xarrow_sink &sink, const char *path, const char *compression) {
  sink.file = checkWritten(arrow::io::FileOutputStream::Open(path));
  sink.stream = sink.file;
  if (!compression || !*compression) return;
  arrow::Compression::type type = typeOf(compression);
  int level = type == arrow::Compression::GZIP ? kGzipLevel : arrow::util::kUseDefaultCompressionLevel;
  sink.codec = checkWritten(arrow::util::Codec::Create(type, level));
  sink.stream = checkWritten(arrow::io::CompressedOutputStream::Make(sink.codec.get(), sink.file));
}

void close(xarrow_sink &sink) {
  checkWritten(sink.stream->Close());
  if (!sink.file->closed()) checkWritten(sink.file->Close());
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_sink_open(const char *path, const char *compression, xarrow_sink **out, xarrow_error *error) {
  *out = nullptr;
  return xarrow::guarded(error, [&] {
    auto sink = std::make_unique<xarrow_sink>();
    xarrow::open(*sink, path, compression);
    *out = sink.release();
  });
}

int xarrow_sink_write(xarrow_sink *sink, const void *bytes, int64_t count, xarrow_error *error) {
  return xarrow::guarded(error, [&] { xarrow::checkWritten(sink->stream->Write(bytes, count)); });
}

int xarrow_sink_close(xarrow_sink *sink, xarrow_error *error) {
  return xarrow::guarded(error, [&] { xarrow::close(*sink); });
}

void xarrow_sink_free(xarrow_sink *sink) { delete sink; }

}  // extern "C"
