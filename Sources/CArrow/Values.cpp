// Wide types are lent as they are; narrow and odd ones are rewritten into scratch memory, once per batch and column.
#include "Values.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <arrow/extension_type.h>
#include <arrow/util/bit_util.h>
#include <arrow/util/bitmap_ops.h>
#include <arrow/util/float16.h>

#include "Guard.hpp"

namespace xarrow {
namespace {

using arrow::Type;

template <typename ArrayType>
const void *widened(const arrow::Array &array, Scratch &scratch) {
  const auto *values = static_cast<const ArrayType &>(array).raw_values();
  scratch.integers.resize(static_cast<size_t>(array.length()));
  for (int64_t i = 0; i < array.length(); i++) scratch.integers[static_cast<size_t>(i)] = values[i];
  return scratch.integers.data();
}

template <typename ArrayType>
const void *lent(const arrow::Array &array) {
  return static_cast<const ArrayType &>(array).raw_values();
}

const void *halfFloats(const arrow::Array &array, Scratch &scratch) {
  const uint16_t *values = static_cast<const arrow::HalfFloatArray &>(array).raw_values();
  scratch.floats.resize(static_cast<size_t>(array.length()));
  for (int64_t i = 0; i < array.length(); i++) {
    scratch.floats[static_cast<size_t>(i)] = arrow::util::Float16::FromBits(values[i]).ToFloat();
  }
  return scratch.floats.data();
}

const void *booleans(const arrow::Array &array, Scratch &scratch) {
  const auto &values = static_cast<const arrow::BooleanArray &>(array);
  scratch.flags.resize(static_cast<size_t>(array.length()));
  for (int64_t i = 0; i < array.length(); i++) scratch.flags[static_cast<size_t>(i)] = values.Value(i) ? 1 : 0;
  return scratch.flags.data();
}

/// A decimal's digits as a number, rounded to the nearest double where one is wanted.
template <typename Number>
Number parsed(const std::string &digits, const Column &column, int64_t row) {
  Number number{};
  const char *end = digits.data() + digits.size();
  auto result = std::from_chars(digits.data(), end, number);
  if (result.ec == std::errc() && result.ptr == end) return number;
  throw Failure{XARROW_ERROR_VALUE, "column '" + column.name + "' (" + column.arrowType + ") has in row " +
                                        std::to_string(row + 1) + " the value " + digits +
                                        ", which is no 64-bit integer, and the footer's statistics did not say so"};
}

template <typename Number, typename ArrayType>
const void *decimalNumbers(const ArrayType &array, const Column &column, int64_t firstRow,
                           std::vector<Number> &numbers) {
  numbers.assign(static_cast<size_t>(array.length()), 0);
  for (int64_t i = 0; i < array.length(); i++) {
    if (array.IsNull(i)) continue;
    numbers[static_cast<size_t>(i)] = parsed<Number>(array.FormatValue(i), column, firstRow + i);
  }
  return numbers.data();
}

template <typename ArrayType>
const void *decimals(const arrow::Array &array, const Column &column, int64_t firstRow, Scratch &scratch) {
  const auto &typed = static_cast<const ArrayType &>(array);
  switch (column.form) {
    case XARROW_INT64: return decimalNumbers(typed, column, firstRow, scratch.integers);
    case XARROW_UINT64: return decimalNumbers(typed, column, firstRow, scratch.naturals);
    default: return decimalNumbers(typed, column, firstRow, scratch.doubles);
  }
}

const void *numbers(const arrow::Array &array, const Column &column, int64_t firstRow, Scratch &scratch) {
  switch (array.type_id()) {
    case Type::INT8: return widened<arrow::Int8Array>(array, scratch);
    case Type::INT16: return widened<arrow::Int16Array>(array, scratch);
    case Type::INT32: return widened<arrow::Int32Array>(array, scratch);
    case Type::UINT8: return widened<arrow::UInt8Array>(array, scratch);
    case Type::UINT16: return widened<arrow::UInt16Array>(array, scratch);
    case Type::UINT32: return widened<arrow::UInt32Array>(array, scratch);
    case Type::DATE32: return widened<arrow::Date32Array>(array, scratch);
    case Type::TIME32: return widened<arrow::Time32Array>(array, scratch);
    case Type::INT64: return lent<arrow::Int64Array>(array);
    case Type::UINT64: return lent<arrow::UInt64Array>(array);
    case Type::DATE64: return lent<arrow::Date64Array>(array);
    case Type::TIME64: return lent<arrow::Time64Array>(array);
    case Type::TIMESTAMP: return lent<arrow::TimestampArray>(array);
    case Type::DURATION: return lent<arrow::DurationArray>(array);
    case Type::DOUBLE: return lent<arrow::DoubleArray>(array);
    case Type::FLOAT: return lent<arrow::FloatArray>(array);
    case Type::HALF_FLOAT: return halfFloats(array, scratch);
    case Type::BOOL: return booleans(array, scratch);
    case Type::DECIMAL32: return decimals<arrow::Decimal32Array>(array, column, firstRow, scratch);
    case Type::DECIMAL64: return decimals<arrow::Decimal64Array>(array, column, firstRow, scratch);
    case Type::DECIMAL128: return decimals<arrow::Decimal128Array>(array, column, firstRow, scratch);
    case Type::DECIMAL256: return decimals<arrow::Decimal256Array>(array, column, firstRow, scratch);
    default: throw Failure{XARROW_ERROR_UNSUPPORTED, "type " + array.type()->ToString() + " cannot be read"};
  }
}

/// Strings with 32-bit offsets: the bytes stay where they are.
void lendText(const arrow::BinaryArray &array, Scratch &scratch, xarrow_values &out) {
  const int32_t *offsets = array.raw_value_offsets();
  scratch.offsets.assign(offsets, offsets + array.length() + 1);
  out.offsets = scratch.offsets.data();
  out.bytes = array.raw_data();
}

void lendText(const arrow::LargeBinaryArray &array, xarrow_values &out) {
  out.offsets = array.raw_value_offsets();
  out.bytes = array.raw_data();
}

/// Copies what `value(i)` gives for each row that has a value.
template <typename Value>
void copyText(const arrow::Array &array, Scratch &scratch, xarrow_values &out, Value value) {
  scratch.bytes.clear();
  scratch.offsets.assign(1, 0);
  for (int64_t i = 0; i < array.length(); i++) {
    if (array.IsValid(i)) {
      const auto &text = value(i);
      const auto *first = reinterpret_cast<const uint8_t *>(text.data());
      scratch.bytes.insert(scratch.bytes.end(), first, first + text.size());
    }
    scratch.offsets.push_back(static_cast<int64_t>(scratch.bytes.size()));
  }
  out.offsets = scratch.offsets.data();
  out.bytes = scratch.bytes.data();
}

/// Calls `body` with the words of a dictionary.
template <typename Body>
auto withWords(const arrow::DictionaryArray &array, Body body) {
  const arrow::Array &words = *array.dictionary();
  switch (words.type_id()) {
    case Type::STRING: case Type::BINARY: return body(static_cast<const arrow::BinaryArray &>(words));
    case Type::LARGE_STRING: case Type::LARGE_BINARY:
      return body(static_cast<const arrow::LargeBinaryArray &>(words));
    default:
      throw Failure{XARROW_ERROR_UNSUPPORTED, "type " + array.type()->ToString() + " cannot be read"};
  }
}

/// The word of a row that has a value; a missing word is an empty one.
template <typename Words>
std::string_view word(const arrow::DictionaryArray &array, const Words &words, int64_t row) {
  int64_t index = array.GetValueIndex(row);
  if (index < 0 || index >= words.length()) throw Failure{XARROW_ERROR_DAMAGED, "dictionary index out of range"};
  return words.IsValid(index) ? words.GetView(index) : std::string_view();
}

void dictionary(const arrow::DictionaryArray &array, Scratch &scratch, xarrow_values &out) {
  withWords(array, [&](const auto &words) {
    copyText(array, scratch, out, [&](int64_t i) { return word(array, words, i); });
  });
}

void text(const arrow::Array &array, Scratch &scratch, xarrow_values &out) {
  switch (array.type_id()) {
    case Type::STRING: case Type::BINARY:
      return lendText(static_cast<const arrow::BinaryArray &>(array), scratch, out);
    case Type::LARGE_STRING: case Type::LARGE_BINARY:
      return lendText(static_cast<const arrow::LargeBinaryArray &>(array), out);
    case Type::STRING_VIEW: case Type::BINARY_VIEW:
      return copyText(array, scratch, out,
                      [&](int64_t i) { return static_cast<const arrow::BinaryViewArray &>(array).GetView(i); });
    case Type::FIXED_SIZE_BINARY:
      return copyText(array, scratch, out,
                      [&](int64_t i) { return static_cast<const arrow::FixedSizeBinaryArray &>(array).GetView(i); });
    case Type::DICTIONARY:
      return dictionary(static_cast<const arrow::DictionaryArray &>(array), scratch, out);
    case Type::NA: return copyText(array, scratch, out, [](int64_t) { return std::string_view(); });
    default: throw Failure{XARROW_ERROR_UNSUPPORTED, "type " + array.type()->ToString() + " cannot be read"};
  }
}

/// A bitmap that begins at bit 0, or none when every row has a value.
void validity(const arrow::Array &array, Scratch &scratch, xarrow_values &out) {
  out.null_count = array.null_count();
  out.validity = nullptr;
  if (out.null_count == 0) return;
  size_t size = static_cast<size_t>(arrow::bit_util::BytesForBits(array.length()));
  if (array.type_id() == Type::NA || array.null_bitmap_data() == nullptr) {
    scratch.validity.assign(size, 0);
    out.validity = scratch.validity.data();
  } else if (array.offset() % 8 == 0) {
    out.validity = array.null_bitmap_data() + array.offset() / 8;
  } else {
    scratch.validity.assign(size, 0);
    arrow::internal::CopyBitmap(array.null_bitmap_data(), array.offset(), array.length(), scratch.validity.data(), 0);
    out.validity = scratch.validity.data();
  }
}

template <typename ArrayType>
int64_t spanOfOffsets(const arrow::Array &array) {
  const auto &typed = static_cast<const ArrayType &>(array);
  return static_cast<int64_t>(typed.value_offset(typed.length())) - static_cast<int64_t>(typed.value_offset(0));
}

int64_t bytesOfViews(const arrow::BinaryViewArray &array) {
  int64_t sum = 0;
  for (int64_t i = 0; i < array.length(); i++) {
    if (array.IsValid(i)) sum += static_cast<int64_t>(array.GetView(i).size());
  }
  return sum;
}

int64_t bytesOfDictionary(const arrow::DictionaryArray &array, bool exactly) {
  return withWords(array, [&](const auto &words) {
    int64_t sum = 0, longest = 0;
    if (exactly) {
      for (int64_t i = 0; i < array.length(); i++) {
        if (array.IsValid(i)) sum += static_cast<int64_t>(word(array, words, i).size());
      }
      return sum;
    }
    for (int64_t i = 0; i < words.length(); i++) {
      longest = std::max<int64_t>(longest, static_cast<int64_t>(words.GetView(i).size()));
    }
    return longest * array.length();
  });
}

int64_t bytesOf(const arrow::Array &array, bool exactly) {
  switch (array.type_id()) {
    case Type::STRING: case Type::BINARY: return spanOfOffsets<arrow::BinaryArray>(array);
    case Type::LARGE_STRING: case Type::LARGE_BINARY: return spanOfOffsets<arrow::LargeBinaryArray>(array);
    case Type::STRING_VIEW: case Type::BINARY_VIEW:
      return bytesOfViews(static_cast<const arrow::BinaryViewArray &>(array));
    case Type::FIXED_SIZE_BINARY:
      return array.length() * static_cast<const arrow::FixedSizeBinaryArray &>(array).byte_width();
    case Type::DICTIONARY: return bytesOfDictionary(static_cast<const arrow::DictionaryArray &>(array), exactly);
    case Type::EXTENSION: return bytesOf(*static_cast<const arrow::ExtensionArray &>(array).storage(), exactly);
    default: return 0;
  }
}

}  // namespace

int64_t textBytesAtMost(const arrow::Array &array) { return bytesOf(array, false); }
int64_t textBytes(const arrow::Array &array) { return bytesOf(array, true); }

void lend(std::shared_ptr<arrow::Array> array, const Column &column, int64_t firstRow, Scratch &scratch,
          xarrow_values &out) {
  if (array->type_id() == Type::EXTENSION) {
    array = static_cast<const arrow::ExtensionArray &>(*array).storage();
  }
  scratch.held = array;
  out = {};
  validity(*array, scratch, out);
  if (column.form == XARROW_TEXT || column.form == XARROW_BINARY) {
    text(*array, scratch, out);
  } else {
    out.values = numbers(*array, column, firstRow, scratch);
  }
}

}  // namespace xarrow
