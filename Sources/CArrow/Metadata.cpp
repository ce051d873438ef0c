// The footers of several Parquet files as one file without data, as data sets of several files have it.
#include <memory>
#include <string>

#include <arrow/io/file.h>
#include <parquet/file_reader.h>
#include <parquet/file_writer.h>
#include <parquet/metadata.h>

#include "CArrow.h"
#include "Guard.hpp"
#include "Written.hpp"

namespace xarrow {
namespace {

std::shared_ptr<parquet::FileMetaData> footer(const char *path, const char *name) {
  std::shared_ptr<parquet::FileMetaData> found = parquet::ReadMetaData(checkWritten(arrow::io::ReadableFile::Open(path)));
  found->set_file_path(name);
  return found;
}

void gather(const char *target, const char *const *files, const char *const *names, int64_t count) {
  std::shared_ptr<parquet::FileMetaData> all = footer(files[0], names[0]);
  for (int64_t i = 1; i < count; i++) all->AppendRowGroups(*footer(files[i], names[i]));
  std::shared_ptr<arrow::io::FileOutputStream> output = checkWritten(arrow::io::FileOutputStream::Open(target));
  parquet::WriteMetaDataFile(*all, output.get());
  checkWritten(output->Close());
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_metadata_gather(const char *target, const char *const *files, const char *const *names, int64_t count,
                           xarrow_error *error) {
  return xarrow::guarded(error, [&] { xarrow::gather(target, files, names, count); });
}

}  // extern "C"
