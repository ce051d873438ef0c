// Values that a reader of another format lends, in the forms that are wanted.
#include <memory>
#include <string>
#include <vector>

#include "Guard.hpp"
#include "Text.hpp"
#include "Values.hpp"

namespace xarrow {

/// One column wanted.
struct Adapted {
  xarrow_wanted how = {};
  bool hasConstant = false;
  std::string constant;
  Scratch scratch;
};

}  // namespace xarrow

struct xarrow_adapter {
  std::vector<xarrow::Column> natives;
  std::vector<xarrow::Adapted> columns;
  std::vector<xarrow_values> values;
};

namespace xarrow {
namespace {

void prepare(xarrow_adapter &adapter, const xarrow_native *natives, int32_t nativeCount, const xarrow_wanted *wanted,
             int32_t count) {
  for (int32_t i = 0; i < nativeCount; i++) {
    Column column;
    column.name = natives[i].name;
    column.arrowType = natives[i].type;
    column.form = natives[i].form;
    column.stepLog10 = natives[i].count_nanoseconds_log10;
    adapter.natives.push_back(column);
  }
  for (int32_t i = 0; i < count; i++) {
    Adapted adapted;
    adapted.how = wanted[i];
    adapted.hasConstant = wanted[i].constant != nullptr;
    if (adapted.hasConstant) adapted.constant = wanted[i].constant;
    adapted.how.constant = nullptr;
    adapter.columns.push_back(std::move(adapted));
  }
  adapter.values.resize(static_cast<size_t>(count));
}

void adapt(const xarrow_adapter &adapter, Adapted &adapted, const xarrow_values *natives, int64_t rows,
           int64_t firstRow, xarrow_values &out) {
  const xarrow_wanted &how = adapted.how;
  if (how.column < 0) return repeat(how, adapted.hasConstant ? &adapted.constant : nullptr, rows, adapted.scratch, out);
  out = natives[how.column];
  const Column &column = adapter.natives.at(static_cast<size_t>(how.column));
  if (how.mask >= 0) {
    if (adapter.natives.at(static_cast<size_t>(how.mask)).form != XARROW_BOOL) {
      throw Failure{XARROW_ERROR_UNSUPPORTED, "the mask of '" + column.name + "' is not of bools"};
    }
    applyMask(natives[how.mask], rows, adapted.scratch, out);
  }
  convert(column, how, rows, firstRow, adapted.scratch, out);
  if (how.form == XARROW_TEXT) repairTexts(rows, adapted.scratch, out);
}

}  // namespace
}  // namespace xarrow

extern "C" {

int xarrow_adapter_open(const xarrow_native *natives, int32_t native_count, const xarrow_wanted *wanted, int32_t count,
                        xarrow_adapter **out, xarrow_error *error) {
  *out = nullptr;
  return xarrow::guarded(error, [&] {
    auto adapter = std::make_unique<xarrow_adapter>();
    xarrow::prepare(*adapter, natives, native_count, wanted, count);
    *out = adapter.release();
  });
}

int xarrow_adapt(xarrow_adapter *adapter, const xarrow_values *natives, int64_t rows, int64_t first_row,
                 const xarrow_values **values, xarrow_error *error) {
  *values = adapter->values.data();
  return xarrow::guarded(error, [&] {
    for (size_t i = 0; i < adapter->columns.size(); i++) {
      xarrow::adapt(*adapter, adapter->columns[i], natives, rows, first_row, adapter->values[i]);
    }
  });
}

void xarrow_adapter_close(xarrow_adapter *adapter) { delete adapter; }

}  // extern "C"
