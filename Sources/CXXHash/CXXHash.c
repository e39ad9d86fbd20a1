#include "CXXHash.h"

// The hash is compiled into this file: no shared library to find at run time.
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t cxxhash_64bits(const void *bytes, size_t count) { return XXH3_64bits(bytes, count); }

cxxhash_128 cxxhash_128bits(const void *bytes, size_t count) {
  XXH128_hash_t hash = XXH3_128bits(bytes, count);
  return (cxxhash_128){.high = hash.high64, .low = hash.low64};
}
