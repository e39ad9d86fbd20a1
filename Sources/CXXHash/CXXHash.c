#include "CXXHash.h"

// The hash is compiled into this file: no shared library to find at run time.
#define XXH_INLINE_ALL
#include <xxhash.h>

#if defined(__x86_64__)
uint64_t cxxhash_64bits_avx2(const void *bytes, size_t count);
#endif

uint64_t cxxhash_64bits(const void *bytes, size_t count) {
#if defined(__x86_64__)
  // Short input is not hashed in stripes, and gains nothing.
  if (count > 1024 && __builtin_cpu_supports("avx2")) return cxxhash_64bits_avx2(bytes, count);
#endif
  return XXH3_64bits(bytes, count);
}

cxxhash_128 cxxhash_128bits(const void *bytes, size_t count) {
  XXH128_hash_t hash = XXH3_128bits(bytes, count);
  return (cxxhash_128){.high = hash.high64, .low = hash.low64};
}
