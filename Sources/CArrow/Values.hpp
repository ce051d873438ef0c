// The values of one column of one batch as plain buffers.
#ifndef XMDB_CARROW_VALUES_HPP
#define XMDB_CARROW_VALUES_HPP
#include <memory>
#include <vector>

#include <arrow/array.h>

#include "File.hpp"

namespace xarrow {

/// Memory of one column that outlives the batch it was made for.
struct Scratch {
  std::vector<int64_t> integers, offsets;
  std::vector<uint64_t> naturals;
  std::vector<double> doubles;
  std::vector<float> floats;
  std::vector<uint8_t> flags, validity, bytes;
  std::shared_ptr<arrow::Array> held;
};

/// Lends the values in the form of their column. `firstRow` is the place of the array in the file, for messages.
void lend(std::shared_ptr<arrow::Array> array, const Column &column, int64_t firstRow, Scratch &scratch,
          xarrow_values &out);

/// The bytes of text in an array, at most: exact but for dictionaries, whose longest word is taken for every row.
int64_t textBytesAtMost(const arrow::Array &array);

/// The same exactly.
int64_t textBytes(const arrow::Array &array);

/// Whether a row has a value.
inline bool isPresent(const xarrow_values &values, int64_t row) {
  return !values.validity || (values.validity[row >> 3] >> (row & 7) & 1) != 0;
}

/// Takes away the values under a mask.
void applyMask(const arrow::Array &mask, Scratch &scratch, xarrow_values &out);
void applyMask(const xarrow_values &mask, int64_t rows, Scratch &scratch, xarrow_values &out);

/// Brings lent values into the form that is wanted.
void convert(const Column &column, const xarrow_wanted &wanted, int64_t rows, int64_t firstRow, Scratch &scratch,
             xarrow_values &out);

/// Replaces what is not UTF-8 in lent texts.
void repairTexts(int64_t rows, Scratch &scratch, xarrow_values &out);

/// The same value, or none, for every row.
void repeat(const xarrow_wanted &wanted, const std::string *constant, int64_t rows, Scratch &scratch,
            xarrow_values &out);

}  // namespace xarrow
#endif
