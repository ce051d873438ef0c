// Parquet files over Arrow C++: read as a schema and a stream of record batches, written batch by batch.
//
// HOW READING WORKS
//   xarrow_open reads the footer only. xarrow_stream_open chooses columns and the forms in which they are wanted; each
//   xarrow_stream_next decodes at most `batch_rows` rows and about `batch_bytes` bytes of text, and lends plain buffers
//   that stay valid until the next call. Column chunks are read through small buffers, pages are decoded one at a time,
//   dictionaries of text stay dictionaries until their rows are lent, and no thread is started, so memory is bounded by
//   columns x (read buffer + one page) + one batch, whatever the size of the row groups.
//
// HOW WRITING WORKS
//   xarrow_writer_open writes the file's first bytes, each xarrow_writer_append encodes rows into the open row group,
//   xarrow_writer_close writes the footer: before that the file is no Parquet file. Memory is bounded by one row group.
//
// Nothing here throws and nothing aborts on bad input: a call returns 0, or -1 with `xarrow_error` filled.
#ifndef XMDB_CARROW_H
#define XMDB_CARROW_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XARROW_MESSAGE_BYTES 512

/// Why a call failed.
enum {
  XARROW_ERROR_NONE = 0,
  XARROW_ERROR_OPEN = 1,         // missing file, no permission, a directory, ...
  XARROW_ERROR_EMPTY = 2,        // a file of no bytes
  XARROW_ERROR_NOT_PARQUET = 3,  // does not begin with the letters PAR1
  XARROW_ERROR_TRUNCATED = 4,    // begins like Parquet but has no footer
  XARROW_ERROR_DAMAGED = 5,      // footer or page that cannot be decoded
  XARROW_ERROR_UNSUPPORTED = 6,  // sound, but of a kind we do not read (encrypted, nested column, ...)
  XARROW_ERROR_MEMORY = 7,
  XARROW_ERROR_WRITE = 8,  // the file cannot be created or written: no permission, disk full, ...
  XARROW_ERROR_VALUE = 9   // a value that the form wanted for its column cannot hold exactly
};

typedef struct {
  int32_t code;
  char message[XARROW_MESSAGE_BYTES];  // one line, without the path
} xarrow_error;

/// The form in which the values of a column arrive.
enum {
  XARROW_NESTED = 0,   // list, struct, map, ...: cannot be streamed
  XARROW_INT64 = 1,    // int8 ... int64, uint8 ... uint32, date, time, timestamp, duration: int64_t
  XARROW_UINT64 = 2,   // uint64_t
  XARROW_FLOAT64 = 3,  // double
  XARROW_FLOAT32 = 4,  // float; also half floats
  XARROW_BOOL = 5,     // uint8_t, 0 or 1
  XARROW_TEXT = 6,     // bytes of UTF-8; also dictionaries of text, columns of type null
  XARROW_BINARY = 7    // bytes
  // Decimals are numbers: XARROW_INT64 or XARROW_UINT64 without decimal places where the type or the footer's statistics
  // say that all values fit, else XARROW_FLOAT64, rounded to the nearest.
};

/// What integers of an XARROW_INT64 column count.
enum {
  XARROW_COUNT_PLAIN = 0,
  XARROW_COUNT_DATE = 1,       // since 1970-01-01
  XARROW_COUNT_TIME = 2,       // since midnight
  XARROW_COUNT_TIMESTAMP = 3,  // since 1970-01-01T00:00:00
  XARROW_COUNT_DURATION = 4
};

/// One top-level column. Strings live as long as the file; absent ones are empty, never NULL. They are UTF-8: what is
/// not is replaced by U+FFFD.
typedef struct {
  const char *name;
  const char *arrow_type;   // Arrow's own word, e.g. "timestamp[us, tz=UTC]"; of dictionaries that of their values
  const char *unit;         // from the metadata of the field or the VOTable header of VOParquet
  const char *ucd;
  const char *description;
  const char *time_zone;    // of timestamps
  int32_t form;             // XARROW_INT64 ...
  int32_t count;            // XARROW_COUNT_PLAIN ...
  int32_t count_nanoseconds_log10;  // one step in 10^n ns: 0 ns, 3 us, 6 ms, 9 s; 14 stands for a day
  int32_t nullable;
  int32_t all_missing;      // type null, or the footer says that no row has a value
} xarrow_column;

