#define _DEFAULT_SOURCE
#include "CCrash.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static const char *kind;

static void crash(int number) {
  (void)number;
  if (!strcmp(kind, "SEGV")) *(volatile int *)8 = 0;
  if (!strcmp(kind, "ABRT")) abort();
  __builtin_trap();
}

__attribute__((constructor)) static void start(void) {
  const struct itimerval soon = {.it_value = {.tv_usec = 300000}};
  kind = getenv("XMDB_TEST_CRASH");
  if (!kind) return;
  signal(SIGALRM, crash);
  setitimer(ITIMER_REAL, &soon, 0);
}
