// Tests only: writes Parquet files of any column type through Arrow C++.
#ifndef XMDB_CPARQUETFIXTURE_H
#define XMDB_CPARQUETFIXTURE_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Arrow type of a column, and the element type of its `values`.
enum {
  FIXTURE_INT8, FIXTURE_INT16, FIXTURE_INT32, FIXTURE_INT64,      // int8_t ... int64_t
  FIXTURE_UINT8, FIXTURE_UINT16, FIXTURE_UINT32, FIXTURE_UINT64,  // uint8_t ... uint64_t
  FIXTURE_FLOAT16, FIXTURE_FLOAT, FIXTURE_DOUBLE,                 // float, float, double
  FIXTURE_BOOL,                                                   // uint8_t
  FIXTURE_STRING, FIXTURE_LARGE_STRING, FIXTURE_DICTIONARY, FIXTURE_BINARY,  // bytes with offsets
  FIXTURE_DATE32,                                                 // int64_t days
  FIXTURE_TIMESTAMP_US, FIXTURE_TIMESTAMP_MS_UTC, FIXTURE_TIME64_NS,  // int64_t
  FIXTURE_DECIMAL_12_3,                                           // int64_t thousandths
  FIXTURE_NULL,                                                   // no values
  FIXTURE_LIST, FIXTURE_STRUCT,                                   // int64_t: one element or member per row
  FIXTURE_DECIMAL,                                                // bytes with offsets: digits; precision and scale
  FIXTURE_TIMESTAMP_S, FIXTURE_DURATION_US                        // int64_t
};

typedef struct {
  const char *name;
  int32_t type;
  const void *values;       // per the type; NULL for text and binary
  const int64_t *offsets;   // text and binary: rows + 1
  const uint8_t *bytes;
  const uint8_t *present;   // one byte per row, 0 where the value is missing; NULL: all present
  const char *unit;         // field metadata, or NULL
  const char *ucd;
  const char *description;
  int32_t precision, scale;  // FIXTURE_DECIMAL; of more than 38 digits it has 256 bits
} fixture_column;

typedef struct {
  int64_t row_group_rows;
  int64_t page_bytes;        // 0: Arrow's default
  const char *compression;   // "none", "snappy", "gzip", "zstd", "brotli", "lz4_raw"
  int32_t dictionary;        // dictionary encoding of pages
  int32_t page_checksums;
  int32_t store_arrow_schema;
  int32_t statistics;        // least and greatest values in the footer
  const char *footer_key;    // one more pair of the footer, or NULL
  const char *footer_value;
} fixture_options;

typedef struct fixture_writer fixture_writer;

/// Every call returns 0, or -1 with a message of at most `size` bytes.
int fixture_open(const char *path, const fixture_options *options, fixture_writer **writer, char *message, int32_t size);
/// Appends rows; the columns are the same every time.
int fixture_append(fixture_writer *writer, const fixture_column *columns, int32_t count, int64_t rows, char *message,
                   int32_t size);
/// Writes the footer and frees the writer, whatever happens.
int fixture_close(fixture_writer *writer, char *message, int32_t size);

#ifdef __cplusplus
}
#endif
#endif
