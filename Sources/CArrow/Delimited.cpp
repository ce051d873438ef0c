// Columns of delimited text: what their values are, and the values.
#include "Delimited.hpp"

#include <algorithm>

#include "Guard.hpp"
#include "Text.hpp"
#include "Values.hpp"

namespace xarrow {

int32_t Seen::form() const {
  if (texts || (booleans && hasNumbers())) return XARROW_TEXT;
  if (booleans) return XARROW_BOOL;
  if (reals) return XARROW_FLOAT64;
  // Digits that no 64-bit integer holds are kept as they are.
  if (wide || (naturals && negatives)) return XARROW_TEXT;
  if (naturals) return XARROW_UINT64;
  return integers ? XARROW_INT64 : XARROW_TEXT;
}

void Seen::add(std::string_view text, int64_t row) {
  std::string_view word = trimmed(text);
  if (isMissingNumber(word)) return;
  switch (kindOf(word)) {
    case Kind::integer:
      integers = true;
      negatives = negatives || word.front() == '-';
      return;
    case Kind::natural: naturals = true; return;
    case Kind::wide: wide = true; return;
    case Kind::real: reals = true; return;
    case Kind::boolean: booleans = true; return;
    case Kind::text: break;
  }
  texts = true;
  if (oddRow > 0 || !hasNumbers()) return;
  oddRow = row;
  oddValue = sound(text.substr(0, 40));
}

/// A column that is lent.
struct Chosen {
  int32_t column = 0;
  int32_t form = XARROW_TEXT;
  Scratch scratch;
};

}  // namespace xarrow

struct xarrow_csv {
  std::unique_ptr<xarrow::DelimitedRows> rows;
  std::vector<std::string> names;
  std::vector<xarrow::Seen> seen;
  std::vector<xarrow::Chosen> chosen;
  std::vector<xarrow_values> values;
};

