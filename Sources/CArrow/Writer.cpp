// Plain buffers into a file of Parquet or Arrow IPC. Numbers are encoded from where they lie; text gets 32-bit offsets.
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "CArrow.h"
#include "Guard.hpp"
#include "Written.hpp"

struct xarrow_writer {
  std::shared_ptr<arrow::io::FileOutputStream> output;
  std::shared_ptr<arrow::Schema> schema;
  /// One of the two.
  std::unique_ptr<parquet::arrow::FileWriter> parquet;
  std::shared_ptr<arrow::ipc::RecordBatchWriter> ipc;

  ~xarrow_writer() {
    // Arrow's own destructors write a footer to what is still open: an abandoned file must not look complete.
    if (output && !output->closed()) static_cast<void>(output->Abort());
  }
};

namespace xarrow {
namespace {

using std::shared_ptr;

arrow::TimeUnit::type unitOf(const xarrow_field &field) {
  switch (field.count_nanoseconds_log10) {
    case 0: return arrow::TimeUnit::NANO;
    case 3: return arrow::TimeUnit::MICRO;
    case 6: return arrow::TimeUnit::MILLI;
    default: return arrow::TimeUnit::SECOND;
  }
}

/// Integers that count time have a type of their own, where Arrow has one for their step.
shared_ptr<arrow::DataType> integerType(const xarrow_field &field) {
  arrow::TimeUnit::type unit = unitOf(field);
  bool isDay = field.count_nanoseconds_log10 == 14;
  switch (field.count) {
    case XARROW_COUNT_DATE:
      if (isDay) return arrow::date32();
      return unit == arrow::TimeUnit::MILLI ? arrow::date64() : arrow::int64();
    case XARROW_COUNT_TIME:
      if (isDay) return arrow::int64();
      return unit == arrow::TimeUnit::MICRO || unit == arrow::TimeUnit::NANO ? arrow::time64(unit) : arrow::time32(unit);
    case XARROW_COUNT_TIMESTAMP:
      return isDay ? arrow::int64() : arrow::timestamp(unit, field.time_zone ? field.time_zone : "");
    case XARROW_COUNT_DURATION: return isDay ? arrow::int64() : arrow::duration(unit);
    default: return arrow::int64();
  }
}

shared_ptr<arrow::DataType> typeOf(const xarrow_field &field) {
  switch (field.form) {
    case XARROW_INT64: return integerType(field);
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

/// The columns; `votable` describes them in a VOTable without data (VOParquet), if it is given.
shared_ptr<arrow::Schema> schemaOf(const xarrow_field *fields, int32_t count, const char *votable) {
  arrow::FieldVector described;
  for (int32_t i = 0; i < count; i++) described.push_back(xarrow::described(fields[i]));
  if (!votable || !*votable) return arrow::schema(std::move(described));
  return arrow::schema(
      std::move(described),
      arrow::key_value_metadata({"IVOA.VOTable-Parquet.version", "IVOA.VOTable-Parquet.content"}, {"1.0", votable}));
}

void open(xarrow_writer &writer, const char *path, const xarrow_field *fields, int32_t count, int64_t rowGroupRows,
          const char *votable) {
  writer.schema = schemaOf(fields, count, votable);
  writer.output = checkWritten(arrow::io::FileOutputStream::Open(path));
  auto arrowProperties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  writer.parquet = checkWritten(parquet::arrow::FileWriter::Open(
      *writer.schema, arrow::default_memory_pool(), writer.output, properties(fields, count, rowGroupRows),
      arrowProperties));
  if (auto notes = writer.schema->metadata()) checkWritten(writer.parquet->AddKeyValueMetadata(notes));
}

void openIpc(xarrow_writer &writer, const char *path, const xarrow_field *fields, int32_t count, const char *votable) {
  writer.schema = schemaOf(fields, count, votable);
  writer.output = checkWritten(arrow::io::FileOutputStream::Open(path));
  auto options = arrow::ipc::IpcWriteOptions::Defaults();
  options.codec = checkWritten(arrow::util::Codec::Create(arrow::Compression::ZSTD));
  options.use_threads = false;
  writer.ipc = checkWritten(arrow::ipc::MakeFileWriter(writer.output, writer.schema, options, writer.schema->metadata()));
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

/// Dates in days and times of the day in coarse steps have 32 bits.
shared_ptr<arrow::Array> narrow(const shared_ptr<arrow::Field> &field, const xarrow_input &in, int64_t rows) {
  const auto *values = static_cast<const int64_t *>(in.values);
  shared_ptr<arrow::Buffer> bits;
  int64_t missing = 0;
  if (field->nullable()) bits = validity(rows, missing, [&](int64_t i) { return isMarked(in, i); });
  std::vector<int32_t> narrowed(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; i++) {
    if (bits && !isMarked(in, i)) continue;
    if (values[i] < std::numeric_limits<int32_t>::min() || values[i] > std::numeric_limits<int32_t>::max()) {
      throw Failure{XARROW_ERROR_VALUE, "column '" + field->name() + "' has the date or time " +
                                            std::to_string(values[i]) + ", which does not fit into 32 bits"};
    }
    narrowed[static_cast<size_t>(i)] = static_cast<int32_t>(values[i]);
  }
  return arrow::MakeArray(arrow::ArrayData::Make(
      field->type(), rows, {bits, arrow::Buffer::FromVector(std::move(narrowed))}, missing));
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
    case arrow::Type::INT64:
    case arrow::Type::DATE64:
    case arrow::Type::TIME64:
    case arrow::Type::TIMESTAMP:
    case arrow::Type::DURATION: return numbers<int64_t>(field, in, rows);
    case arrow::Type::DATE32:
    case arrow::Type::TIME32: return narrow(field, in, rows);
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
  auto batch = arrow::RecordBatch::Make(writer.schema, rows, std::move(arrays));
  checkWritten(writer.parquet ? writer.parquet->WriteRecordBatch(*batch) : writer.ipc->WriteRecordBatch(*batch));
}

void close(xarrow_writer &writer) {
  checkWritten(writer.parquet ? writer.parquet->Close() : writer.ipc->Close());
  checkWritten(writer.output->Close());
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_writer_open(const char *path, const xarrow_field *fields, int32_t count, int64_t row_group_rows,
                       const char *votable, xarrow_writer **out, xarrow_error *error) {
  *out = nullptr;
  return xarrow::guarded(error, [&] {
    auto writer = std::make_unique<xarrow_writer>();
    xarrow::open(*writer, path, fields, count, row_group_rows, votable);
    *out = writer.release();
  });
}

int xarrow_ipc_writer_open(const char *path, const xarrow_field *fields, int32_t count, const char *votable,
                           xarrow_writer **out, xarrow_error *error) {
  *out = nullptr;
  return xarrow::guarded(error, [&] {
    auto writer = std::make_unique<xarrow_writer>();
    xarrow::openIpc(*writer, path, fields, count, votable);
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
