// The only door to SQLite. Every call goes through the routine table that SQLite hands to an extension, so that the same
// code runs inside `xmdb` (table captured by CSQLiteBoot) and inside any host that loads libxmdb.so, also hosts with a
// SQLite linked in statically: linking libsqlite3 directly would put two SQLites into such a process.
// One function here is one SQLite function of the same name; see https://sqlite.org/c3ref/funclist.html.
#ifndef XMDB_CSQLITE_H
#define XMDB_CSQLITE_H

#include <sqlite3ext.h>
#include <stdint.h>
#include <string.h>

extern const sqlite3_api_routines *sqlite3_api;

/// Stores the routine table. Called once, before any other function of this header.
void xsql_set_api(const sqlite3_api_routines *api);
static inline int xsql_has_api(void) { return sqlite3_api != 0; }

// MARK: Connections and statements
static inline int xsql_open(const char *path, sqlite3 **db, int flags, const char *vfs) { return sqlite3_open_v2(path, db, flags, vfs); }
/// Opens a copy of a whole database file in memory, read-only. SQLite owns the copy.
static inline int xsql_open_image(const void *bytes, int64_t count, sqlite3 **db) {
  if (!sqlite3_api->deserialize) return SQLITE_MISUSE;  // a host may leave it out
  unsigned char *copy = sqlite3_malloc64((sqlite3_uint64)count);
  if (!copy) return SQLITE_NOMEM;
  memcpy(copy, bytes, (size_t)count);
  int code = sqlite3_open_v2(":memory:", db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, 0);
  if (code != SQLITE_OK) return sqlite3_free(copy), code;
  return sqlite3_deserialize(*db, "main", copy, count, count, SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
}
static inline int xsql_close(sqlite3 *db) { return sqlite3_close_v2(db); }
static inline int xsql_exec(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, 0, 0, 0); }
static inline int xsql_prepare(sqlite3 *db, const char *sql, int bytes, unsigned flags, sqlite3_stmt **stmt, const char **tail) { return sqlite3_prepare_v3(db, sql, bytes, flags, stmt, tail); }
static inline int xsql_step(sqlite3_stmt *stmt) { return sqlite3_step(stmt); }
static inline int xsql_reset(sqlite3_stmt *stmt) { return sqlite3_reset(stmt); }
static inline int xsql_finalize(sqlite3_stmt *stmt) { return sqlite3_finalize(stmt); }
static inline int xsql_errcode(sqlite3 *db) { return sqlite3_extended_errcode(db); }
static inline const char *xsql_errmsg(sqlite3 *db) { return sqlite3_errmsg(db); }
static inline const char *xsql_errstr(int code) { return sqlite3_errstr(code); }
static inline int xsql_busy_timeout(sqlite3 *db, int ms) { return sqlite3_busy_timeout(db, ms); }
static inline int64_t xsql_last_insert_rowid(sqlite3 *db) { return sqlite3_last_insert_rowid(db); }
static inline int xsql_changes(sqlite3 *db) { return sqlite3_changes(db); }
static inline const char *xsql_libversion(void) { return sqlite3_libversion(); }
static inline int xsql_libversion_number(void) { return sqlite3_libversion_number(); }
static inline int xsql_readonly(sqlite3_stmt *stmt) { return sqlite3_stmt_readonly(stmt); }
static inline void xsql_interrupt(sqlite3 *db) { sqlite3_interrupt(db); }
static inline int xsql_keyword_check(const char *word, int bytes) { return sqlite3_keyword_check(word, bytes); }
/// The i-th keyword, not terminated, and its length.
static inline int xsql_keyword(int i, const char **word, int *bytes) { return sqlite3_keyword_name(i, word, bytes); }
static inline int xsql_keyword_count(void) { return sqlite3_keyword_count(); }
/// Where in a statement the last error is, bytes; -1: it is nowhere in particular.
static inline int xsql_error_offset(sqlite3 *db) { return sqlite3_error_offset(db); }
/// The i-th option that SQLite was built with; null behind the last.
static inline const char *xsql_compile_option(int i) { return sqlite3_compileoption_get(i); }
static inline int xsql_complete(const char *sql) { return sqlite3_complete(sql); }
/// Asked about each action while a statement is compiled.
static inline int xsql_set_authorizer(sqlite3 *db, int (*ask)(void *, int, const char *, const char *, const char *, const char *), void *data) {
  return sqlite3_set_authorizer(db, ask, data);
}
/// sqlite3_db_config is variadic, which Swift cannot call.
static inline int xsql_enable_load_extension(sqlite3 *db, int on) { return sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, on, (int *)0); }
/// A switch of a connection, such as SQLITE_DBCONFIG_DEFENSIVE.
static inline int xsql_db_config(sqlite3 *db, int what, int on) { return sqlite3_db_config(db, what, on, (int *)0); }
/// Sets a limit of a connection, such as SQLITE_LIMIT_LENGTH.
static inline void xsql_limit(sqlite3 *db, int what, int limit) { sqlite3_limit(db, what, limit); }

