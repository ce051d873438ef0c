#include "CParquetFixture.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/util/compression.h>
#include <arrow/util/float16.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

namespace {

using arrow::Array;
using std::shared_ptr;

void check(const arrow::Status &status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

template <typename T>
T check(arrow::Result<T> result) {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

template <typename Body>
int guarded(char *message, int32_t size, Body body) {
  try {
    body();
    return 0;
  } catch (const std::exception &failure) {
    std::snprintf(message, static_cast<size_t>(size), "%s", failure.what());
  }
  return -1;
}

bool present(const fixture_column &column, int64_t row) { return !column.present || column.present[row]; }

template <typename Builder, typename Append>
shared_ptr<Array> build(Builder &builder, const fixture_column &column, int64_t rows, Append append) {
  for (int64_t i = 0; i < rows; i++) check(present(column, i) ? append(i) : builder.AppendNull());
  return check(builder.Finish());
}

template <typename Element, typename Builder>
shared_ptr<Array> numbers(Builder &&builder, const fixture_column &column, int64_t rows) {
  const auto *values = static_cast<const Element *>(column.values);
  return build(builder, column, rows, [&](int64_t i) {
    return builder.Append(static_cast<typename std::decay_t<Builder>::value_type>(values[i]));
  });
}

template <typename Builder>
shared_ptr<Array> strings(Builder &&builder, const fixture_column &column, int64_t rows) {
  return build(builder, column, rows, [&](int64_t i) {
    const auto *first = reinterpret_cast<const char *>(column.bytes + column.offsets[i]);
    return builder.Append(std::string_view(first, static_cast<size_t>(column.offsets[i + 1] - column.offsets[i])));
  });
}

shared_ptr<Array> halfFloats(const fixture_column &column, int64_t rows) {
  arrow::HalfFloatBuilder builder;
  const auto *values = static_cast<const float *>(column.values);
  return build(builder, column, rows,
               [&](int64_t i) { return builder.Append(arrow::util::Float16::FromFloat(values[i]).bits()); });
}

shared_ptr<Array> decimals(const fixture_column &column, int64_t rows) {
  arrow::Decimal128Builder builder(arrow::decimal128(12, 3));
  const auto *values = static_cast<const int64_t *>(column.values);
  return build(builder, column, rows, [&](int64_t i) { return builder.Append(arrow::Decimal128(values[i])); });
}

template <typename Decimal, typename Builder>
shared_ptr<Array> digits(Builder &&builder, const fixture_column &column, int64_t rows) {
  return build(builder, column, rows, [&](int64_t i) {
    const auto *first = reinterpret_cast<const char *>(column.bytes + column.offsets[i]);
    std::string text(first, static_cast<size_t>(column.offsets[i + 1] - column.offsets[i]));
    Decimal value;
    int32_t precision = 0, scale = 0;
    check(Decimal::FromString(text, &value, &precision, &scale));
    return builder.Append(check(value.Rescale(scale, column.scale)));
  });
}

shared_ptr<Array> anyDecimals(const fixture_column &c, int64_t n) {
  if (c.precision > 38) {
    return digits<arrow::Decimal256>(arrow::Decimal256Builder(arrow::decimal256(c.precision, c.scale)), c, n);
  }
  return digits<arrow::Decimal128>(arrow::Decimal128Builder(arrow::decimal128(c.precision, c.scale)), c, n);
}

shared_ptr<Array> lists(const fixture_column &column, int64_t rows) {
  auto elements = std::make_shared<arrow::Int64Builder>();
  arrow::ListBuilder builder(arrow::default_memory_pool(), elements);
  const auto *values = static_cast<const int64_t *>(column.values);
  return build(builder, column, rows, [&](int64_t i) {
    check(builder.Append());
    return elements->Append(values[i]);
  });
}

shared_ptr<Array> structs(const fixture_column &column, int64_t rows) {
  fixture_column plain = column;
  plain.present = nullptr;
  auto member = numbers<int64_t>(arrow::Int64Builder(), plain, rows);
  return check(arrow::StructArray::Make({member}, std::vector<std::string>{"member"}));
}

shared_ptr<Array> array(const fixture_column &c, int64_t n) {
  auto *pool = arrow::default_memory_pool();
  switch (c.type) {
    case FIXTURE_INT8: return numbers<int8_t>(arrow::Int8Builder(), c, n);
    case FIXTURE_INT16: return numbers<int16_t>(arrow::Int16Builder(), c, n);
    case FIXTURE_INT32: return numbers<int32_t>(arrow::Int32Builder(), c, n);
    case FIXTURE_INT64: return numbers<int64_t>(arrow::Int64Builder(), c, n);
    case FIXTURE_UINT8: return numbers<uint8_t>(arrow::UInt8Builder(), c, n);
    case FIXTURE_UINT16: return numbers<uint16_t>(arrow::UInt16Builder(), c, n);
    case FIXTURE_UINT32: return numbers<uint32_t>(arrow::UInt32Builder(), c, n);
    case FIXTURE_UINT64: return numbers<uint64_t>(arrow::UInt64Builder(), c, n);
    case FIXTURE_FLOAT16: return halfFloats(c, n);
    case FIXTURE_FLOAT: return numbers<float>(arrow::FloatBuilder(), c, n);
    case FIXTURE_DOUBLE: return numbers<double>(arrow::DoubleBuilder(), c, n);
    case FIXTURE_BOOL: return numbers<uint8_t>(arrow::BooleanBuilder(), c, n);
    case FIXTURE_STRING: return strings(arrow::StringBuilder(), c, n);
    case FIXTURE_LARGE_STRING: return strings(arrow::LargeStringBuilder(), c, n);
    case FIXTURE_DICTIONARY: return strings(arrow::StringDictionary32Builder(), c, n);
    case FIXTURE_BINARY: return strings(arrow::BinaryBuilder(), c, n);
    case FIXTURE_DATE32: return numbers<int64_t>(arrow::Date32Builder(), c, n);
    case FIXTURE_TIMESTAMP_US:
      return numbers<int64_t>(arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::MICRO), pool), c, n);
    case FIXTURE_TIMESTAMP_MS_UTC:
      return numbers<int64_t>(arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::MILLI, "UTC"), pool), c, n);
    case FIXTURE_TIME64_NS:
      return numbers<int64_t>(arrow::Time64Builder(arrow::time64(arrow::TimeUnit::NANO), pool), c, n);
    case FIXTURE_DECIMAL_12_3: return decimals(c, n);
    case FIXTURE_DECIMAL: return anyDecimals(c, n);
    case FIXTURE_TIMESTAMP_S:
      return numbers<int64_t>(arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::SECOND), pool), c, n);
    case FIXTURE_DURATION_US:
      return numbers<int64_t>(arrow::DurationBuilder(arrow::duration(arrow::TimeUnit::MICRO), pool), c, n);
    case FIXTURE_NULL: return check(arrow::MakeArrayOfNull(arrow::null(), n));
    case FIXTURE_LIST: return lists(c, n);
    case FIXTURE_STRUCT: return structs(c, n);
    default: throw std::invalid_argument("unknown fixture type");
  }
}

