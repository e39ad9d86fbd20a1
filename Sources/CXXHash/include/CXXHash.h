// XXH3 (Debian's libxxhash-dev) under names that Swift can see; the library's own are macros when it is inlined.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t high, low;
} cxxhash_128;

uint64_t cxxhash_64bits(const void *bytes, size_t count);
cxxhash_128 cxxhash_128bits(const void *bytes, size_t count);
