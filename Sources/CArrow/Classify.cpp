// Which Arrow type arrives in which form.
#include "File.hpp"

namespace xarrow {
namespace {

using arrow::Type;

int32_t stepLog10(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND: return 9;
    case arrow::TimeUnit::MILLI: return 6;
    case arrow::TimeUnit::MICRO: return 3;
    case arrow::TimeUnit::NANO: return 0;
  }
  return 0;
}

/// Every decimal of so many digits is an int64_t.
constexpr int32_t kDigitsOfInt64 = 18;

int32_t formOf(const arrow::DecimalType &type, Range range) {
  if (type.scale() != 0) return XARROW_FLOAT64;
  if (type.precision() <= kDigitsOfInt64) return XARROW_INT64;
  switch (range) {
    case Range::wide: return XARROW_FLOAT64;
    case Range::uint64: return XARROW_UINT64;
    // Without statistics integers are expected, as in every catalogue; a value that does not fit ends the reading.
    case Range::int64: case Range::unknown: return XARROW_INT64;
  }
  return XARROW_INT64;
}

int32_t formOf(const arrow::DataType &type, Range range) {
  switch (type.id()) {
    case Type::INT8: case Type::INT16: case Type::INT32: case Type::INT64:
    case Type::UINT8: case Type::UINT16: case Type::UINT32:
    case Type::DATE32: case Type::DATE64: case Type::TIME32: case Type::TIME64:
    case Type::TIMESTAMP: case Type::DURATION:
      return XARROW_INT64;
    case Type::UINT64: return XARROW_UINT64;
    case Type::DOUBLE: return XARROW_FLOAT64;
    case Type::FLOAT: case Type::HALF_FLOAT: return XARROW_FLOAT32;
    case Type::BOOL: return XARROW_BOOL;
    case Type::STRING: case Type::LARGE_STRING: case Type::STRING_VIEW: case Type::NA: return XARROW_TEXT;
    case Type::DECIMAL32: case Type::DECIMAL64: case Type::DECIMAL128: case Type::DECIMAL256:
      return formOf(static_cast<const arrow::DecimalType &>(type), range);
    case Type::BINARY: case Type::LARGE_BINARY: case Type::BINARY_VIEW: case Type::FIXED_SIZE_BINARY:
      return XARROW_BINARY;
    default: return XARROW_NESTED;
  }
}

void countOf(Column &column, int32_t count, int32_t step) {
  column.count = count;
  column.stepLog10 = step;
}

}  // namespace

void classify(Column &column, Range range) {
  const arrow::DataType &type = *column.type;
  if (type.id() == Type::DICTIONARY) {
    int32_t form = formOf(*static_cast<const arrow::DictionaryType &>(type).value_type(), range);
    column.form = form == XARROW_TEXT || form == XARROW_BINARY ? form : XARROW_NESTED;
    return;
  }
  column.form = column.leaf < 0 ? XARROW_NESTED : formOf(type, range);
  switch (type.id()) {
    case Type::DATE32: return countOf(column, XARROW_COUNT_DATE, kDay);
    case Type::DATE64: return countOf(column, XARROW_COUNT_DATE, 6);
    case Type::TIME32:
    case Type::TIME64:
      return countOf(column, XARROW_COUNT_TIME, stepLog10(static_cast<const arrow::TimeType &>(type).unit()));
    case Type::TIMESTAMP: {
      const auto &timestamp = static_cast<const arrow::TimestampType &>(type);
      column.timeZone = timestamp.timezone();
      return countOf(column, XARROW_COUNT_TIMESTAMP, stepLog10(timestamp.unit()));
    }
    case Type::DURATION:
      return countOf(
          column, XARROW_COUNT_DURATION, stepLog10(static_cast<const arrow::DurationType &>(type).unit()));
    default: return;
  }
}

}  // namespace xarrow
