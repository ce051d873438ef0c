// What a program that is to run on other machines than the builder's has inside instead of taking it from there.
// Linked into the packaged program and extension only (packaging/link.sh).
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/random.h>

// hypot and hypotf have a newer version in glibc 2.35, which differs in how errors are reported. The older one is everywhere.
// The linker's --wrap sends all calls here.
__asm__(".symver old_hypot, hypot@GLIBC_2.2.5");
__asm__(".symver old_hypotf, hypotf@GLIBC_2.2.5");
double old_hypot(double x, double y);
float old_hypotf(float x, float y);
double __wrap_hypot(double x, double y) { return old_hypot(x, y); }
float __wrap_hypotf(float x, float y) { return old_hypotf(x, y); }

// std::condition_variable::wait of GCC 12 differs from that of before in letting exceptions through. Foundation's ICU calls it.
__asm__(".symver old_condition_wait, _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE@GLIBCXX_3.4.11");
void old_condition_wait(void *condition, void *lock);
void __wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(void *condition, void *lock) {
  old_condition_wait(condition, lock);
}

// expat salts its hash tables with it. glibc has it since 2.36.
void __wrap_arc4random_buf(void *bytes, size_t count) {
  char *next = bytes;
  while (count > 0) {
    ssize_t got = getrandom(next, count, 0);
    if (got < 0 && errno != EINTR) abort();
    if (got > 0) next += got, count -= (size_t)got;
  }
}
