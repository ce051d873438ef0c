// Whether this processor has the instructions that the kernels were built for, and how its memory is kept.
#ifndef XMDB_CPROCESSOR_H
#define XMDB_CPROCESSOR_H

#include <stddef.h>
#include <stdint.h>

/// What the instruction CPUID says of a processor, and XGETBV of the system: which registers it saves.
typedef struct {
  uint32_t leaf1_ecx;
  uint32_t leaf7_ebx;
  uint32_t extended_ecx;  // leaf 0x80000001
  uint64_t xcr0;
} xmdb_cpu_features;

/// Those of this machine.
xmdb_cpu_features xmdb_cpu_detect(void);

/// The level of x86-64 that this build needs: 1 to 4.
int xmdb_cpu_level(void);

/// Writes the names of what is missing for a level, with a blank between two; returns how many there are.
int xmdb_cpu_missing(int level, xmdb_cpu_features features, char *names, size_t size);

/// Writes what to tell the user when a processor with these features cannot run this build, and returns 1; returns 0 when it can.
int xmdb_cpu_refusal(xmdb_cpu_features features, char *message, size_t size);

/// Ends the process with a status, and tells the user, when this machine cannot run this build.
void xmdb_cpu_require(int status);

/// Lets all threads of the process together use so many heaps. Does nothing where the C library has no such setting.
void xmdb_memory_heaps(int heaps);

/// Lets the process keep freed memory: up to so many bytes at the end of a heap; larger blocks go back to the system at once. Does
/// nothing where the C library cannot.
void xmdb_memory_keep(int kept_bytes, int largest_kept_bytes);

#endif