namespace xarrow {
namespace {

using arrow::Status;

std::string_view textOf(const uint8_t *data, uint32_t size) { return {reinterpret_cast<const char *>(data), size}; }

int64_t survey(xarrow_csv &csv) {
  int64_t count = 0;
  while (csv.rows->next(arrow::csv::kMaxParserNumRows)) {
    for (size_t i = 0; i < csv.seen.size(); i++) {
      Seen &seen = csv.seen[i];
      if (seen.texts) continue;
      int64_t row = csv.rows->firstRow();
      check(csv.rows->block().VisitColumn(
          static_cast<int32_t>(i), [&](const uint8_t *data, uint32_t size, bool, bool) {
            row++;
            if (!seen.texts) seen.add(textOf(data, size), row);
            return Status::OK();
          }));
    }
    count += csv.rows->rows();
  }
  return count;
}

void clear(std::vector<uint8_t> &validity, int64_t row) {
  validity[static_cast<size_t>(row >> 3)] &= static_cast<uint8_t>(~(1 << (row & 7)));
}

[[noreturn]] void refuse(const xarrow_csv &csv, const Chosen &chosen, int64_t row, std::string_view text) {
  throw Failure{XARROW_ERROR_VALUE, "column '" + csv.names[static_cast<size_t>(chosen.column)] + "' has in row " +
                                        std::to_string(csv.rows->firstRow() + row + 1) + " the value '" +
                                        sound(text.substr(0, 40)) + "', which does not fit its type"};
}

template <typename Number, typename Parse>
void lendNumbers(const xarrow_csv &csv, Chosen &chosen, std::vector<Number> &numbers, xarrow_values &out, Parse parse) {
  numbers.assign(static_cast<size_t>(csv.rows->rows()), 0);
  int64_t row = 0;
  auto visit = [&](const uint8_t *data, uint32_t size, bool, bool) {
    std::string_view text = trimmed(textOf(data, size));
    if (isMissingNumber(text)) {
      clear(chosen.scratch.validity, row);
      out.null_count++;
    } else if (!parse(text, numbers[static_cast<size_t>(row)])) {
      refuse(csv, chosen, row, text);
    }
    row++;
    return Status::OK();
  };
  check(csv.rows->block().VisitColumn(chosen.column, visit));
  out.values = numbers.data();
}

/// Blanks around a text that is not in quotes are none of it.
void lendTexts(const xarrow_csv &csv, Chosen &chosen, xarrow_values &out) {
  Scratch &scratch = chosen.scratch;
  scratch.bytes.clear();
  scratch.offsets.assign(1, 0);
  int64_t row = 0;
  check(csv.rows->block().VisitColumn(chosen.column, [&](const uint8_t *data, uint32_t size, bool quoted, bool) {
    std::string_view text = quoted ? textOf(data, size) : trimmed(textOf(data, size));
    if (!quoted && (text.empty() || isMissingText(text))) {
      clear(scratch.validity, row);
      out.null_count++;
    } else {
      scratch.bytes.insert(scratch.bytes.end(), text.begin(), text.end());
    }
    scratch.offsets.push_back(static_cast<int64_t>(scratch.bytes.size()));
    row++;
    return Status::OK();
  }));
  out.offsets = scratch.offsets.data();
  out.bytes = scratch.bytes.data();
}

void lendColumn(const xarrow_csv &csv, Chosen &chosen, xarrow_values &out) {
  Scratch &scratch = chosen.scratch;
  out = {};
  scratch.validity.assign(static_cast<size_t>((csv.rows->rows() + 7) / 8), 0xFF);
  switch (chosen.form) {
    case XARROW_INT64: lendNumbers(csv, chosen, scratch.integers, out, parseInteger<int64_t>); break;
    case XARROW_UINT64: lendNumbers(csv, chosen, scratch.naturals, out, parseInteger<uint64_t>); break;
    case XARROW_FLOAT64: lendNumbers(csv, chosen, scratch.doubles, out, parseReal<double>); break;
    case XARROW_FLOAT32: lendNumbers(csv, chosen, scratch.floats, out, parseReal<float>); break;
    case XARROW_BOOL: lendNumbers(csv, chosen, scratch.flags, out, parseBool); break;
    default: lendTexts(csv, chosen, out); break;
  }
  out.validity = out.null_count > 0 ? scratch.validity.data() : nullptr;
}

void open(xarrow_csv &csv, const char *path, const xarrow_dialect &dialect) {
  csv.rows = std::make_unique<DelimitedRows>(path, dialect);
  if (dialect.has_names) csv.names = csv.rows->names();
  if (dialect.columns > 0 && dialect.has_names && static_cast<int32_t>(csv.names.size()) != dialect.columns) {
    throw Failure{XARROW_ERROR_DAMAGED, "the line of names has " + std::to_string(csv.names.size()) +
                                            " columns, the header before it " + std::to_string(dialect.columns)};
  }
  if (!dialect.has_names) csv.names.resize(static_cast<size_t>(std::max(0, dialect.columns)));
  if (csv.names.empty()) throw Failure{XARROW_ERROR_DAMAGED, "there is no line with the names of the columns"};
  csv.seen.resize(csv.names.size());
  csv.rows->setColumnCount(static_cast<int32_t>(csv.names.size()));
}

void choose(xarrow_csv &csv, const int32_t *columns, const int32_t *forms, int32_t count) {
  csv.chosen.resize(static_cast<size_t>(count));
  csv.values.resize(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) {
    if (columns[i] < 0 || static_cast<size_t>(columns[i]) >= csv.names.size()) {
      throw Failure{XARROW_ERROR_DAMAGED, "the file has fewer columns than before"};
    }
    csv.chosen[static_cast<size_t>(i)].column = columns[i];
    csv.chosen[static_cast<size_t>(i)].form = forms[i];
  }
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_csv_open(const char *path, const xarrow_dialect *dialect, xarrow_csv **out, xarrow_error *error) {
  *out = nullptr;
  return xarrow::guarded(error, [&] {
    auto csv = std::make_unique<xarrow_csv>();
    xarrow::open(*csv, path, *dialect);
    *out = csv.release();
  });
}

int xarrow_csv_survey(xarrow_csv *csv, int64_t *rows, xarrow_error *error) {
  *rows = 0;
  return xarrow::guarded(error, [&] { *rows = xarrow::survey(*csv); });
}

int32_t xarrow_csv_column_count(const xarrow_csv *csv) { return static_cast<int32_t>(csv->names.size()); }

void xarrow_csv_column_at(const xarrow_csv *csv, int32_t index, xarrow_csv_column *column) {
  const xarrow::Seen &seen = csv->seen[static_cast<size_t>(index)];
  *column = {csv->names[static_cast<size_t>(index)].c_str(), seen.form(), seen.isEmpty() ? 1 : 0, seen.oddRow,
             seen.oddValue.c_str()};
}

int xarrow_csv_choose(xarrow_csv *csv, const int32_t *columns, const int32_t *forms, int32_t count,
                      xarrow_error *error) {
  return xarrow::guarded(error, [&] { xarrow::choose(*csv, columns, forms, count); });
}

int xarrow_csv_next(xarrow_csv *csv, int64_t batch_rows, int64_t *rows, const xarrow_values **values,
                    xarrow_error *error) {
  *rows = 0;
  *values = csv->values.data();
  return xarrow::guarded(error, [&] {
    if (!csv->rows->next(batch_rows)) return;
    for (size_t i = 0; i < csv->chosen.size(); i++) xarrow::lendColumn(*csv, csv->chosen[i], csv->values[i]);
    *rows = csv->rows->rows();
  });
}

void xarrow_csv_close(xarrow_csv *csv) { delete csv; }

}  // extern "C"
