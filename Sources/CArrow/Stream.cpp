// Record batches as plain buffers, a piece at a time.
#include <algorithm>
#include <memory>
#include <vector>

#include <arrow/record_batch.h>
#include <parquet/metadata.h>

#include "Guard.hpp"
#include "Text.hpp"
#include "Values.hpp"

namespace xarrow {

/// One column of a stream.
struct Wanted {
  xarrow_wanted how = {};
  const Column *column = nullptr;  // null: the file lacks it
  int place = -1;                  // in the batches of Arrow
  int maskPlace = -1;
  bool hasConstant = false;
  std::string constant;
  Scratch scratch;
};

}  // namespace xarrow

struct xarrow_stream {
  std::shared_ptr<arrow::RecordBatchReader> batches;
  std::vector<xarrow::Wanted> columns;
  std::vector<xarrow_values> values;
  std::shared_ptr<arrow::RecordBatch> batch;  // the one being handed out
  int64_t handedOut = 0;                      // rows of it
  int64_t rows = 0, rowsLeft = 0;             // of the file
  int64_t batchRows = 0, batchBytes = 0;
};

namespace xarrow {
namespace {

const Column &columnAt(const xarrow_file &file, int32_t index) {
  const Column &column = file.columns.at(static_cast<size_t>(index));
  if (column.form == XARROW_NESTED) {
    throw Failure{XARROW_ERROR_UNSUPPORTED, "column '" + column.name + "' is nested (" + column.arrowType + ")"};
  }
  return column;
}

/// The place of a leaf among those that are read; it is added once.
int placeOf(int leaf, std::vector<int> &leaves) {
  auto found = std::find(leaves.begin(), leaves.end(), leaf);
  if (found == leaves.end()) found = leaves.insert(leaves.end(), leaf);
  return static_cast<int>(found - leaves.begin());
}

Wanted describe(const xarrow_file &file, const xarrow_wanted &how, std::vector<int> &leaves) {
  Wanted wanted;
  wanted.how = how;
  if (how.column >= 0) {
    wanted.column = &columnAt(file, how.column);
    // Columns that are wanted once each come first: no search.
    leaves.push_back(wanted.column->leaf);
    wanted.place = static_cast<int>(leaves.size()) - 1;
  } else if (how.constant) {
    wanted.hasConstant = true;
    wanted.constant = how.constant;
  }
  return wanted;
}

void addMask(const xarrow_file &file, Wanted &wanted, std::vector<int> &leaves) {
  if (wanted.how.mask < 0 || !wanted.column) return;
  const Column &mask = columnAt(file, wanted.how.mask);
  if (mask.form != XARROW_BOOL) throw Failure{XARROW_ERROR_UNSUPPORTED, "mask '" + mask.name + "' is not of bools"};
  wanted.maskPlace = placeOf(mask.leaf, leaves);
}

/// Rows whose texts and blobs take about `bytes`, by the mean over the row group where they are longest.
int64_t rowsOfBytes(const xarrow_file &file, const std::vector<int> &leaves, int64_t bytes) {
  double longest = 1;
  const auto &metadata = *file.metadata;
  for (int group = 0; group < metadata.num_row_groups(); group++) {
    auto rows = metadata.RowGroup(group);
    double sum = 0;
    for (int leaf : leaves) {
      auto type = metadata.schema()->Column(leaf)->physical_type();
      if (type != parquet::Type::BYTE_ARRAY && type != parquet::Type::FIXED_LEN_BYTE_ARRAY) continue;
      sum += static_cast<double>(std::max<int64_t>(0, rows->ColumnChunk(leaf)->total_uncompressed_size()));
    }
    if (rows->num_rows() > 0) longest = std::max(longest, sum / static_cast<double>(rows->num_rows()));
  }
  double count = static_cast<double>(bytes) / longest;
  return count < 1 ? 1 : count > 1e9 ? 1'000'000'000 : static_cast<int64_t>(count);
}

void open(xarrow_stream &stream, xarrow_file &file, const xarrow_wanted *columns, int32_t count) {
  std::vector<int> leaves, groups;
  for (int32_t i = 0; i < count; i++) stream.columns.push_back(describe(file, columns[i], leaves));
  for (Wanted &wanted : stream.columns) addMask(file, wanted, leaves);
  stream.values.resize(static_cast<size_t>(count));
  stream.rows = stream.rowsLeft = file.rows;
  if (leaves.empty()) return;
  if (file.ipc) {
    stream.batches = file.ipc->batches(leaves);
    return;
  }
  for (int i = 0; i < file.reader->num_row_groups(); i++) groups.push_back(i);
  file.reader->set_batch_size(std::min(stream.batchRows, rowsOfBytes(file, leaves, stream.batchBytes)));
  stream.batches = check(file.reader->GetRecordBatchReader(groups, leaves));
}

/// Brings the next batch of Arrow; false at the end.
bool fetch(xarrow_stream &stream) {
  stream.handedOut = 0;
  do {
    check(stream.batches->ReadNext(&stream.batch));
  } while (stream.batch && stream.batch->num_rows() == 0);
  if (!stream.batch) return false;
  for (int i = 0; i < stream.batch->num_columns(); i++) {
    if (stream.batch->column(i)->length() != stream.batch->num_rows()) {
      throw Failure{XARROW_ERROR_DAMAGED, "a column is shorter than the others"};
    }
  }
  return true;
}

/// How many of the next `rows` rows fit into a batch: halved until their texts are short enough.
int64_t fitting(const xarrow_stream &stream, int64_t rows) {
  auto bytes = [&](int64_t count, int64_t (*measure)(const arrow::Array &)) {
    int64_t sum = 0;
    for (const Wanted &wanted : stream.columns) {
      if (wanted.place < 0) continue;
      sum += measure(*stream.batch->column(wanted.place)->Slice(stream.handedOut, count));
    }
    return sum;
  };
  if (bytes(rows, textBytesAtMost) <= stream.batchBytes) return rows;
  while (rows > 1 && bytes(rows, textBytes) > stream.batchBytes) rows = (rows + 1) / 2;
  return rows;
}

void fill(xarrow_stream &stream, Wanted &wanted, int64_t rows, xarrow_values &out) {
  if (wanted.place < 0) {
    return repeat(wanted.how, wanted.hasConstant ? &wanted.constant : nullptr, rows, wanted.scratch, out);
  }
  int64_t firstRow = stream.rows - stream.rowsLeft;
  lend(stream.batch->column(wanted.place)->Slice(stream.handedOut, rows), *wanted.column, firstRow, wanted.scratch,
       out);
  if (wanted.maskPlace >= 0) {
    applyMask(*stream.batch->column(wanted.maskPlace)->Slice(stream.handedOut, rows), wanted.scratch, out);
  }
  convert(*wanted.column, wanted.how, rows, firstRow, wanted.scratch, out);
  if (wanted.how.form == XARROW_TEXT) repairTexts(rows, wanted.scratch, out);
}

int64_t next(xarrow_stream &stream) {
  int64_t rows = std::min(stream.rowsLeft, stream.batchRows);
  if (stream.batches) {
    bool isUsedUp = !stream.batch || stream.handedOut == stream.batch->num_rows();
    if (isUsedUp && !fetch(stream)) return 0;
    rows = fitting(stream, std::min(stream.batchRows, stream.batch->num_rows() - stream.handedOut));
    if (rows > stream.rowsLeft) return rows;
  }
  if (rows == 0) return 0;
  for (size_t i = 0; i < stream.columns.size(); i++) fill(stream, stream.columns[i], rows, stream.values[i]);
  stream.handedOut += rows;
  return rows;
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_stream_open(xarrow_file *file, const xarrow_wanted *columns, int32_t count, int64_t batch_rows,
                       int64_t batch_bytes, xarrow_stream **out, xarrow_error *error) {
  *out = nullptr;
  return xarrow::guarded(error, [&] {
    auto stream = std::make_unique<xarrow_stream>();
    stream->batchRows = std::max<int64_t>(1, batch_rows);
    stream->batchBytes = std::max<int64_t>(1, batch_bytes);
    xarrow::open(*stream, *file, columns, count);
    *out = stream.release();
  });
}

int xarrow_stream_next(xarrow_stream *stream, int64_t *rows, const xarrow_values **values, xarrow_error *error) {
  *rows = 0;
  *values = stream->values.data();
  return xarrow::guarded(error, [&] {
    int64_t read = xarrow::next(*stream);
    if (read > stream->rowsLeft || (read == 0 && stream->rowsLeft > 0)) {
      throw xarrow::Failure{XARROW_ERROR_DAMAGED, "the pages hold fewer or more rows than the footer says"};
    }
    stream->rowsLeft -= read;
    *rows = read;
  });
}

void xarrow_stream_close(xarrow_stream *stream) { delete stream; }

}  // extern "C"
