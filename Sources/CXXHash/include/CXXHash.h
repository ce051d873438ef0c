// XXH3 128-bit fingerprints (libxxhash-dev, header only). The macros of <xxhash.h> are invisible to Swift.
#ifndef XMDB_CXXHASH_H
#define XMDB_CXXHASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct { uint64_t high, low; } xxh_digest;
typedef struct xxh_state xxh_state;

/// A running hash; free it with xxh_free. Never null: aborts when memory is exhausted.
xxh_state *xxh_make(void);
void xxh_update(xxh_state *state, const void *bytes, size_t count);
xxh_digest xxh_finish(const xxh_state *state);
void xxh_free(xxh_state *state);
xxh_digest xxh_once(const void *bytes, size_t count);
/// XXH3 of 64 bits, for checksums of pages.
uint64_t xxh_once64(const void *bytes, size_t count);

#endif
