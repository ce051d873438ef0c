#include "CSQLiteBoot.h"
#include "CSQLite.h"
#include <pthread.h>

// Here the functions of libsqlite3 themselves are meant, not the table's.
#undef sqlite3_config
#undef sqlite3_shutdown
#undef sqlite3_initialize
#undef sqlite3_hard_heap_limit64
#undef sqlite3_auto_extension
#undef sqlite3_cancel_auto_extension
#undef sqlite3_open
#undef sqlite3_close

static int capture(sqlite3 *db, char **message, const sqlite3_api_routines *api) {
  (void)db; (void)message;
  xsql_set_api(api);
  return SQLITE_OK;
}

static int result = SQLITE_OK;

static void boot(void) {
  void (*entry)(void) = (void (*)(void))capture;
  sqlite3 *db = 0;
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  if ((result = sqlite3_auto_extension(entry)) != SQLITE_OK) return;
  result = sqlite3_open(":memory:", &db);
  sqlite3_close(db);
  sqlite3_cancel_auto_extension(entry);
}

int xsql_bootstrap(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, boot);
  return result;
}

int xsql_limit_memory(int64_t bytes) {
  int code = sqlite3_shutdown();
  if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 1);
  if (code == SQLITE_OK) code = sqlite3_initialize();
  if (code == SQLITE_OK) sqlite3_hard_heap_limit64(bytes);
  return code;
}
