#define _GNU_SOURCE
#include "CFaultInjection.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static __thread int armed, is_lasting;
static __thread long count, failing;
static __thread const char *hit;

void fault_arm(long nth, int lasting) {
  count = 0;
  failing = nth;
  is_lasting = lasting;
  hit = NULL;
  armed = 1;
}

long fault_disarm(void) {
  armed = 0;
  return count;
}

const char *fault_hit(void) { return hit; }

/// Counts one change; nonzero when it must fail.
static int fails(const char *call, int error) {
  if (!armed) return 0;
  count++;
  if (count < failing || (count > failing && !is_lasting)) return 0;
  if (!hit) hit = call;
  errno = error;
  return 1;
}

ssize_t write(int fd, const void *bytes, size_t size) {
  return fails("write", ENOSPC) ? -1 : syscall(SYS_write, fd, bytes, size);
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
  return fails("pwrite", ENOSPC) ? -1 : syscall(SYS_pwrite64, fd, bytes, size, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
  return fails("pwrite", ENOSPC) ? -1 : syscall(SYS_pwrite64, fd, bytes, size, offset);
}
int ftruncate(int fd, off_t size) { return fails("ftruncate", EIO) ? -1 : (int)syscall(SYS_ftruncate, fd, size); }
int ftruncate64(int fd, off64_t size) { return fails("ftruncate", EIO) ? -1 : (int)syscall(SYS_ftruncate, fd, size); }
int fsync(int fd) { return fails("fsync", EIO) ? -1 : (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return fails("fdatasync", EIO) ? -1 : (int)syscall(SYS_fdatasync, fd); }
int rename(const char *from, const char *to) {
  return fails("rename", EIO) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int mkdir(const char *path, mode_t mode) {
  return fails("mkdir", ENOSPC) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}
int unlink(const char *path) { return fails("unlink", EIO) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0); }
int mkdirat(int folder, const char *path, mode_t mode) {
  return fails("mkdir", ENOSPC) ? -1 : (int)syscall(SYS_mkdirat, folder, path, mode);
}
int unlinkat(int folder, const char *path, int flags) {
  return fails("unlink", EIO) ? -1 : (int)syscall(SYS_unlinkat, folder, path, flags);
}
int rmdir(const char *path) { return fails("rmdir", EIO) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR); }

static int open_counted(const char *path, int flags, mode_t mode) {
  if ((flags & O_CREAT) && fails("open", ENOSPC)) return -1;
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
#define OPEN(name)                                            \
  int name(const char *path, int flags, ...) {                \
    mode_t mode = 0;                                          \
    if (flags & (O_CREAT | O_TMPFILE)) {                      \
      va_list rest;                                           \
      va_start(rest, flags);                                  \
      mode = va_arg(rest, mode_t);                            \
      va_end(rest);                                           \
    }                                                         \
    return open_counted(path, flags, mode);                   \
  }
OPEN(open)
OPEN(open64)
