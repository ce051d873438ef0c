#define XXH_INLINE_ALL
#include <xxhash.h>
#include "CXXHash.h"
#include <stdlib.h>

struct xxh_state { XXH3_state_t *inner; };

xxh_state *xxh_make(void) {
  xxh_state *state = malloc(sizeof *state);
  if (!state || !(state->inner = XXH3_createState())) abort();
  XXH3_128bits_reset(state->inner);
  return state;
}
void xxh_update(xxh_state *state, const void *bytes, size_t count) { XXH3_128bits_update(state->inner, bytes, count); }
xxh_digest xxh_finish(const xxh_state *state) {
  XXH128_hash_t h = XXH3_128bits_digest(state->inner);
  return (xxh_digest){h.high64, h.low64};
}
void xxh_free(xxh_state *state) { XXH3_freeState(state->inner); free(state); }
xxh_digest xxh_once(const void *bytes, size_t count) {
  XXH128_hash_t h = XXH3_128bits(bytes, count);
  return (xxh_digest){h.high64, h.low64};
}
uint64_t xxh_once64(const void *bytes, size_t count) { return XXH3_64bits(bytes, count); }
