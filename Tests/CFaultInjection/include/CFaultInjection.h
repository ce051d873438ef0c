// Tests only: makes the n-th call of the calling thread that changes files fail.
#ifndef XMDB_CFAULTINJECTION_H
#define XMDB_CFAULTINJECTION_H

/// From now on the calling thread's changes to files are counted, and the `nth` (from 1) fails: with ENOSPC what needs
/// space, with EIO the rest. `lasting`: all later ones fail too.
void fault_arm(long nth, int lasting);
/// Ends it.
/// Returns the number of changes tried since.
long fault_disarm(void);
/// What failed first: the name of the call, or NULL.
const char *fault_hit(void);

#endif
