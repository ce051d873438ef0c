// Which Arrow runs.
#include "CArrow.h"

#include <arrow/config.h>

extern "C" const char *xarrow_version(void) { return arrow::GetBuildInfo().version_string.c_str(); }
