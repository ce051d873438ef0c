// Plain buffers into a Parquet file. Numbers are encoded from where they lie; text gets 32-bit offsets.
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>
#include <arrow/util/io_util.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "CArrow.h"
#include "Guard.hpp"

struct xarrow_writer {
  std::shared_ptr<arrow::io::FileOutputStream> output;
  std::shared_ptr<arrow::Schema> schema;
  std::unique_ptr<parquet::arrow::FileWriter> writer;

  ~xarrow_writer() {
    // Arrow's own destructors write a footer to what is still open: an abandoned file must not look complete.
    if (output && !output->closed()) static_cast<void>(output->Abort());
  }
};

namespace xarrow {
namespace {

using std::shared_ptr;

/// Failures of the file system are failures to write; others keep their kind.
void checkWritten(const arrow::Status &status) {
  if (status.IsIOError()) {
    int number = arrow::internal::ErrnoFromStatus(status);
    throw Failure{XARROW_ERROR_WRITE, number ? std::strerror(number) : status.message()};
  }
  check(status);
}

template <typename T>
T checkWritten(arrow::Result<T> result) {
  checkWritten(result.status());
  return std::move(result).ValueUnsafe();
}

shared_ptr<arrow::DataType> typeOf(const xarrow_field &field) {
  switch (field.form) {
    case XARROW_INT64: return arrow::int64();
    case XARROW_UINT64: return arrow::uint64();
    case XARROW_BOOL: return arrow::boolean();
    case XARROW_BINARY: return arrow::binary();
    case XARROW_FLOAT64: return arrow::float64();
    case XARROW_FLOAT32: return arrow::float32();
    case XARROW_TEXT: return arrow::utf8();
    default:
      throw Failure{XARROW_ERROR_UNSUPPORTED, std::string("column '") + field.name + "' has a form that is not written"};
  }
}

shared_ptr<arrow::Field> described(const xarrow_field &field) {
  std::vector<std::string> keys, values;
  auto add = [&](const char *key, const char *value) {
    if (!value || !*value) return;
    keys.push_back(key);
    values.push_back(value);
  };
  add("unit", field.unit);
  add("ucd", field.ucd);
  add("description", field.description);
  auto notes = keys.empty() ? nullptr : arrow::key_value_metadata(keys, values);
  return arrow::field(field.name, typeOf(field), field.nullable != 0, notes);
}

shared_ptr<parquet::WriterProperties> properties(const xarrow_field *fields, int32_t count, int64_t rowGroupRows) {
  parquet::WriterProperties::Builder builder;
  builder.created_by("xmdb parquet writer version 1");
  builder.compression(arrow::Compression::ZSTD)->compression_level(1);
  builder.max_row_group_length(rowGroupRows)->disable_dictionary()->enable_page_checksum();
  for (int32_t i = 0; i < count; i++) {
    if (fields[i].dictionary) builder.enable_dictionary(fields[i].name);
  }
  return builder.build();
}

void open(xarrow_writer &writer, const char *path, const xarrow_field *fields, int32_t count, int64_t rowGroupRows) {
  arrow::FieldVector described;
  for (int32_t i = 0; i < count; i++) described.push_back(xarrow::described(fields[i]));
  writer.schema = arrow::schema(std::move(described));
  writer.output = checkWritten(arrow::io::FileOutputStream::Open(path));
  auto arrowProperties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  writer.writer = checkWritten(parquet::arrow::FileWriter::Open(
      *writer.schema, arrow::default_memory_pool(), writer.output, properties(fields, count, rowGroupRows),
      arrowProperties));
}

/// A buffer that lends memory of the caller.
template <typename Element>
shared_ptr<arrow::Buffer> lent(const void *first, int64_t count) {
  return arrow::Buffer::Wrap(static_cast<const Element *>(first), static_cast<size_t>(count));
}

/// The bitmap of what is there; null when everything is.
template <typename IsPresent>
shared_ptr<arrow::Buffer> validity(int64_t rows, int64_t &missing, IsPresent isPresent) {
  missing = 0;
  for (int64_t i = 0; i < rows; i++) missing += isPresent(i) ? 0 : 1;
  if (missing == 0) return nullptr;
  shared_ptr<arrow::Buffer> bits = check(arrow::AllocateEmptyBitmap(rows));
  for (int64_t i = 0; i < rows; i++) {
    if (isPresent(i)) arrow::bit_util::SetBit(bits->mutable_data(), i);
  }
  return bits;
}

bool isMarked(const xarrow_input &in, int64_t row) {
  return !in.validity || arrow::bit_util::GetBit(in.validity, row);
}

template <typename Element>
shared_ptr<arrow::Array> numbers(const shared_ptr<arrow::Field> &field, const xarrow_input &in, int64_t rows) {
  const auto *values = static_cast<const Element *>(in.values);
  shared_ptr<arrow::Buffer> bits;
  int64_t missing = 0;
  if (field->nullable()) {
    bits = validity(rows, missing, [&](int64_t i) {
      if constexpr (std::is_floating_point_v<Element>) return isMarked(in, i) && !std::isnan(values[i]);
      return isMarked(in, i);
    });
  }
  return arrow::MakeArray(arrow::ArrayData::Make(field->type(), rows, {bits, lent<Element>(values, rows)}, missing));
}

shared_ptr<arrow::Array> bools(const shared_ptr<arrow::Field> &field, const xarrow_input &in, int64_t rows) {
  const auto *values = static_cast<const uint8_t *>(in.values);
  shared_ptr<arrow::Buffer> bits;
  int64_t missing = 0;
  if (field->nullable()) bits = validity(rows, missing, [&](int64_t i) { return isMarked(in, i); });
  shared_ptr<arrow::Buffer> packed = check(arrow::AllocateEmptyBitmap(rows));
  for (int64_t i = 0; i < rows; i++) arrow::bit_util::SetBitTo(packed->mutable_data(), i, values[i] != 0);
  return arrow::MakeArray(arrow::ArrayData::Make(field->type(), rows, {bits, packed}, missing));
}

shared_ptr<arrow::Array> text(const shared_ptr<arrow::Field> &field, const xarrow_input &in, int64_t rows) {
  if (in.offsets[rows] > std::numeric_limits<int32_t>::max()) {
    throw Failure{XARROW_ERROR_UNSUPPORTED, "column '" + field->name() + "' has a batch of more than 2 GiB of text"};
  }
  std::vector<int32_t> offsets(in.offsets, in.offsets + rows + 1);
  shared_ptr<arrow::Buffer> bits;
  int64_t missing = 0;
  if (field->nullable()) bits = validity(rows, missing, [&](int64_t i) { return isMarked(in, i); });
  auto bytes = lent<uint8_t>(in.bytes, in.offsets[rows]);
  return arrow::MakeArray(arrow::ArrayData::Make(
      field->type(), rows, {bits, arrow::Buffer::FromVector(std::move(offsets)), bytes}, missing));
}

shared_ptr<arrow::Array> array(const shared_ptr<arrow::Field> &field, const xarrow_input &in, int64_t rows) {
  switch (field->type()->id()) {
    case arrow::Type::INT64: return numbers<int64_t>(field, in, rows);
    case arrow::Type::UINT64: return numbers<uint64_t>(field, in, rows);
    case arrow::Type::BOOL: return bools(field, in, rows);
    case arrow::Type::DOUBLE: return numbers<double>(field, in, rows);
    case arrow::Type::FLOAT: return numbers<float>(field, in, rows);
    default: return text(field, in, rows);
  }
}

void append(xarrow_writer &writer, const xarrow_input *columns, int64_t rows) {
  arrow::ArrayVector arrays;
  for (int i = 0; i < writer.schema->num_fields(); i++) {
    arrays.push_back(array(writer.schema->field(i), columns[i], rows));
  }
  checkWritten(writer.writer->WriteRecordBatch(*arrow::RecordBatch::Make(writer.schema, rows, std::move(arrays))));
}

void close(xarrow_writer &writer) {
  checkWritten(writer.writer->Close());
  checkWritten(writer.output->Close());
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_writer_open(const char *path, const xarrow_field *fields, int32_t count, int64_t row_group_rows,
                       xarrow_writer **out, xarrow_error *error) {
  *out = nullptr;
  return xarrow::guarded(error, [&] {
    auto writer = std::make_unique<xarrow_writer>();
    xarrow::open(*writer, path, fields, count, row_group_rows);
    *out = writer.release();
  });
}

int xarrow_writer_append(xarrow_writer *writer, const xarrow_input *columns, int64_t rows, xarrow_error *error) {
  return xarrow::guarded(error, [&] { xarrow::append(*writer, columns, rows); });
}

int xarrow_writer_close(xarrow_writer *writer, xarrow_error *error) {
  return xarrow::guarded(error, [&] { xarrow::close(*writer); });
}

void xarrow_writer_free(xarrow_writer *writer) { delete writer; }

}  // extern "C"
