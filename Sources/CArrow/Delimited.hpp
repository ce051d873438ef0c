// Rows of delimited text, a block at a time.
#ifndef XMDB_CARROW_DELIMITED_HPP
#define XMDB_CARROW_DELIMITED_HPP
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/csv/chunker.h>
#include <arrow/csv/options.h>
#include <arrow/csv/parser.h>

#include "Bytes.hpp"
#include "Numbers.hpp"

namespace xarrow {

/// What has been seen of the values of a column.
struct Seen {
  bool integers = false, negatives = false, naturals = false, wide = false, reals = false, booleans = false;
  bool texts = false;
  int64_t oddRow = 0;  // of the first text after numbers
  std::string oddValue;

  bool hasNumbers() const { return integers || naturals || wide || reals; }
  bool isEmpty() const { return !hasNumbers() && !booleans && !texts; }

  /// The narrowest form that holds every value exactly; of real numbers the nearest double.
  int32_t form() const;
  void add(std::string_view text, int64_t row);
};

/// Divides a file into blocks of whole rows and these into fields.
class DelimitedRows {
 public:
  DelimitedRows(const char *path, const xarrow_dialect &dialect);

  /// The line of names.
  std::vector<std::string> names();
  void setColumnCount(int32_t count) { columnCount_ = count; }

  /// Parses the next rows, at most so many; false at the end.
  bool next(int64_t mostRows);
  /// The rows parsed last.
  const arrow::csv::BlockParser &block() const { return *parser_; }
  int64_t rows() const { return parser_->num_rows(); }
  /// Rows before them.
  int64_t firstRow() const { return rowsBefore_; }

 private:
  void skip(int64_t bytes);
  bool fill();
  bool parse(int64_t mostRows);
  [[noreturn]] void refuseLength() const;
  [[noreturn]] void refuseOpenRow() const;

  std::unique_ptr<xarrow_bytes> bytes_;
  arrow::csv::ParseOptions options_;
  std::unique_ptr<arrow::Chunker> chunker_;
  std::unique_ptr<arrow::csv::BlockParser> parser_;
  std::vector<uint8_t> memory_;
  size_t begin_ = 0;   // of what is not parsed
  size_t whole_ = 0;   // where the whole rows end
  size_t filled_ = 0;  // where the bytes end
  bool atEnd_ = false;
  int64_t left_ = -1;  // bytes that are not read yet; negative: all that there are
  int32_t columnCount_ = -1;
  int64_t rowsBefore_ = 0;
};

}  // namespace xarrow
#endif
