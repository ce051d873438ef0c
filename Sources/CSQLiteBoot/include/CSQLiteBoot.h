// For programs and tests: links libsqlite3, configures it for one connection per thread, and captures its routine table.
// The loadable extension must not link this.
#ifndef XMDB_CSQLITEBOOT_H
#define XMDB_CSQLITEBOOT_H

/// Prepares SQLite. Call before any other SQLite call, from one thread; later calls do nothing.
/// Switches off the global memory statistics, whose mutex otherwise makes two threads slower than one.
/// Returns an SQLite result code.
int xsql_bootstrap(void);

#endif