/// Reads bytes of the database file through SQLite's own descriptor. To open and close the file beside SQLite would cancel
/// its locks, which belong to the process (sqlite.org/howtocorrupt.html, section 2.2).
static inline int xsql_file_bytes(sqlite3 *db, void *bytes, int count, int64_t offset) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return code;
  if (!file || !file->pMethods) return SQLITE_CANTOPEN;
  return file->pMethods->xRead(file, bytes, count, offset);
}

// MARK: Binding
static inline int xsql_bind_int64(sqlite3_stmt *s, int i, int64_t v) { return sqlite3_bind_int64(s, i, v); }
static inline int xsql_bind_double(sqlite3_stmt *s, int i, double v) { return sqlite3_bind_double(s, i, v); }
static inline int xsql_bind_null(sqlite3_stmt *s, int i) { return sqlite3_bind_null(s, i); }
/// Bound bytes are always copied (SQLITE_TRANSIENT, a cast that Swift cannot see): SQLite reads them when it steps.
static inline int xsql_bind_text_copy(sqlite3_stmt *s, int i, const char *v, int n) { return sqlite3_bind_text(s, i, v, n, SQLITE_TRANSIENT); }
static inline int xsql_bind_blob_copy(sqlite3_stmt *s, int i, const void *v, int n) { return sqlite3_bind_blob(s, i, v, n, SQLITE_TRANSIENT); }
static inline int xsql_bind_value(sqlite3_stmt *s, int i, sqlite3_value *v) { return sqlite3_bind_value(s, i, v); }
static inline int xsql_bind_parameter_count(sqlite3_stmt *s) { return sqlite3_bind_parameter_count(s); }

// MARK: Columns
static inline int xsql_column_count(sqlite3_stmt *s) { return sqlite3_column_count(s); }
static inline const char *xsql_column_name(sqlite3_stmt *s, int i) { return sqlite3_column_name(s, i); }
static inline const char *xsql_column_decltype(sqlite3_stmt *s, int i) { return sqlite3_column_decltype(s, i); }
static inline int xsql_column_type(sqlite3_stmt *s, int i) { return sqlite3_column_type(s, i); }
static inline int64_t xsql_column_int64(sqlite3_stmt *s, int i) { return sqlite3_column_int64(s, i); }
static inline double xsql_column_double(sqlite3_stmt *s, int i) { return sqlite3_column_double(s, i); }
static inline const unsigned char *xsql_column_text(sqlite3_stmt *s, int i) { return sqlite3_column_text(s, i); }
static inline const void *xsql_column_blob(sqlite3_stmt *s, int i) { return sqlite3_column_blob(s, i); }
static inline int xsql_column_bytes(sqlite3_stmt *s, int i) { return sqlite3_column_bytes(s, i); }
static inline sqlite3_value *xsql_column_value(sqlite3_stmt *s, int i) { return sqlite3_column_value(s, i); }

// MARK: Values given to functions
static inline int xsql_value_type(sqlite3_value *v) { return sqlite3_value_type(v); }
static inline int xsql_value_numeric_type(sqlite3_value *v) { return sqlite3_value_numeric_type(v); }
static inline int64_t xsql_value_int64(sqlite3_value *v) { return sqlite3_value_int64(v); }
static inline double xsql_value_double(sqlite3_value *v) { return sqlite3_value_double(v); }
static inline const unsigned char *xsql_value_text(sqlite3_value *v) { return sqlite3_value_text(v); }
static inline const void *xsql_value_blob(sqlite3_value *v) { return sqlite3_value_blob(v); }
static inline int xsql_value_bytes(sqlite3_value *v) { return sqlite3_value_bytes(v); }

