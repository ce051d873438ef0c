#include "CXMDBExtension.h"
#include "CProcessor.h"
#include "CSQLite.h"

/// Defined in Swift (SQLExt): registers every function and table on `db`. On failure sets `message` (freed by SQLite).
extern int xmdb_register(sqlite3 *db, char **message);

int sqlite3_xmdb_init(sqlite3 *db, char **message, const struct sqlite3_api_routines *api) {
  xsql_set_api(api);
  char refusal[512];
  if (xmdb_cpu_refusal(xmdb_cpu_detect(), refusal, sizeof refusal)) {
    if (message) *message = xsql_copy_message(refusal);
    return SQLITE_ERROR;
  }
  int code = xmdb_register(db, message);
  // The Swift runtime does not promise to survive being unmapped.
  return code == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : code;
}