/// How one column of a stream is wanted.
typedef struct {
  int32_t column;  // its index in the file; -1: the file lacks it, and every row has `constant`
  int32_t mask;    // a column of bools that are true where the value is to be taken for missing; -1: none
  int32_t form;    // XARROW_INT64 ...
  int32_t count;   // XARROW_COUNT_PLAIN ...
  int32_t count_nanoseconds_log10;
  const char *constant;  // of a column that the file lacks, XARROW_INT64 or XARROW_TEXT; NULL: no value. Copied
} xarrow_wanted;

/// The values of one column of one batch.
typedef struct {
  const void *values;      // int64_t, uint64_t, double, float or uint8_t by form; NULL for text and binary
  const int64_t *offsets;  // text and binary: rows + 1 offsets into bytes; offsets[0] may exceed 0
  const uint8_t *bytes;
  const uint8_t *validity;  // bit i (least significant first) is set where row i has a value; NULL: all have
  int64_t null_count;
  int64_t repaired;  // texts that were not UTF-8 and have U+FFFD now where they were not
} xarrow_values;

typedef struct xarrow_file xarrow_file;
typedef struct xarrow_stream xarrow_stream;

/// The version of the Arrow library in use, for example "26.0.1". Lives as long as the process.
const char *xarrow_version(void);

/// Opens the file and reads its footer.
int xarrow_open(const char *path, xarrow_file **file, xarrow_error *error);
void xarrow_close(xarrow_file *file);

int64_t xarrow_row_count(const xarrow_file *file);
int32_t xarrow_column_count(const xarrow_file *file);
void xarrow_column_at(const xarrow_file *file, int32_t index, xarrow_column *column);

/// The value of a key of the footer: `length` bytes that live as long as the file. NULL if there is none.
const char *xarrow_note(const xarrow_file *file, const char *key, int64_t *length);

/// Begins a stream over `count` columns, in the order given. The file must stay open meanwhile.
int xarrow_stream_open(xarrow_file *file, const xarrow_wanted *columns, int32_t count, int64_t batch_rows,
                       int64_t batch_bytes, xarrow_stream **stream, xarrow_error *error);
/// Decodes the next batch: `rows` is 0 at the end. `values` has one entry per column of the stream. A batch has at least
/// one row, however many bytes that takes.
int xarrow_stream_next(xarrow_stream *stream, int64_t *rows, const xarrow_values **values, xarrow_error *error);
void xarrow_stream_close(xarrow_stream *stream);

/// A column to be written. Absent texts may be NULL.
typedef struct {
  const char *name;
  const char *unit;  // metadata of the field
  const char *ucd;
  const char *description;
  int32_t form;        // XARROW_INT64 ...
  int32_t nullable;    // in a nullable column of floats a NaN is written as NULL
  int32_t dictionary;  // whether few different values are expected
} xarrow_field;

/// The values of one column to be written, as in xarrow_values.
typedef struct {
  const void *values;       // int64_t, uint64_t, double, float or uint8_t by form; NULL for text and binary
  const int64_t *offsets;   // text and binary: rows + 1 offsets into bytes
  const uint8_t *bytes;
  const uint8_t *validity;  // bit i is set where row i has a value; NULL: all have. Looked at in nullable columns only
} xarrow_input;

typedef struct xarrow_writer xarrow_writer;

/// Creates the file, or makes an existing one empty. Row groups hold `row_group_rows` rows, the last one fewer.
int xarrow_writer_open(const char *path, const xarrow_field *fields, int32_t count, int64_t row_group_rows,
                       xarrow_writer **writer, xarrow_error *error);
/// Appends rows: one entry of `columns` per field.
int xarrow_writer_append(xarrow_writer *writer, const xarrow_input *columns, int64_t rows, xarrow_error *error);
/// Writes what is left and the footer. The writer is still to be freed.
int xarrow_writer_close(xarrow_writer *writer, xarrow_error *error);
/// Frees the writer. A file that was not closed stays as it is: unreadable.
void xarrow_writer_free(xarrow_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
