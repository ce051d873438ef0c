#define _GNU_SOURCE
#include "CNoLocks.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

/// ENOLCK, or what $NO_LOCKS_ERRNO says.
static int refuse(void) {
  const char *number = getenv("NO_LOCKS_ERRNO");
  errno = number ? atoi(number) : ENOLCK;
  return -1;
}

static int fcntl_without_locks(int fd, int command, void *argument) {
  switch (command) {
    case F_GETLK: case F_SETLK: case F_SETLKW: case F_OFD_GETLK: case F_OFD_SETLK: case F_OFD_SETLKW: return refuse();
    default: return (int)syscall(SYS_fcntl, fd, command, argument);
  }
}
#define FCNTL(name)                                      \
  int name(int fd, int command, ...) {                   \
    va_list rest;                                        \
    va_start(rest, command);                             \
    void *argument = va_arg(rest, void *);               \
    va_end(rest);                                        \
    return fcntl_without_locks(fd, command, argument);   \
  }
FCNTL(fcntl)
FCNTL(fcntl64)

int flock(int fd, int operation) { return (void)fd, (void)operation, refuse(); }
