#include "CKernels.h"

size_t ck_count_byte_scalar(const uint8_t *bytes, size_t count, uint8_t wanted) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++) n += bytes[i] == wanted;
  return n;
}

size_t ck_find_byte_scalar(const uint8_t *bytes, size_t count, uint8_t wanted, uint32_t *found) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    if (bytes[i] == wanted) found[n++] = (uint32_t)i;
  }
  return n;
}

#if defined(__x86_64__)
#include <emmintrin.h>

// SSE2 is part of every x86-64.
static inline uint64_t matches(const uint8_t *at, __m128i wanted) {
  const __m128i *from = (const __m128i *)at;
  uint64_t a = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from), wanted));
  uint64_t b = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from + 1), wanted));
  uint64_t c = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from + 2), wanted));
  uint64_t d = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from + 3), wanted));
  return a | b << 16 | c << 32 | d << 48;
}

size_t ck_count_byte(const uint8_t *bytes, size_t count, uint8_t wanted) {
  __m128i pattern = _mm_set1_epi8((char)wanted);
  size_t n = 0, i = 0;
  for (; i + 64 <= count; i += 64) n += (size_t)__builtin_popcountll(matches(bytes + i, pattern));
  return n + ck_count_byte_scalar(bytes + i, count - i, wanted);
}

size_t ck_find_byte(const uint8_t *bytes, size_t count, uint8_t wanted, uint32_t *found) {
  __m128i pattern = _mm_set1_epi8((char)wanted);
  size_t n = 0, i = 0;
  for (; i + 64 <= count; i += 64) {
    for (uint64_t mask = matches(bytes + i, pattern); mask; mask &= mask - 1)
      found[n++] = (uint32_t)i + (uint32_t)__builtin_ctzll(mask);
  }
  for (; i < count; i++) {
    if (bytes[i] == wanted) found[n++] = (uint32_t)i;
  }
  return n;
}
#else
size_t ck_count_byte(const uint8_t *bytes, size_t count, uint8_t wanted) {
  return ck_count_byte_scalar(bytes, count, wanted);
}
size_t ck_find_byte(const uint8_t *bytes, size_t count, uint8_t wanted, uint32_t *found) {
  return ck_find_byte_scalar(bytes, count, wanted, found);
}
#endif

float ck_dot_f32(const float *a, const float *b, size_t count) {
  float sums[16] = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (size_t lane = 0; lane < 16; lane++) sums[lane] += a[i + lane] * b[i + lane];
  }
  float sum = 0;
  for (size_t lane = 0; lane < 16; lane++) sum += sums[lane];
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}
