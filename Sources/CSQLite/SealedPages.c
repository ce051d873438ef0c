#define _GNU_SOURCE
#include "CSQLite.h"
#include "CXXHash.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/// What a connection knows of its file.
struct sealed_pages {
  int descriptor;
  uint32_t page_bytes, pages;
  uint64_t *sums;
  unsigned char *scratch;  // one page
  // Pages that were read ahead: `ahead_count` of them from `ahead_first` on.
  unsigned char *ahead;
  uint64_t ahead_first, ahead_count;
  uint64_t last, follows;  // the page read last, and how many pages before it came one after the other
};

// So many bytes are read ahead.
enum { AHEAD_BYTES = 1 << 17 };

/// SQLite's structure first.
struct sealed_file {
  sqlite3_file base;
  struct sealed_pages *pages;
};

static void release(struct sealed_pages *p) {
  if (!p) return;
  close(p->descriptor);
  free(p->sums);
  free(p->scratch);
  free(p->ahead);
  free(p);
}

/// Reads some pages.
static int read_pages(const struct sealed_pages *p, uint64_t number, uint64_t count, unsigned char *target) {
  uint64_t start = number * p->page_bytes, bytes = count * p->page_bytes, done = 0;
  while (done < bytes) {
    ssize_t got = pread(p->descriptor, target + done, bytes - done, (off_t)(start + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SQLITE_IOERR_READ;
    if (got == 0) return SQLITE_CORRUPT;  // the file has become shorter
    done += (uint64_t)got;
  }
  return SQLITE_OK;
}

/// Reads a page, or takes it from those that were read ahead. The third of consecutive pages is read with the next ones: blocks of the
/// narrow form lie in consecutive pages, and a call for each would take longer than to copy them. A look-up reads no page ahead.
static int fetch_page(struct sealed_pages *p, uint64_t number, unsigned char *target) {
  p->follows = number == p->last + 1 ? p->follows + 1 : 0;
  p->last = number;
  if (number - p->ahead_first >= p->ahead_count) {
    uint64_t count = AHEAD_BYTES / p->page_bytes;
    if (count > p->pages - number) count = p->pages - number;
    if (p->follows > 1 && count > 1 && !p->ahead) p->ahead = malloc(AHEAD_BYTES);
    if (p->follows < 2 || count < 2 || !p->ahead) return read_pages(p, number, 1, target);
    p->ahead_count = 0;
    int code = read_pages(p, number, count, p->ahead);
    if (code != SQLITE_OK) return code;
    p->ahead_first = number;
    p->ahead_count = count;
  }
  memcpy(target, p->ahead + (number - p->ahead_first) * p->page_bytes, p->page_bytes);
  return SQLITE_OK;
}

/// Reads a whole page and compares it with its checksum.
static int read_page(struct sealed_pages *p, uint64_t number, unsigned char *target) {
  int code = fetch_page(p, number, target);
  if (code != SQLITE_OK) return code;
  return xxh_once64(target, p->page_bytes) == p->sums[number] ? SQLITE_OK : SQLITE_CORRUPT;
}

static int sealed_read(sqlite3_file *file, void *target, int amount, sqlite3_int64 offset) {
  struct sealed_pages *p = ((struct sealed_file *)file)->pages;
  if (amount < 0 || offset < 0) return SQLITE_IOERR_READ;
  uint64_t end = (uint64_t)p->page_bytes * p->pages;
  uint64_t next = (uint64_t)offset, last = next + (uint64_t)amount;
  unsigned char *out = target;
  while (next < last && next < end) {
    uint64_t number = next / p->page_bytes, within = next % p->page_bytes;
    uint64_t part = p->page_bytes - within;
    if (part > last - next) part = last - next;
    int is_whole = part == p->page_bytes;
    int code = read_page(p, number, is_whole ? out : p->scratch);
    if (code != SQLITE_OK) return code;
    if (!is_whole) memcpy(out, p->scratch + within, part);
    out += part;
    next += part;
  }
  if (next == last) return SQLITE_OK;
  memset(out, 0, last - next);
  return SQLITE_IOERR_SHORT_READ;
}

static int sealed_close(sqlite3_file *file) {
  struct sealed_file *sealed = (struct sealed_file *)file;
  release(sealed->pages);
  sealed->pages = 0;
  return SQLITE_OK;
}

static int sealed_size(sqlite3_file *file, sqlite3_int64 *size) {
  const struct sealed_pages *p = ((struct sealed_file *)file)->pages;
  *size = (sqlite3_int64)p->page_bytes * p->pages;
  return SQLITE_OK;
}

static int refuse_write(sqlite3_file *f, const void *b, int n, sqlite3_int64 o) { (void)f; (void)b; (void)n; (void)o; return SQLITE_READONLY; }
static int refuse_truncate(sqlite3_file *f, sqlite3_int64 n) { (void)f; (void)n; return SQLITE_READONLY; }
static int no_sync(sqlite3_file *f, int flags) { (void)f; (void)flags; return SQLITE_OK; }
static int no_lock(sqlite3_file *f, int kind) { (void)f; (void)kind; return SQLITE_OK; }
static int not_reserved(sqlite3_file *f, int *result) { (void)f; *result = 0; return SQLITE_OK; }
static int no_control(sqlite3_file *f, int op, void *arg) { (void)f; (void)op; (void)arg; return SQLITE_NOTFOUND; }
static int sector(sqlite3_file *f) { (void)f; return 4096; }
static int traits(sqlite3_file *f) { (void)f; return SQLITE_IOCAP_IMMUTABLE; }

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = sealed_close,
    .xRead = sealed_read,
    .xWrite = refuse_write,
    .xTruncate = refuse_truncate,
    .xSync = no_sync,
    .xFileSize = sealed_size,
    .xLock = no_lock,
    .xUnlock = no_lock,
    .xCheckReservedLock = not_reserved,
    .xFileControl = no_control,
    .xSectorSize = sector,
    .xDeviceCharacteristics = traits,
};

static sqlite3_vfs *usual;
static sqlite3_vfs vfs;
static char name[48];
static int registration = SQLITE_ERROR;

/// The file that this thread is about to open: sqlite3_open_v2 opens it before it returns.
static _Thread_local struct sealed_pages *pending;

static int sealed_open(sqlite3_vfs *self, const char *path, sqlite3_file *file, int flags, int *out_flags) {
  (void)self;
  // Files of a sorter that does not fit into memory.
  if (!(flags & SQLITE_OPEN_MAIN_DB)) return usual->xOpen(usual, path, file, flags, out_flags);
  struct sealed_file *sealed = (struct sealed_file *)file;
  memset(sealed, 0, sizeof *sealed);
  if (!pending) return SQLITE_CANTOPEN;
  sealed->pages = pending;
  pending = 0;
  sealed->base.pMethods = &methods;
  if (out_flags) *out_flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
  return SQLITE_OK;
}

/// Beside SQLite's own ways to files, under a name that no other copy of this code in the process has. Neither the program
/// nor the extension is ever unloaded.
static void enlist(void) {
  usual = sqlite3_vfs_find("unix");
  if (!usual) usual = sqlite3_vfs_find(0);
  if (!usual) return;
  vfs = *usual;
  snprintf(name, sizeof name, "xmdb-sealed-%p", (void *)&vfs);
  vfs.zName = name;
  vfs.pNext = 0;
  vfs.xOpen = sealed_open;
  if (vfs.szOsFile < (int)sizeof(struct sealed_file)) vfs.szOsFile = sizeof(struct sealed_file);
  registration = sqlite3_vfs_register(&vfs, 0);
}

int xsql_open_sealed(const char *uri, int descriptor, uint32_t page_bytes, uint32_t pages, const uint64_t *sums, sqlite3 **db) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, enlist);
  *db = 0;
  struct sealed_pages *p = calloc(1, sizeof *p);
  if (!p) return close(descriptor), SQLITE_NOMEM;
  p->descriptor = descriptor;
  p->page_bytes = page_bytes;
  p->pages = pages;
  p->sums = malloc((size_t)pages * sizeof *sums + 1);
  p->scratch = malloc(page_bytes);
  if (registration != SQLITE_OK || !p->sums || !p->scratch) {
    int code = registration != SQLITE_OK ? registration : SQLITE_NOMEM;
    return release(p), code;
  }
  memcpy(p->sums, sums, (size_t)pages * sizeof *sums);
  pending = p;
  int code = sqlite3_open_v2(uri, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, name);
  release(pending);  // when SQLite came to no file
  pending = 0;
  return code;
}
