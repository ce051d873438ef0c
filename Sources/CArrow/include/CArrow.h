// Parquet files over Arrow C++: read as a schema and a stream of record batches, written batch by batch. Below that delimited
// text, decompression, and what readers of other formats share.
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
  XARROW_ERROR_NOT_PARQUET = 3,  // does not begin like a file of the format
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
/// The same of a file or a stream of Arrow IPC; a stream is read whole to count its rows.
int xarrow_ipc_open(const char *path, xarrow_file **file, xarrow_error *error);
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
  const char *time_zone;  // of timestamps
  int32_t form;        // XARROW_INT64 ...
  int32_t count;       // XARROW_COUNT_PLAIN ...
  int32_t count_nanoseconds_log10;
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

// Readers of other formats lend the values of a file's columns as they are; an adapter brings them into the forms wanted.

/// A column as a file of another format has it.
typedef struct {
  const char *name;
  const char *type;  // the format's own word
  int32_t form;      // XARROW_INT64 ...
  int32_t count_nanoseconds_log10;
} xarrow_native;

typedef struct xarrow_adapter xarrow_adapter;

/// Prepares for columns `wanted`; their `column` and `mask` are positions among `natives`. All is copied.
int xarrow_adapter_open(const xarrow_native *natives, int32_t native_count, const xarrow_wanted *wanted, int32_t count,
                        xarrow_adapter **adapter, xarrow_error *error);
/// Applies masks, widens, and replaces what is not UTF-8. What is lent stays valid until the next call, as long as the
/// natives do. `first_row` is the place of the rows in the file, for messages.
int xarrow_adapt(xarrow_adapter *adapter, const xarrow_values *natives, int64_t rows, int64_t first_row,
                 const xarrow_values **values, xarrow_error *error);
void xarrow_adapter_close(xarrow_adapter *adapter);

// The bytes of a file in order, decompressed where they begin like those of gzip, bzip2, Zstandard or LZ4 (frame).

typedef struct xarrow_bytes xarrow_bytes;

int xarrow_bytes_open(const char *path, xarrow_bytes **bytes, xarrow_error *error);
/// Reads at most `capacity` bytes; `count` is 0 at the end only.
int xarrow_bytes_read(xarrow_bytes *bytes, void *buffer, int64_t capacity, int64_t *count, xarrow_error *error);
/// How the file is compressed, for example "gzip"; NULL: not at all. Lives as long as the process.
const char *xarrow_bytes_compression(const xarrow_bytes *bytes);
void xarrow_bytes_close(xarrow_bytes *bytes);

// Delimited text: CSV, TSV and the like.

/// Where the rows of a file are and how they are divided.
typedef struct {
  int64_t skip;       // bytes (decompressed) before the line of names, or before the first row
  int32_t delimiter;  // one ASCII character
  int32_t has_names;  // whether the first line gives the names of the columns
  int32_t columns;    // how many there are; 0: as many as there are names
  int64_t length;     // bytes (decompressed) behind what is skipped; negative: to the end
  int32_t has_quotes; // whether a value may stand in quotes
} xarrow_dialect;

/// What all values of a column are.
typedef struct {
  const char *name;     // UTF-8; empty without a line of names
  int32_t form;         // the narrowest that holds all: XARROW_BOOL, INT64, UINT64, FLOAT64, TEXT
  int32_t all_missing;
  int64_t odd_row;      // of text in a column that also has numbers: the row of the first value that is none, from 1; else 0
  const char *odd_value;  // its beginning, UTF-8
} xarrow_csv_column;

typedef struct xarrow_csv xarrow_csv;

/// Opens the file before its first row. Memory is bounded by some blocks, or by the longest row.
int xarrow_csv_open(const char *path, const xarrow_dialect *dialect, xarrow_csv **csv, xarrow_error *error);
/// Reads all rows to find what they are.
int xarrow_csv_survey(xarrow_csv *csv, int64_t *rows, xarrow_error *error);
int32_t xarrow_csv_column_count(const xarrow_csv *csv);
/// Valid as long as `csv`; only after a survey does it tell more than the name.
void xarrow_csv_column_at(const xarrow_csv *csv, int32_t index, xarrow_csv_column *column);
/// Chooses what to lend: `count` columns by position, and a form for each. Forms are those of a survey, or XARROW_FLOAT32.
int xarrow_csv_choose(xarrow_csv *csv, const int32_t *columns, const int32_t *forms, int32_t count, xarrow_error *error);
/// Lends the values of the next rows, at most `batch_rows`; `rows` is 0 at the end.
int xarrow_csv_next(xarrow_csv *csv, int64_t batch_rows, int64_t *rows, const xarrow_values **values,
                    xarrow_error *error);
void xarrow_csv_close(xarrow_csv *csv);

// Numbers from texts.

/// Reads the texts of a column as numbers, by the rules of delimited text. `out` has room for `rows` values of the form
/// XARROW_INT64, UINT64, FLOAT64, FLOAT32 or BOOL; bits of rows without a value are cleared in `validity`, all others set.
/// `bad_row` is the first row whose text is no such number, or -1.
void xarrow_numbers(const int64_t *offsets, const uint8_t *bytes, int64_t rows, int32_t form, void *out,
                    uint8_t *validity, int64_t *null_count, int64_t *bad_row);

typedef struct xarrow_writer xarrow_writer;

/// Creates the file, or makes an existing one empty. Row groups hold `row_group_rows` rows, the last one fewer. `votable`
/// describes the columns as a VOTable without data, which goes to the footer (VOParquet); NULL: none.
int xarrow_writer_open(const char *path, const xarrow_field *fields, int32_t count, int64_t row_group_rows,
                       const char *votable, xarrow_writer **writer, xarrow_error *error);
/// The same of a file of Arrow IPC (Feather 2), compressed with Zstandard; each append is a record batch.
int xarrow_ipc_writer_open(const char *path, const xarrow_field *fields, int32_t count, const char *votable,
                           xarrow_writer **writer, xarrow_error *error);
/// Appends rows: one entry of `columns` per field.
int xarrow_writer_append(xarrow_writer *writer, const xarrow_input *columns, int64_t rows, xarrow_error *error);
/// Writes what is left and the footer. The writer is still to be freed.
int xarrow_writer_close(xarrow_writer *writer, xarrow_error *error);
/// Frees the writer. A file that was not closed stays as it is: unreadable.
void xarrow_writer_free(xarrow_writer *writer);

/// Writes the footers of Parquet files of one schema as one, into a file without data (`_metadata`); each part refers to its
/// file by a name. There is at least one file.
int xarrow_metadata_gather(const char *target, const char *const *files, const char *const *names, int64_t count,
                           xarrow_error *error);

// Bytes into a file.

typedef struct xarrow_sink xarrow_sink;

/// Creates the file, or makes an existing one empty. `compression` is a name that xarrow_bytes_compression gives; NULL: none.
int xarrow_sink_open(const char *path, const char *compression, xarrow_sink **sink, xarrow_error *error);
int xarrow_sink_write(xarrow_sink *sink, const void *bytes, int64_t count, xarrow_error *error);
/// Writes what is left. The sink is still to be freed.
int xarrow_sink_close(xarrow_sink *sink, xarrow_error *error);
/// Frees the sink. A file that was not closed stays incomplete.
void xarrow_sink_free(xarrow_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
