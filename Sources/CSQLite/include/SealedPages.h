// A way to files for SQLite ("VFS", https://sqlite.org/vfs.html) that compares every page with a checksum when it is read.
#ifndef XMDB_SEALED_PAGES_H
#define XMDB_SEALED_PAGES_H

#include <sqlite3ext.h>
#include <stdint.h>

/// Opens a finished database file for reading. A page whose XXH3 (64 bits) is not the one given reads as SQLITE_CORRUPT.
/// SQLite sees `pages` pages; what the file holds beyond them it does not see.
/// - `uri`: the file as SQLite names it, with `immutable=1`; it is not opened again.
/// - `descriptor`: the open file. It is closed with the connection, or at once when this fails.
/// - `sums`: one checksum a page; copied.
int xsql_open_sealed(const char *uri, int descriptor, uint32_t page_bytes, uint32_t pages, const uint64_t *sums, sqlite3 **db);

#endif
