// The same hash with instructions that not every machine has: twice as fast over the pieces of an index.
#include "CXXHash.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define XXH_VECTOR 2
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t cxxhash_64bits_avx2(const void *bytes, size_t count);
uint64_t cxxhash_64bits_avx2(const void *bytes, size_t count) { return XXH3_64bits(bytes, count); }
#pragma clang attribute pop
#endif
