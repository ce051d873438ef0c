#include "CSQLite.h"

const sqlite3_api_routines *sqlite3_api = 0;

void xsql_set_api(const sqlite3_api_routines *api) { sqlite3_api = api; }
