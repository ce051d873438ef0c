#include "Numbers.hpp"

#include <cstring>

#include "CArrow.h"

namespace xarrow {
namespace {

template <typename Number, typename Parse>
void numbers(const int64_t *offsets, const uint8_t *bytes, int64_t rows, Number *out, uint8_t *validity,
             int64_t *missing, int64_t *bad, Parse parse) {
  for (int64_t row = 0; row < rows; row++) {
    std::string_view text = trimmed({reinterpret_cast<const char *>(bytes) + offsets[row],
                                     static_cast<size_t>(offsets[row + 1] - offsets[row])});
    out[row] = 0;
    if (isMissingNumber(text)) {
      validity[row >> 3] &= static_cast<uint8_t>(~(1 << (row & 7)));
      ++*missing;
    } else if (!parse(text, out[row]) && *bad < 0) {
      *bad = row;
    }
  }
}

}  // namespace
}  // namespace xarrow

void xarrow_numbers(const int64_t *offsets, const uint8_t *bytes, int64_t rows, int32_t form, void *out,
                    uint8_t *validity, int64_t *null_count, int64_t *bad_row) {
  using namespace xarrow;
  *null_count = 0;
  *bad_row = -1;
  std::memset(validity, 0xFF, static_cast<size_t>((rows + 7) / 8));
  auto read = [&](auto *to, auto parse) { numbers(offsets, bytes, rows, to, validity, null_count, bad_row, parse); };
  switch (form) {
    case XARROW_UINT64: return read(static_cast<uint64_t *>(out), parseInteger<uint64_t>);
    case XARROW_FLOAT64: return read(static_cast<double *>(out), parseReal<double>);
    case XARROW_FLOAT32: return read(static_cast<float *>(out), parseReal<float>);
    case XARROW_BOOL: return read(static_cast<uint8_t *>(out), parseBool);
    default: return read(static_cast<int64_t *>(out), parseInteger<int64_t>);
  }
}
