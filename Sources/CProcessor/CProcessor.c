#include "CProcessor.h"
#include <cpuid.h>
#ifdef __linux__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef XMDB_CPU_LEVEL
#error "XMDB_CPU_LEVEL comes from Package.swift"
#endif

enum { LEAF1_ECX, LEAF7_EBX, EXTENDED_ECX, XCR0 };

// The levels of the x86-64 psABI.
static const struct {
  int level;
  const char *name;
  int word;
  int bit;
} needs[] = {
  {2, "cmpxchg16b", LEAF1_ECX, 13}, {2, "lahf", EXTENDED_ECX, 0}, {2, "popcnt", LEAF1_ECX, 23},
  {2, "sse3", LEAF1_ECX, 0}, {2, "ssse3", LEAF1_ECX, 9}, {2, "sse4.1", LEAF1_ECX, 19}, {2, "sse4.2", LEAF1_ECX, 20},
  {3, "avx", LEAF1_ECX, 28}, {3, "avx2", LEAF7_EBX, 5}, {3, "bmi1", LEAF7_EBX, 3}, {3, "bmi2", LEAF7_EBX, 8},
  {3, "f16c", LEAF1_ECX, 29}, {3, "fma", LEAF1_ECX, 12}, {3, "lzcnt", EXTENDED_ECX, 5}, {3, "movbe", LEAF1_ECX, 22},
  {3, "osxsave", LEAF1_ECX, 27}, {3, "ymm-state", XCR0, 2},
  {4, "avx512f", LEAF7_EBX, 16}, {4, "avx512dq", LEAF7_EBX, 17}, {4, "avx512cd", LEAF7_EBX, 28},
  {4, "avx512bw", LEAF7_EBX, 30}, {4, "avx512vl", LEAF7_EBX, 31}, {4, "zmm-state", XCR0, 6},
};

static uint64_t enabled_state(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return ((uint64_t)high << 32) | low;
}

xmdb_cpu_features xmdb_cpu_detect(void) {
  xmdb_cpu_features features = {0};
  uint32_t eax, ebx, ecx, edx;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx)) features.leaf1_ecx = ecx;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) features.leaf7_ebx = ebx;
  if (__get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx)) features.extended_ecx = ecx;
  // XGETBV exists only where the system uses it.
  if (features.leaf1_ecx & (1u << 27)) features.xcr0 = enabled_state();
  return features;
}

int xmdb_cpu_level(void) { return XMDB_CPU_LEVEL; }

int xmdb_cpu_missing(int level, xmdb_cpu_features features, char *names, size_t size) {
  const uint64_t words[] = {features.leaf1_ecx, features.leaf7_ebx, features.extended_ecx, features.xcr0};
  int count = 0;
  size_t used = 0;
  if (size > 0) names[0] = 0;
  for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
    if (needs[i].level > level || (words[needs[i].word] >> needs[i].bit & 1)) continue;
    count++;
    if (used + strlen(needs[i].name) + 2 > size) continue;
    used += (size_t)snprintf(names + used, size - used, "%s%s", used ? " " : "", needs[i].name);
  }
  return count;
}

int xmdb_cpu_refusal(xmdb_cpu_features features, char *message, size_t size) {
  char names[256];
  if (xmdb_cpu_missing(XMDB_CPU_LEVEL, features, names, sizeof names) == 0) return 0;
  snprintf(message, size,
           "this xmdb is built for processors of level x86-64-v%d, and this one lacks: %s;"
           " build it with './setup --cpu x86-64'",
           XMDB_CPU_LEVEL, names);
  return 1;
}

void xmdb_cpu_require(int status) {
  char message[512];
  if (!xmdb_cpu_refusal(xmdb_cpu_detect(), message, sizeof message)) return;
  fprintf(stderr, "Error: %s\n", message);
  exit(status);
}

void xmdb_memory_heaps(int heaps) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, heaps);
#endif
}

void xmdb_memory_keep(int kept_bytes, int largest_kept_bytes) {
#ifdef __GLIBC__
  mallopt(M_TRIM_THRESHOLD, kept_bytes);
  mallopt(M_MMAP_THRESHOLD, largest_kept_bytes);
#endif
}
