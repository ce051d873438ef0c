#include "File.hpp"

#include <cerrno>
#include <cstring>
#include <map>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arrow/extension_type.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/type_traits.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include "Bytes.hpp"
#include "Guard.hpp"
#include "Text.hpp"
#include "VOTableHeader.hpp"

namespace xarrow {
namespace {

using arrow::Type;

/// Bytes read ahead per column chunk. Small, because tables of a thousand columns exist.
constexpr int64_t kReadBuffer = 64 * 1024;

/// The smallest Parquet file: both magic words and the length of an empty footer.
constexpr off_t kSmallestFile = 12;

/// No catalogue has more rows (10^15), and sums of them stay far from the end of int64_t.
constexpr int64_t kMostRows = 1'000'000'000'000'000;

std::string errnoText() { return std::strerror(errno); }

const char *kindOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFIFO: return "a pipe";
    case S_IFSOCK: return "a socket";
    case S_IFCHR: case S_IFBLK: return "a device";
    case S_IFDIR: return "a directory";
    default: return "not a regular file";
  }
}

void requireRegular(const struct stat &facts) {
  if (S_ISREG(facts.st_mode)) return;
  throw Failure{XARROW_ERROR_OPEN, std::string("it is ") + kindOf(facts.st_mode) +
                                       "; tables are read more than once, so write it to a regular file first"};
}

/// Looks at the size and the magic words before Arrow does, to say plainly what a wrong file is.
void inspect(int descriptor) {
  struct stat facts = {};
  char head[4] = {}, tail[4] = {};
  if (::fstat(descriptor, &facts) != 0) throw Failure{XARROW_ERROR_OPEN, errnoText()};
  requireRegular(facts);
  if (facts.st_size == 0) throw Failure{XARROW_ERROR_EMPTY, "the file is empty (0 bytes)"};
  size_t size = facts.st_size < 4 ? static_cast<size_t>(facts.st_size) : 4;
  auto part = static_cast<ssize_t>(size);
  off_t last = facts.st_size - static_cast<off_t>(size);
  if (::pread(descriptor, head, size, 0) != part || ::pread(descriptor, tail, size, last) != part) {
    throw Failure{XARROW_ERROR_OPEN, errnoText()};
  }
  if (std::memcmp(head, "PARE", 4) == 0) {
    throw Failure{XARROW_ERROR_UNSUPPORTED, "encrypted Parquet files cannot be read"};
  }
  if (std::memcmp(head, "PAR1", 4) != 0) {
    throw Failure{XARROW_ERROR_NOT_PARQUET, "not a Parquet file: it does not begin with PAR1"};
  }
  if (facts.st_size < kSmallestFile || std::memcmp(tail, "PAR1", 4) != 0) {
    throw Failure{XARROW_ERROR_TRUNCATED, "truncated: the Parquet footer at its end is missing"};
  }
}

/// The file, which is inspected through the descriptor that it is then read through.
std::shared_ptr<arrow::io::ReadableFile> openInput(const char *path) {
  int descriptor = openDescriptor(path);
  try {
    inspect(descriptor);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  return check(arrow::io::ReadableFile::Open(descriptor));
}

/// Texts with dictionary pages are read as dictionaries: the same word a million times takes its bytes once.
void readDictionaries(const parquet::FileMetaData &metadata, parquet::ArrowReaderProperties &properties) {
  for (int leaf = 0; leaf < metadata.num_columns(); leaf++) {
    const auto *descriptor = metadata.schema()->Column(leaf);
    if (descriptor->physical_type() != parquet::Type::BYTE_ARRAY || descriptor->max_repetition_level() > 0) continue;
    bool found = false;
    for (int group = 0; group < metadata.num_row_groups() && !found; group++) {
      found = metadata.RowGroup(group)->ColumnChunk(leaf)->has_dictionary_page();
    }
    if (found) properties.set_read_dictionary(leaf, true);
  }
}

std::unique_ptr<parquet::arrow::FileReader> openReader(const char *path) {
  parquet::ReaderProperties properties(arrow::default_memory_pool());
  properties.enable_buffered_stream();
  properties.set_buffer_size(kReadBuffer);
  properties.set_page_checksum_verification(true);
  auto file = parquet::ParquetFileReader::Open(openInput(path), properties);
  parquet::ArrowReaderProperties arrowProperties(/*use_threads=*/false);
  arrowProperties.set_pre_buffer(false);
  // Old timestamps of 96 bits reach from year -4713 on; in nanoseconds they would wrap around.
  arrowProperties.set_coerce_int96_timestamp_unit(arrow::TimeUnit::MICRO);
  readDictionaries(*file->metadata(), arrowProperties);
  return check(parquet::arrow::FileReader::Make(arrow::default_memory_pool(), std::move(file), arrowProperties));
}

/// Rows of the file. The footer says them twice.
int64_t countRows(const parquet::FileMetaData &metadata) {
  int64_t sum = 0;
  for (int group = 0; group < metadata.num_row_groups(); group++) {
    int64_t rows = metadata.RowGroup(group)->num_rows();
    if (rows < 0 || rows > kMostRows - sum) throw Failure{XARROW_ERROR_DAMAGED, "the footer gives an impossible row count"};
    sum += rows;
  }
  if (sum != metadata.num_rows()) {
    throw Failure{XARROW_ERROR_DAMAGED, "the footer gives " + std::to_string(metadata.num_rows()) +
                                            " rows, its row groups " + std::to_string(sum)};
  }
  return sum;
}

/// The first of these keys that a field's metadata has.
std::string note(const arrow::Field &field, std::initializer_list<const char *> keys) {
  if (!field.HasMetadata()) return "";
  for (const char *key : keys) {
    auto value = field.metadata()->Get(key);
    if (value.ok() && !value->empty()) return sound(*value);
  }
  return "";
}

std::map<std::string, FieldNotes> votableNotes(const parquet::FileMetaData &metadata) {
  auto pairs = metadata.key_value_metadata();
  if (!pairs) return {};
  auto content = pairs->Get("IVOA.VOTable-Parquet.content");
  return content.ok() ? fieldNotes(*content) : std::map<std::string, FieldNotes>{};
}

std::string firstNonEmpty(std::string a, const std::string &b) { return a.empty() ? b : a; }

Column describe(const parquet::arrow::SchemaField &entry, const std::map<std::string, FieldNotes> &notes,
                const parquet::FileMetaData &metadata) {
  Column column = describeField(*entry.field, entry.is_leaf() ? entry.column_index : -1);
  auto known = notes.find(entry.field->name());
  if (known != notes.end()) {
    column.unit = firstNonEmpty(column.unit, sound(known->second.unit));
    column.ucd = firstNonEmpty(column.ucd, sound(known->second.ucd));
    column.description = firstNonEmpty(column.description, sound(known->second.description));
  }
  bool isDecimal = arrow::is_decimal(column.type->id()) && column.leaf >= 0;
  classify(column, isDecimal ? decimalRange(metadata, column.leaf) : Range::unknown);
  column.allMissing = column.type->id() == Type::NA || (column.leaf >= 0 && allMissing(metadata, column.leaf));
  return column;
}

}  // namespace

