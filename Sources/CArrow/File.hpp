// An open Parquet file: reader, columns, and where their leaves are.
#ifndef XMDB_CARROW_FILE_HPP
#define XMDB_CARROW_FILE_HPP
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>

#include "CArrow.h"

namespace xarrow {

struct Column {
  std::string name, arrowType, unit, ucd, description, timeZone;
  std::shared_ptr<arrow::DataType> type;  // extension types replaced by their storage
  int32_t form = XARROW_NESTED;
  int32_t count = XARROW_COUNT_PLAIN;
  int32_t stepLog10 = 0;
  bool nullable = true;
  bool allMissing = false;
  int leaf = -1;  // index among Parquet's leaf columns; -1 for nested columns
};

/// What the statistics of the footer say about the integers of a column.
enum class Range { unknown, int64, uint64, wide };

/// A step of a day, among the logarithms of nanoseconds.
constexpr int32_t kDay = 14;

/// Sets form, count and step of a column from its type.
void classify(Column &column, Range range);

/// What the footer says about the values of a leaf column that holds decimals.
Range decimalRange(const parquet::FileMetaData &metadata, int leaf);

/// Whether the footer says that no row of a leaf column has a value.
bool allMissing(const parquet::FileMetaData &metadata, int leaf);

/// Fills in name, type, notes of a column; `leaf` is where it is found, -1 if it is nested.
Column describeField(const arrow::Field &field, int leaf);

/// A file or a stream of Arrow IPC.
class IpcFile {
 public:
  explicit IpcFile(const char *path);
  const std::shared_ptr<arrow::Schema> &schema() const { return schema_; }
  int64_t countRows() const;
  /// All record batches, with the columns at these positions, in this order. Their contents have been checked.
  std::unique_ptr<arrow::RecordBatchReader> batches(const std::vector<int> &columns) const;

 private:
  std::shared_ptr<arrow::io::RandomAccessFile> input_;
  std::shared_ptr<arrow::Schema> schema_;
  bool isStream_ = false;
};

}  // namespace xarrow

struct xarrow_file {
  // Of Parquet; null in files of Arrow.
  std::unique_ptr<parquet::arrow::FileReader> reader;
  std::shared_ptr<parquet::FileMetaData> metadata;
  std::unique_ptr<xarrow::IpcFile> ipc;
  std::shared_ptr<const arrow::KeyValueMetadata> notes;  // may be null
  std::deque<xarrow::Column> columns;
  int64_t rows = 0;
};
#endif
