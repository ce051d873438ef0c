// Tells ThreadSanitizer of locks that it does not see: those of Swift's Synchronization, which wait in the kernel.
#ifndef XMDB_CTHREADSANITIZER_H
#define XMDB_CTHREADSANITIZER_H

/// What happened under the lock before now comes before what this thread does next.
void tsan_lock_taken(const void *lock);
/// What this thread has done comes before what happens under the lock from now on.
void tsan_lock_given_up(const void *lock);

#endif