Column describeField(const arrow::Field &field, int leaf) {
  Column column;
  column.name = sound(field.name());
  column.type = field.type();
  // Whether pages are read as dictionaries is our own choice.
  bool isDictionary = column.type->id() == Type::DICTIONARY;
  const auto &shown =
      isDictionary ? static_cast<const arrow::DictionaryType &>(*column.type).value_type() : column.type;
  column.arrowType = sound(shown->ToString());
  if (column.type->id() == Type::EXTENSION) {
    column.type = static_cast<const arrow::ExtensionType &>(*column.type).storage_type();
  }
  column.unit = note(field, {"unit", "UNIT", "units", "Unit"});
  column.ucd = note(field, {"ucd", "UCD", "ivoa:ucd"});
  column.description = note(field, {"description", "DESCRIPTION", "comment", "doc"});
  column.nullable = field.nullable();
  column.leaf = leaf;
  return column;
}

int openDescriptor(const char *path) {
  struct stat facts = {};
  if (::stat(path, &facts) != 0) throw Failure{XARROW_ERROR_OPEN, errnoText()};
  requireRegular(facts);
  int descriptor = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) throw Failure{XARROW_ERROR_OPEN, errnoText()};
  return descriptor;
}

}  // namespace xarrow

extern "C" {

int xarrow_open(const char *path, xarrow_file **file, xarrow_error *error) {
  *file = nullptr;
  return xarrow::guarded(error, [&] {
    auto opened = std::make_unique<xarrow_file>();
    opened->reader = xarrow::openReader(path);
    opened->metadata = opened->reader->parquet_reader()->metadata();
    opened->notes = opened->metadata->key_value_metadata();
    opened->rows = xarrow::countRows(*opened->metadata);
    auto notes = xarrow::votableNotes(*opened->metadata);
    for (const auto &field : opened->reader->manifest().schema_fields) {
      opened->columns.push_back(xarrow::describe(field, notes, *opened->metadata));
    }
    *file = opened.release();
  });
}

void xarrow_close(xarrow_file *file) {
  delete file;
  // What comes next may need the memory that decoding has set aside.
  arrow::default_memory_pool()->ReleaseUnused();
}

int64_t xarrow_row_count(const xarrow_file *file) { return file->rows; }

int32_t xarrow_column_count(const xarrow_file *file) { return static_cast<int32_t>(file->columns.size()); }

void xarrow_column_at(const xarrow_file *file, int32_t index, xarrow_column *out) {
  const xarrow::Column &column = file->columns[static_cast<size_t>(index)];
  *out = {column.name.c_str(),        column.arrowType.c_str(), column.unit.c_str(), column.ucd.c_str(),
          column.description.c_str(), column.timeZone.c_str(),  column.form,         column.count,
          column.stepLog10,           column.nullable ? 1 : 0,  column.allMissing ? 1 : 0};
}

const char *xarrow_note(const xarrow_file *file, const char *key, int64_t *length) {
  *length = 0;
  const auto &pairs = file->notes;
  if (!pairs) return nullptr;
  int place = pairs->FindKey(key);
  if (place < 0) return nullptr;
  const std::string &value = pairs->value(place);
  *length = static_cast<int64_t>(value.size());
  return value.data();
}

}  // extern "C"
