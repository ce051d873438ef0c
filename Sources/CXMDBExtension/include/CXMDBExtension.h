// The entry point of libxmdb.so. SQLite derives its name from the file name.
#ifndef XMDB_CXMDBEXTENSION_H
#define XMDB_CXMDBEXTENSION_H

#include <sqlite3.h>
struct sqlite3_api_routines;
__attribute__((visibility("default")))
int sqlite3_xmdb_init(sqlite3 *db, char **message, const struct sqlite3_api_routines *api);

#endif
