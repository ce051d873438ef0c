// For programs and tests: links libsqlite3, configures it for one connection per thread, and captures its routine table.
// The loadable extension must not link this.
#ifndef XMDB_CSQLITEBOOT_H
#define XMDB_CSQLITEBOOT_H

#include <stdint.h>

/// Prepares SQLite. Call before any other SQLite call, from one thread; later calls do nothing.
/// Switches off the global memory statistics, whose mutex otherwise makes two threads slower than one.
/// Returns an SQLite result code.
int xsql_bootstrap(void);

/// Limits the memory that SQLite may have in this process, bytes: a statement that needs more fails with SQLITE_NOMEM.
/// Switches the memory statistics on, since without them there is no limit. Call after xsql_bootstrap, from one thread,
/// while no connection is open. Returns an SQLite result code.
int xsql_limit_memory(int64_t bytes);

#endif