shared_ptr<arrow::Field> field(const fixture_column &column, const shared_ptr<arrow::DataType> &type) {
  std::vector<std::string> keys, values;
  auto add = [&](const char *key, const char *value) {
    if (!value) return;
    keys.push_back(key);
    values.push_back(value);
  };
  add("unit", column.unit);
  add("ucd", column.ucd);
  add("description", column.description);
  return arrow::field(column.name, type, true, keys.empty() ? nullptr : arrow::key_value_metadata(keys, values));
}

shared_ptr<arrow::RecordBatch> batch(const fixture_column *columns, int32_t count, int64_t rows) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (int32_t i = 0; i < count; i++) {
    arrays.push_back(array(columns[i], rows));
    fields.push_back(field(columns[i], arrays.back()->type()));
  }
  return arrow::RecordBatch::Make(arrow::schema(fields), rows, arrays);
}

}  // namespace

struct fixture_writer {
  shared_ptr<arrow::io::FileOutputStream> output;
  shared_ptr<parquet::WriterProperties> properties;
  shared_ptr<parquet::ArrowWriterProperties> arrowProperties;
  shared_ptr<const arrow::KeyValueMetadata> footer;
  std::unique_ptr<parquet::arrow::FileWriter> writer;

  void append(const arrow::RecordBatch &rows) {
    if (!writer) {
      writer = check(parquet::arrow::FileWriter::Open(*rows.schema(), arrow::default_memory_pool(), output, properties,
                                                      arrowProperties));
    }
    check(writer->WriteRecordBatch(rows));
  }

  void close() {
    if (!writer) throw std::logic_error("no rows were appended (append an empty batch to write an empty table)");
    if (footer) check(writer->AddKeyValueMetadata(footer));
    check(writer->Close());
    check(output->Close());
  }
};

extern "C" {

int fixture_open(const char *path, const fixture_options *options, fixture_writer **out, char *message, int32_t size) {
  *out = nullptr;
  return guarded(message, size, [&] {
    auto writer = std::make_unique<fixture_writer>();
    writer->output = check(arrow::io::FileOutputStream::Open(path));
    parquet::WriterProperties::Builder builder;
    std::string codec = options->compression;
    builder.compression(check(arrow::util::Codec::GetCompressionType(codec == "none" ? "uncompressed" : codec)));
    builder.max_row_group_length(options->row_group_rows);
    if (options->page_bytes > 0) builder.data_pagesize(options->page_bytes);
    if (!options->dictionary) builder.disable_dictionary();
    if (!options->statistics) builder.disable_statistics();
    if (options->page_checksums) builder.enable_page_checksum();
    writer->properties = builder.build();
    parquet::ArrowWriterProperties::Builder arrowBuilder;
    if (options->store_arrow_schema) arrowBuilder.store_schema();
    writer->arrowProperties = arrowBuilder.build();
    if (options->footer_key) {
      writer->footer = arrow::key_value_metadata({options->footer_key}, {options->footer_value});
    }
    *out = writer.release();
  });
}

int fixture_append(fixture_writer *writer, const fixture_column *columns, int32_t count, int64_t rows, char *message,
                   int32_t size) {
  return guarded(message, size, [&] { writer->append(*batch(columns, count, rows)); });
}

int fixture_close(fixture_writer *writer, char *message, int32_t size) {
  int result = guarded(message, size, [&] { writer->close(); });
  delete writer;
  return result;
}

}  // extern "C"