// MARK: Results of functions and virtual-table columns
static inline void xsql_result_int64(sqlite3_context *c, int64_t v) { sqlite3_result_int64(c, v); }
static inline void xsql_result_double(sqlite3_context *c, double v) { sqlite3_result_double(c, v); }
static inline void xsql_result_null(sqlite3_context *c) { sqlite3_result_null(c); }
/// SQLite copies the bytes; more than its length limit is the error "string or blob too big".
static inline void xsql_result_text(sqlite3_context *c, const char *v, uint64_t n) { sqlite3_result_text64(c, v, n, SQLITE_TRANSIENT, SQLITE_UTF8); }
static inline void xsql_result_blob(sqlite3_context *c, const void *v, uint64_t n) { sqlite3_result_blob64(c, v, n, SQLITE_TRANSIENT); }
/// An address for empty text and blobs: a null pointer would mean NULL.
static inline const char *xsql_empty(void) { return ""; }
static inline void xsql_result_value(sqlite3_context *c, sqlite3_value *v) { sqlite3_result_value(c, v); }
static inline void xsql_result_error(sqlite3_context *c, const char *message) { sqlite3_result_error(c, message, -1); }
/// After xsql_result_error, which sets SQLITE_ERROR.
static inline void xsql_result_error_code(sqlite3_context *c, int code) { sqlite3_result_error_code(c, code); }
static inline void *xsql_user_data(sqlite3_context *c) { return sqlite3_user_data(c); }

// MARK: Registration
static inline int xsql_create_function(sqlite3 *db, const char *name, int arguments, int flags, void *data,
    void (*call)(sqlite3_context *, int, sqlite3_value **), void (*destroy)(void *)) {
  return sqlite3_create_function_v2(db, name, arguments, flags, data, call, 0, 0, destroy);
}
static inline int xsql_create_aggregate(sqlite3 *db, const char *name, int arguments, int flags, void *data,
    void (*step)(sqlite3_context *, int, sqlite3_value **), void (*final)(sqlite3_context *), void (*destroy)(void *)) {
  return sqlite3_create_function_v2(db, name, arguments, flags, data, 0, step, final, destroy);
}
/// The bytes that belong to one group of an aggregate, zero at first.
static inline void *xsql_aggregate_context(sqlite3_context *c, int bytes) { return sqlite3_aggregate_context(c, bytes); }
static inline int xsql_create_collation(sqlite3 *db, const char *name, int (*compare)(void *, int, const void *, int, const void *)) {
  return sqlite3_create_collation_v2(db, name, SQLITE_UTF8, 0, compare, 0);
}
static inline int xsql_create_module(sqlite3 *db, const char *name, const sqlite3_module *module, void *data, void (*destroy)(void *)) {
  return sqlite3_create_module_v2(db, name, module, data, destroy);
}
/// Removes one module; a null module of the same name is SQLite's way to say so.
static inline int xsql_remove_module(sqlite3 *db, const char *name) { return sqlite3_create_module_v2(db, name, 0, 0, 0); }
static inline int xsql_declare_vtab(sqlite3 *db, const char *sql) { return sqlite3_declare_vtab(db, sql); }
/// sqlite3_vtab_config is variadic, which Swift cannot call.
static inline int xsql_vtab_directonly(sqlite3 *db) { return sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY); }
static inline int xsql_vtab_innocuous(sqlite3 *db) { return sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS); }
/// Needs SQLite 3.38: the value that a constraint compares with, where it is known while planning.
static inline int xsql_vtab_rhs_value(sqlite3_index_info *info, int i, sqlite3_value **v) { return sqlite3_vtab_rhs_value(info, i, v); }
static inline const char *xsql_vtab_collation(sqlite3_index_info *info, int i) { return sqlite3_vtab_collation(info, i); }
/// A copy of `message` in memory that SQLite frees (zErrMsg); sqlite3_mprintf is variadic.
static inline char *xsql_copy_message(const char *message) { return sqlite3_mprintf("%s", message); }
static inline void xsql_free(void *p) { sqlite3_free(p); }

/// The objects behind a virtual table and its cursor: SQLite's own structure first, then a retained Swift object.
typedef struct { sqlite3_vtab base; void *object; } xsql_vtab;
typedef struct { sqlite3_vtab_cursor base; void *object; } xsql_cursor;

#include "SealedPages.h"

#endif
