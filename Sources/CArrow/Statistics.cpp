// What the statistics in a footer tell about a column before it is read.
#include <cstring>

#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include "File.hpp"

namespace xarrow {
namespace {

/// A decimal as statistics keep it: big-endian, two's complement.
Range rangeOf(const std::string &bytes) {
  if (bytes.empty()) return Range::unknown;
  const auto *digits = reinterpret_cast<const uint8_t *>(bytes.data());
  uint8_t sign = digits[0] & 0x80 ? 0xFF : 0;
  size_t high = bytes.size() > 8 ? bytes.size() - 8 : 0;
  for (size_t i = 0; i < high; i++) {
    if (digits[i] != sign) return Range::wide;
  }
  bool topBit = (digits[high] & 0x80) != 0;
  if (bytes.size() < 8 || topBit == (sign != 0)) return Range::int64;
  return sign == 0 ? Range::uint64 : Range::wide;
}

bool isNegative(const std::string &bytes) { return !bytes.empty() && (bytes[0] & 0x80); }

}  // namespace

Range decimalRange(const parquet::FileMetaData &metadata, int leaf) {
  bool negative = false, large = false;
  for (int group = 0; group < metadata.num_row_groups(); group++) {
    auto chunk = metadata.RowGroup(group)->ColumnChunk(leaf);
    auto statistics = chunk->statistics();
    if (statistics && statistics->HasNullCount() && statistics->null_count() == chunk->num_values()) continue;
    if (!statistics || !statistics->HasMinMax()) return Range::unknown;
    std::string low = statistics->EncodeMin(), high = statistics->EncodeMax();
    for (const std::string &bound : {low, high}) {
      Range range = rangeOf(bound);
      if (range == Range::unknown || range == Range::wide) return range;
      large = large || range == Range::uint64;
      negative = negative || isNegative(bound);
    }
  }
  if (!large) return Range::int64;
  return negative ? Range::wide : Range::uint64;
}

bool allMissing(const parquet::FileMetaData &metadata, int leaf) {
  if (metadata.num_rows() == 0) return true;
  for (int group = 0; group < metadata.num_row_groups(); group++) {
    auto chunk = metadata.RowGroup(group)->ColumnChunk(leaf);
    auto statistics = chunk->statistics();
    if (!statistics || !statistics->HasNullCount() || statistics->null_count() != chunk->num_values()) return false;
  }
  return true;
}

}  // namespace xarrow
