// Arrow IPC: files, which Feather 2 is another word for, and streams.
#include <algorithm>
#include <cstring>

#include <unistd.h>

#include <arrow/io/file.h>
#include <arrow/ipc/options.h>
#include <arrow/ipc/reader.h>

#include "Bytes.hpp"
#include "File.hpp"
#include "Guard.hpp"

namespace xarrow {
namespace {

/// What is not nested deeper than a table with dictionaries needs.
constexpr int kDeepest = 16;

constexpr int64_t kMostRows = 1'000'000'000'000'000;

arrow::ipc::IpcReadOptions options() {
  auto options = arrow::ipc::IpcReadOptions::Defaults();
  options.use_threads = false;
  options.max_recursion_depth = kDeepest;
  return options;
}

/// Bytes at a place.
std::string bytesAt(arrow::io::RandomAccessFile &input, int64_t position, int64_t count) {
  auto buffer = check(input.ReadAt(position, count));
  return {reinterpret_cast<const char *>(buffer->data()), static_cast<size_t>(buffer->size())};
}

/// A stream ends with a length of zero, so that one that was cut off between two batches is told from a whole one.
void requireEnd(arrow::io::RandomAccessFile &input) {
  int64_t size = check(input.GetSize());
  static constexpr char kEnd[8] = {'\xFF', '\xFF', '\xFF', '\xFF', 0, 0, 0, 0};
  if (size >= 16 && std::memcmp(bytesAt(input, size - 8, 8).data(), kEnd, 8) == 0) return;
  throw Failure{XARROW_ERROR_TRUNCATED, "truncated: the mark at the end of an Arrow stream is missing"};
}

/// Batches of a reader with their contents checked and their columns in the order wanted.
class CheckedBatches : public arrow::RecordBatchReader {
 public:
  CheckedBatches(std::shared_ptr<arrow::ipc::RecordBatchFileReader> file,
                 std::shared_ptr<arrow::ipc::RecordBatchStreamReader> stream, std::vector<int> places)
      : file_(std::move(file)), stream_(std::move(stream)), places_(std::move(places)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return file_ ? file_->schema() : stream_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch> *out) override {
    out->reset();
    std::shared_ptr<arrow::RecordBatch> batch;
    if (stream_) {
      ARROW_RETURN_NOT_OK(stream_->ReadNext(&batch));
    } else if (next_ < file_->num_record_batches()) {
      ARROW_ASSIGN_OR_RAISE(batch, file_->ReadRecordBatch(next_++));
    }
    if (!batch) return arrow::Status::OK();
    // Offsets, indices and lengths come from the file: nothing is believed before.
    ARROW_RETURN_NOT_OK(batch->ValidateFull());
    ARROW_ASSIGN_OR_RAISE(*out, batch->SelectColumns(places_));
    return arrow::Status::OK();
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  std::shared_ptr<arrow::ipc::RecordBatchStreamReader> stream_;
  std::vector<int> places_;
  int next_ = 0;
};

void openIpc(xarrow_file &file, const char *path) {
  file.ipc = std::make_unique<IpcFile>(path);
  file.notes = file.ipc->schema()->metadata();
  int index = 0;
  for (const auto &field : file.ipc->schema()->fields()) {
    Column column = describeField(*field, index++);
    classify(column, Range::unknown);
    if (column.form == XARROW_NESTED) column.leaf = -1;
    column.allMissing = column.type->id() == arrow::Type::NA;
    file.columns.push_back(column);
  }
  file.rows = file.ipc->countRows();
}

}  // namespace

IpcFile::IpcFile(const char *path) {
  int descriptor = openDescriptor(path);
  auto file = arrow::io::ReadableFile::Open(descriptor);
  if (!file.ok()) {
    ::close(descriptor);
    throw Failure{XARROW_ERROR_OPEN, file.status().message()};
  }
  input_ = *file;
  isStream_ = bytesAt(*input_, 0, 6) != "ARROW1";
  if (isStream_) {
    requireEnd(*input_);
    check(input_->Seek(0));
    schema_ = check(arrow::ipc::RecordBatchStreamReader::Open(input_.get(), options()))->schema();
  } else {
    schema_ = check(arrow::ipc::RecordBatchFileReader::Open(input_, options()))->schema();
  }
}

int64_t IpcFile::countRows() const {
  int64_t rows = 0;
  if (!isStream_) {
    rows = check(check(arrow::ipc::RecordBatchFileReader::Open(input_, options()))->CountRows());
  } else {
    check(input_->Seek(0));
    auto reader = check(arrow::ipc::RecordBatchStreamReader::Open(input_.get(), options()));
    std::shared_ptr<arrow::RecordBatch> batch;
    for (check(reader->ReadNext(&batch)); batch; check(reader->ReadNext(&batch))) {
      if (batch->num_rows() > kMostRows - rows) throw Failure{XARROW_ERROR_DAMAGED, "impossible row count"};
      rows += batch->num_rows();
    }
  }
  if (rows < 0 || rows > kMostRows) throw Failure{XARROW_ERROR_DAMAGED, "impossible row count"};
  return rows;
}

std::unique_ptr<arrow::RecordBatchReader> IpcFile::batches(const std::vector<int> &columns) const {
  // Arrow reads the columns that are asked for, each once, in the order of the file.
  auto wanted = options();
  wanted.included_fields = columns;
  std::sort(wanted.included_fields.begin(), wanted.included_fields.end());
  auto last = std::unique(wanted.included_fields.begin(), wanted.included_fields.end());
  wanted.included_fields.erase(last, wanted.included_fields.end());
  std::vector<int> places;
  for (int column : columns) {
    auto found = std::lower_bound(wanted.included_fields.begin(), wanted.included_fields.end(), column);
    places.push_back(static_cast<int>(found - wanted.included_fields.begin()));
  }
  if (!isStream_) {
    return std::make_unique<CheckedBatches>(check(arrow::ipc::RecordBatchFileReader::Open(input_, wanted)), nullptr,
                                            places);
  }
  check(input_->Seek(0));
  return std::make_unique<CheckedBatches>(
      nullptr, check(arrow::ipc::RecordBatchStreamReader::Open(input_.get(), wanted)), places);
}

}  // namespace xarrow

extern "C" int xarrow_ipc_open(const char *path, xarrow_file **file, xarrow_error *error) {
  *file = nullptr;
  return xarrow::guarded(error, [&] {
    auto opened = std::make_unique<xarrow_file>();
    xarrow::openIpc(*opened, path);
    *file = opened.release();
  });
}
