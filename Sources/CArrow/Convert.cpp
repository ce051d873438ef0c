// From the form that a file has to the form that its column has over all files: always to a wider one, and never
// by changing a value. What does not fit ends the reading.
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <arrow/util/bit_util.h>

#include "Guard.hpp"
#include "Text.hpp"
#include "Values.hpp"

namespace xarrow {
namespace {

/// All integers up to here are doubles.
constexpr int64_t kExact = int64_t(1) << 53;

/// One column on its way to another form.
struct Conversion {
  const Column &column;
  int64_t rows, firstRow;
  const xarrow_values &from;

  template <typename Number>
  [[noreturn]] void fail(int64_t row, Number value, const char *reason) const {
    throw Failure{XARROW_ERROR_VALUE, "column '" + column.name + "' (" + column.arrowType + ") has in row " +
                                          std::to_string(firstRow + row + 1) + " the value " + std::to_string(value) +
                                          ", " + reason};
  }

  /// Fills `to` with what `change(row, value)` gives; rows without a value get 0.
  template <typename From, typename To, typename Change>
  const void *map(std::vector<To> &to, Change change) const {
    // A vector of the same kind may be where the values are: they go in order, each read before it is written.
    const auto *values = static_cast<const From *>(from.values);
    to.resize(static_cast<size_t>(rows));
    for (int64_t i = 0; i < rows; i++) {
      to[static_cast<size_t>(i)] = isPresent(from, i) ? change(i, values[i]) : To(0);
    }
    return to.data();
  }
};

/// Nanoseconds of a step.
int64_t nanoseconds(int32_t log10) {
  if (log10 == kDay) return 86'400'000'000'000;
  int64_t step = 1;
  for (int32_t i = 0; i < log10; i++) step *= 10;
  return step;
}

const void *toIntegers(const Conversion &conversion, const xarrow_wanted &wanted, Scratch &scratch) {
  switch (conversion.column.form) {
    case XARROW_BOOL:
      return conversion.map<uint8_t>(scratch.integers, [](int64_t, uint8_t value) { return int64_t(value); });
    case XARROW_UINT64:
      return conversion.map<uint64_t>(scratch.integers, [&](int64_t row, uint64_t value) {
        if (value > uint64_t(INT64_MAX)) {
          conversion.fail(row, value, "and other files have signed integers in this column, up to 9223372036854775807");
        }
        return static_cast<int64_t>(value);
      });
    default: {
      int64_t factor = nanoseconds(conversion.column.stepLog10) / nanoseconds(wanted.count_nanoseconds_log10);
      return conversion.map<int64_t>(scratch.integers, [&](int64_t row, int64_t value) {
        int64_t scaled = 0;
        if (factor < 1 || __builtin_mul_overflow(value, factor, &scaled)) {
          conversion.fail(row, value, "too far from 1970 for the finer steps that this column has in other files");
        }
        return scaled;
      });
    }
  }
}

const void *toNaturals(const Conversion &conversion, Scratch &scratch) {
  return conversion.map<int64_t>(scratch.naturals, [&](int64_t row, int64_t value) {
    if (value < 0) conversion.fail(row, value, "and other files have unsigned integers in this column");
    return static_cast<uint64_t>(value);
  });
}

const void *toDoubles(const Conversion &conversion, Scratch &scratch) {
  constexpr const char *reason = "which is no exact double, and other files have doubles in this column";
  switch (conversion.column.form) {
    case XARROW_FLOAT32:
      return conversion.map<float>(scratch.doubles, [](int64_t, float value) { return double(value); });
    case XARROW_BOOL:
      return conversion.map<uint8_t>(scratch.doubles, [](int64_t, uint8_t value) { return double(value); });
    case XARROW_UINT64:
      return conversion.map<uint64_t>(scratch.doubles, [&](int64_t row, uint64_t value) {
        if (value > uint64_t(kExact)) conversion.fail(row, value, reason);
        return static_cast<double>(value);
      });
    default:
      return conversion.map<int64_t>(scratch.doubles, [&](int64_t row, int64_t value) {
        if (value > kExact || value < -kExact) conversion.fail(row, value, reason);
        return static_cast<double>(value);
      });
  }
}

bool isWidening(int32_t from, int32_t to) {
  switch (to) {
    case XARROW_INT64: return from == XARROW_INT64 || from == XARROW_BOOL || from == XARROW_UINT64;
    case XARROW_UINT64: return from == XARROW_INT64;
    case XARROW_FLOAT64:
      return from == XARROW_FLOAT32 || from == XARROW_INT64 || from == XARROW_UINT64 || from == XARROW_BOOL;
    case XARROW_TEXT: return from == XARROW_BINARY;
    default: return false;
  }
}

std::string_view textOf(const xarrow_values &values, int64_t row) {
  int64_t start = values.offsets[row], end = values.offsets[row + 1];
  return {reinterpret_cast<const char *>(values.bytes) + start, static_cast<size_t>(end - start)};
}

bool allText(const xarrow_values &values, int64_t rows) {
  if (values.offsets[rows] == values.offsets[0]) return true;
  for (int64_t i = 0; i < rows; i++) {
    if (isPresent(values, i) && !isText(textOf(values, i))) return false;
  }
  return true;
}

bool isASCII(const xarrow_values &values, int64_t rows) {
  const uint8_t *byte = values.bytes + values.offsets[0], *end = values.bytes + values.offsets[rows];
  uint64_t high = 0;
  for (; end - byte >= 8; byte += 8) {
    uint64_t word;
    std::memcpy(&word, byte, sizeof word);
    high |= word;
  }
  for (; byte < end; byte++) high |= *byte;
  return (high & 0x8080808080808080) == 0;
}

void missing(int64_t rows, Scratch &scratch, xarrow_values &out) {
  scratch.validity.assign(static_cast<size_t>(arrow::bit_util::BytesForBits(rows)), 0);
  out.validity = scratch.validity.data();
  out.null_count = rows;
}

/// Takes away the values of the rows for which `isMasked` holds.
template <typename IsMasked>
void hide(int64_t rows, Scratch &scratch, xarrow_values &out, IsMasked isMasked) {
  std::vector<uint8_t> bits(static_cast<size_t>(arrow::bit_util::BytesForBits(rows)), 0);
  int64_t missing = 0;
  for (int64_t i = 0; i < rows; i++) {
    if (isPresent(out, i) && !isMasked(i)) bits[static_cast<size_t>(i >> 3)] |= static_cast<uint8_t>(1 << (i & 7));
    else missing++;
  }
  scratch.validity.swap(bits);
  out.validity = scratch.validity.data();
  out.null_count = missing;
}

}  // namespace

void convert(const Column &column, const xarrow_wanted &wanted, int64_t rows, int64_t firstRow, Scratch &scratch,
             xarrow_values &out) {
  bool same = column.form == wanted.form && column.stepLog10 == wanted.count_nanoseconds_log10;
  if (same) return;
  if (out.null_count == rows) return repeat(wanted, nullptr, rows, scratch, out);
  if (!isWidening(column.form, wanted.form)) {
    throw Failure{XARROW_ERROR_UNSUPPORTED, "column '" + column.name + "' (" + column.arrowType +
                                                ") has values, although the footer says it has none"};
  }
  Conversion conversion{column, rows, firstRow, out};
  switch (wanted.form) {
    case XARROW_INT64: out.values = toIntegers(conversion, wanted, scratch); break;
    case XARROW_UINT64: out.values = toNaturals(conversion, scratch); break;
    case XARROW_FLOAT64: out.values = toDoubles(conversion, scratch); break;
    default: break;  // bytes as text
  }
}

void applyMask(const arrow::Array &mask, Scratch &scratch, xarrow_values &out) {
  const auto &flags = static_cast<const arrow::BooleanArray &>(mask);
  if (flags.true_count() == 0) return;
  hide(flags.length(), scratch, out, [&](int64_t i) { return flags.IsValid(i) && flags.Value(i); });
}

void applyMask(const xarrow_values &mask, int64_t rows, Scratch &scratch, xarrow_values &out) {
  const auto *flags = static_cast<const uint8_t *>(mask.values);
  hide(rows, scratch, out, [&](int64_t i) { return isPresent(mask, i) && flags[i] != 0; });
}

void repairTexts(int64_t rows, Scratch &scratch, xarrow_values &out) {
  if (!out.bytes || isASCII(out, rows) || allText(out, rows)) return;
  std::vector<uint8_t> bytes;
  std::vector<int64_t> offsets(1, 0);
  for (int64_t i = 0; i < rows; i++) {
    if (isPresent(out, i)) {
      std::string_view text = textOf(out, i);
      out.repaired += isText(text) ? 0 : 1;
      appendRepaired(bytes, text);
    }
    offsets.push_back(static_cast<int64_t>(bytes.size()));
  }
  scratch.bytes.swap(bytes);
  scratch.offsets.swap(offsets);
  out.bytes = scratch.bytes.data();
  out.offsets = scratch.offsets.data();
}

void repeat(const xarrow_wanted &wanted, const std::string *constant, int64_t rows, Scratch &scratch,
            xarrow_values &out) {
  size_t count = static_cast<size_t>(rows);
  out = {};
  if (!constant) missing(rows, scratch, out);
  if (wanted.form == XARROW_TEXT || wanted.form == XARROW_BINARY) {
    std::string_view word = constant ? std::string_view(*constant) : std::string_view();
    scratch.bytes.clear();
    scratch.offsets.assign(1, 0);
    for (size_t i = 0; i < count; i++) {
      scratch.bytes.insert(scratch.bytes.end(), word.begin(), word.end());
      scratch.offsets.push_back(static_cast<int64_t>(scratch.bytes.size()));
    }
    out.offsets = scratch.offsets.data();
    out.bytes = scratch.bytes.data();
    return;
  }
  // Eight zero bytes a row are 0 in every form.
  int64_t integer = constant ? std::strtoll(constant->c_str(), nullptr, 10) : 0;
  scratch.integers.assign(count, integer);
  out.values = scratch.integers.data();
}

}  // namespace xarrow
