#include "CXMDBExtension.h"
#include "CProcessor.h"
#include "CSQLite.h"

/// Defined in Swift (SQLExt): registers every function and table on `db`. On failure sets `message` (freed by SQLite).
extern int xmdb_register(sqlite3 *db, char **message);

/// Whether this library calls that SQLite. It calls one in a process: the first that loads it.
static int claim(const sqlite3_api_routines *api) {
  const sqlite3_api_routines *first = 0;
  return __atomic_compare_exchange_n(&sqlite3_api, &first, api, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) || first == api;
}

int sqlite3_xmdb_init(sqlite3 *db, char **message, const struct sqlite3_api_routines *api) {
  if (!claim(api)) {
    const char *refusal = "xmdb is loaded in this process for another SQLite (%s) already; use that one, or another process";
    if (message) *message = api->mprintf(refusal, sqlite3_api->libversion());
    return SQLITE_ERROR;
  }
  char refusal[512];
  if (xmdb_cpu_refusal(xmdb_cpu_detect(), refusal, sizeof refusal)) {
    if (message) *message = xsql_copy_message(refusal);
    return SQLITE_ERROR;
  }
  int code = xmdb_register(db, message);
  // The Swift runtime does not promise to survive being unmapped.
  return code == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : code;
}
