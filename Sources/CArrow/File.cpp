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
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include "Guard.hpp"
#include "VOTableHeader.hpp"

namespace xarrow {
namespace {

using arrow::Type;

/// Bytes read ahead per column chunk. Small, because tables of a thousand columns exist.
constexpr int64_t kReadBuffer = 64 * 1024;

/// The smallest Parquet file: both magic words and the length of an empty footer.
constexpr off_t kSmallestFile = 12;

std::string errnoText() { return std::strerror(errno); }

/// Looks at the size and the magic words before Arrow does, to say plainly what a wrong file is.
void inspect(const char *path) {
  int descriptor = ::open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw Failure{XARROW_ERROR_OPEN, errnoText()};
  struct stat facts = {};
  char head[4] = {}, tail[4] = {};
  bool sound = ::fstat(descriptor, &facts) == 0;
  bool regular = sound && S_ISREG(facts.st_mode);
  if (regular && facts.st_size >= 4) {
    sound = ::pread(descriptor, head, 4, 0) == 4 && ::pread(descriptor, tail, 4, facts.st_size - 4) == 4;
  }
  std::string reason = sound ? "" : errnoText();
  ::close(descriptor);
  if (!sound) throw Failure{XARROW_ERROR_OPEN, reason};
  if (!regular) throw Failure{XARROW_ERROR_OPEN, "not a regular file"};
  if (facts.st_size == 0) throw Failure{XARROW_ERROR_EMPTY, "the file is empty (0 bytes)"};
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

std::unique_ptr<parquet::arrow::FileReader> openReader(const char *path) {
  auto input = check(arrow::io::ReadableFile::Open(path));
  parquet::ReaderProperties properties(arrow::default_memory_pool());
  properties.enable_buffered_stream();
  properties.set_buffer_size(kReadBuffer);
  properties.set_page_checksum_verification(true);
  parquet::ArrowReaderProperties arrowProperties(/*use_threads=*/false);
  arrowProperties.set_pre_buffer(false);
  parquet::arrow::FileReaderBuilder builder;
  check(builder.Open(input, properties));
  builder.memory_pool(arrow::default_memory_pool())->properties(arrowProperties);
  return check(builder.Build());
}

/// The first of these keys that a field's metadata has.
std::string note(const arrow::Field &field, std::initializer_list<const char *> keys) {
  if (!field.HasMetadata()) return "";
  for (const char *key : keys) {
    auto value = field.metadata()->Get(key);
    if (value.ok() && !value->empty()) return *value;
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

Column describe(const parquet::arrow::SchemaField &entry, const std::map<std::string, FieldNotes> &notes) {
  const arrow::Field &field = *entry.field;
  Column column;
  column.name = field.name();
  column.arrowType = field.type()->ToString();
  column.type = field.type();
  if (column.type->id() == Type::EXTENSION) {
    column.type = static_cast<const arrow::ExtensionType &>(*column.type).storage_type();
  }
  auto known = notes.find(column.name);
  FieldNotes header = known == notes.end() ? FieldNotes{} : known->second;
  column.unit = firstNonEmpty(note(field, {"unit", "UNIT", "units", "Unit"}), header.unit);
  column.ucd = firstNonEmpty(note(field, {"ucd", "UCD", "ivoa:ucd"}), header.ucd);
  column.description =
      firstNonEmpty(note(field, {"description", "DESCRIPTION", "comment", "doc"}), header.description);
  column.nullable = field.nullable();
  column.leaf = entry.is_leaf() ? entry.column_index : -1;
  classify(column);
  return column;
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_open(const char *path, xarrow_file **file, xarrow_error *error) {
  *file = nullptr;
  return xarrow::guarded(error, [&] {
    xarrow::inspect(path);
    auto opened = std::make_unique<xarrow_file>();
    opened->reader = xarrow::openReader(path);
    auto metadata = opened->reader->parquet_reader()->metadata();
    opened->rows = metadata->num_rows();
    if (opened->rows < 0) throw xarrow::Failure{XARROW_ERROR_DAMAGED, "the footer gives a negative row count"};
    auto notes = xarrow::votableNotes(*metadata);
    for (const auto &field : opened->reader->manifest().schema_fields) {
      opened->columns.push_back(xarrow::describe(field, notes));
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
          column.stepLog10,           column.nullable ? 1 : 0};
}

}  // extern "C"
