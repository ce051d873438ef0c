#include "Delimited.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "Guard.hpp"
#include "Text.hpp"

namespace xarrow {
namespace {

/// Bytes read at a time.
constexpr size_t kBlock = size_t(1) << 21;

/// No row is longer: a quote that is never closed makes one row of the rest of the file.
constexpr size_t kLongestRow = size_t(1) << 28;

/// Characters of a row shown in a message.
constexpr size_t kShown = 60;

std::string beginningOf(std::string_view text) {
  return sound(text.substr(0, kShown)) + (text.size() > kShown ? "..." : "");
}

}  // namespace

DelimitedRows::DelimitedRows(const char *path, const xarrow_dialect &dialect) : bytes_(openBytes(path)) {
  options_.delimiter = static_cast<char>(dialect.delimiter);
  options_.quoting = dialect.has_quotes != 0;
  options_.newlines_in_values = options_.quoting;
  options_.ignore_empty_lines = true;
  chunker_ = arrow::csv::MakeChunker(options_);
  memory_.resize(kBlock);
  skip(dialect.skip);
  left_ = dialect.length;
}

void DelimitedRows::skip(int64_t bytes) {
  while (bytes > 0) {
    int64_t part = readFully(*bytes_->stream, memory_.data(), std::min<int64_t>(bytes, static_cast<int64_t>(kBlock)));
    if (part == 0) return;
    bytes -= part;
  }
}

void DelimitedRows::refuseLength() const {
  throw Failure{XARROW_ERROR_DAMAGED, "row " + std::to_string(rowsBefore_ + 1) + " is longer than " +
                                          std::to_string(kLongestRow) + " bytes; is there a quote that is not closed?"};
}

void DelimitedRows::refuseOpenRow() const {
  throw Failure{XARROW_ERROR_DAMAGED,
                "row " + std::to_string(rowsBefore_ + 1) + " does not end; is there a quote that is not closed?"};
}

/// Brings whole rows into memory; false at the end of the file.
bool DelimitedRows::fill() {
  while (begin_ == whole_) {
    if (atEnd_ && begin_ < filled_) refuseOpenRow();
    if (atEnd_) return false;
    std::memmove(memory_.data(), memory_.data() + begin_, filled_ - begin_);
    filled_ -= begin_;
    begin_ = whole_ = 0;
    if (filled_ == memory_.size()) {
      if (memory_.size() >= kLongestRow) refuseLength();
      memory_.resize(memory_.size() * 2);
    }
    size_t room = memory_.size() - filled_;
    if (left_ >= 0) room = std::min(room, static_cast<size_t>(left_));
    auto count = static_cast<size_t>(
        readFully(*bytes_->stream, memory_.data() + filled_, static_cast<int64_t>(room)));
    filled_ += count;
    if (left_ >= 0) left_ -= static_cast<int64_t>(count);
    atEnd_ = count < room || left_ == 0;
    if (atEnd_ && filled_ == memory_.size()) memory_.resize(filled_ + 1);
    // The last row ends like the others; where a quote is open it does not.
    if (atEnd_ && filled_ > 0) memory_[filled_++] = '\n';
    std::shared_ptr<arrow::Buffer> whole, partial;
    auto all = std::make_shared<arrow::Buffer>(memory_.data(), static_cast<int64_t>(filled_));
    check(chunker_->Process(all, &whole, &partial));
    whole_ = static_cast<size_t>(whole->size());
    if (atEnd_ && whole_ == 0 && filled_ > 0) refuseOpenRow();
  }
  return true;
}

/// Parses some of the whole rows; false if there were only empty lines.
bool DelimitedRows::parse(int64_t mostRows) {
  std::optional<Failure> failure;
  options_.invalid_row_handler = [&](const arrow::csv::InvalidRow &row) {
    failure = Failure{XARROW_ERROR_DAMAGED, "row " + std::to_string(row.number) + " has " +
                                                std::to_string(row.actual_columns) + " fields, and there are " +
                                                std::to_string(row.expected_columns) + " columns: '" +
                                                beginningOf(row.text) + "'; correct or remove it"};
    return arrow::csv::InvalidRowResult::Error;
  };
  parser_ = std::make_unique<arrow::csv::BlockParser>(
      options_, columnCount_, rowsBefore_ + 1,
      static_cast<int32_t>(std::clamp<int64_t>(mostRows, 1, arrow::csv::kMaxParserNumRows)));
  std::string_view text(reinterpret_cast<const char *>(memory_.data()) + begin_, whole_ - begin_);
  uint32_t parsed = 0;
  arrow::Status status = parser_->Parse(text, &parsed);
  if (failure) throw *failure;
  check(status);
  if (parsed == 0) refuseOpenRow();
  begin_ += parsed;
  return parser_->num_rows() > 0;
}

bool DelimitedRows::next(int64_t mostRows) {
  if (parser_) rowsBefore_ += parser_->num_rows();
  parser_.reset();
  while (fill()) {
    if (parse(mostRows)) return true;
    parser_.reset();
  }
  return false;
}

std::vector<std::string> DelimitedRows::names() {
  std::vector<std::string> names;
  if (!next(1)) return names;
  check(parser_->VisitLastRow([&](const uint8_t *data, uint32_t size, bool, bool) {
    names.push_back(sound(trimmed({reinterpret_cast<const char *>(data), size})));
    return arrow::Status::OK();
  }));
  parser_.reset();
  return names;
}

}  // namespace xarrow
