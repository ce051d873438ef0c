// Record batches as plain buffers. Wide types are lent as they are; narrow and odd ones are rewritten into
// scratch memory of the stream, once per batch and column.
#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include <arrow/array.h>
#include <arrow/extension_type.h>
#include <arrow/record_batch.h>
#include <arrow/util/bit_util.h>
#include <arrow/util/bitmap_ops.h>
#include <arrow/util/float16.h>

#include "File.hpp"
#include "Guard.hpp"

namespace xarrow {
namespace {

using arrow::Type;

/// Memory of one column that outlives the batch it was made for.
struct Scratch {
  std::vector<int64_t> integers;
  std::vector<float> floats;
  std::vector<uint8_t> flags, validity, bytes;
  std::vector<int64_t> offsets;
  std::shared_ptr<arrow::Array> held;
};

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

const void *numbers(const arrow::Array &array, Scratch &scratch) {
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

void dictionary(const arrow::DictionaryArray &array, Scratch &scratch, xarrow_values &out) {
  const arrow::Array &words = *array.dictionary();
  auto copy = [&](const auto &typed) {
    copyText(array, scratch, out, [&](int64_t i) {
      int64_t index = array.GetValueIndex(i);
      if (index < 0 || index >= typed.length()) throw Failure{XARROW_ERROR_DAMAGED, "dictionary index out of range"};
      return typed.IsValid(index) ? typed.GetView(index) : std::string_view();
    });
  };
  switch (words.type_id()) {
    case Type::STRING: case Type::BINARY: return copy(static_cast<const arrow::BinaryArray &>(words));
    case Type::LARGE_STRING: case Type::LARGE_BINARY: return copy(static_cast<const arrow::LargeBinaryArray &>(words));
    default:
      throw Failure{XARROW_ERROR_UNSUPPORTED, "type " + array.type()->ToString() + " cannot be read"};
  }
}

template <typename ArrayType>
void decimals(const arrow::Array &array, Scratch &scratch, xarrow_values &out) {
  const auto &typed = static_cast<const ArrayType &>(array);
  copyText(array, scratch, out, [&](int64_t i) { return typed.FormatValue(i); });
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
    case Type::DECIMAL32: return decimals<arrow::Decimal32Array>(array, scratch, out);
    case Type::DECIMAL64: return decimals<arrow::Decimal64Array>(array, scratch, out);
    case Type::DECIMAL128: return decimals<arrow::Decimal128Array>(array, scratch, out);
    case Type::DECIMAL256: return decimals<arrow::Decimal256Array>(array, scratch, out);
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

void lend(std::shared_ptr<arrow::Array> array, const Column &column, Scratch &scratch, xarrow_values &out) {
  if (array->type_id() == Type::EXTENSION) {
    array = static_cast<const arrow::ExtensionArray &>(*array).storage();
  }
  scratch.held = array;
  out = {};
  validity(*array, scratch, out);
  if (column.form == XARROW_TEXT || column.form == XARROW_BINARY) {
    text(*array, scratch, out);
  } else {
    out.values = numbers(*array, scratch);
  }
}

}  // namespace
}  // namespace xarrow

struct xarrow_stream {
  std::unique_ptr<arrow::RecordBatchReader> batches;
  std::vector<const xarrow::Column *> columns;
  std::vector<xarrow::Scratch> scratch;
  std::vector<xarrow_values> values;
  int64_t rowsLeft = 0;
  bool countsOnly = false;
  int64_t batchRows = 0;
};

namespace xarrow {
namespace {

void open(xarrow_stream &stream, xarrow_file &file, const int32_t *columns, int32_t count) {
  std::vector<int> leaves, groups;
  for (int32_t i = 0; i < count; i++) {
    const Column &column = file.columns.at(static_cast<size_t>(columns[i]));
    if (column.form == XARROW_NESTED) {
      throw Failure{XARROW_ERROR_UNSUPPORTED, "column '" + column.name + "' is nested (" + column.arrowType + ")"};
    }
    stream.columns.push_back(&column);
    leaves.push_back(column.leaf);
  }
  for (int i = 0; i < file.reader->num_row_groups(); i++) groups.push_back(i);
  stream.scratch.resize(static_cast<size_t>(count));
  stream.values.resize(static_cast<size_t>(count));
  stream.rowsLeft = file.rows;
  stream.countsOnly = count == 0;
  file.reader->set_batch_size(stream.batchRows);
  if (!stream.countsOnly) stream.batches = check(file.reader->GetRecordBatchReader(groups, leaves));
}

int64_t next(xarrow_stream &stream) {
  if (stream.countsOnly) return std::min(stream.rowsLeft, stream.batchRows);
  std::shared_ptr<arrow::RecordBatch> batch;
  do {
    check(stream.batches->ReadNext(&batch));
  } while (batch && batch->num_rows() == 0);
  if (!batch) return 0;
  if (static_cast<size_t>(batch->num_columns()) != stream.columns.size()) {
    throw Failure{XARROW_ERROR_DAMAGED, "a batch lacks columns"};
  }
  for (int i = 0; i < batch->num_columns(); i++) {
    size_t at = static_cast<size_t>(i);
    if (batch->column(i)->length() != batch->num_rows()) {
      throw Failure{XARROW_ERROR_DAMAGED, "column '" + stream.columns[at]->name + "' is shorter than the others"};
    }
    lend(batch->column(i), *stream.columns[at], stream.scratch[at], stream.values[at]);
  }
  return batch->num_rows();
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_stream_open(xarrow_file *file, const int32_t *columns, int32_t count, int64_t batch_rows,
                       xarrow_stream **out, xarrow_error *error) {
  *out = nullptr;
  return xarrow::guarded(error, [&] {
    auto stream = std::make_unique<xarrow_stream>();
    stream->batchRows = batch_rows;
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
