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
#include <immintrin.h>

// SSE2 is part of every x86-64.
static inline uint64_t matches(const uint8_t *at, __m128i wanted) {
  const __m128i *from = (const __m128i *)at;
  uint64_t a = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from), wanted));
  uint64_t b = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from + 1), wanted));
  uint64_t c = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from + 2), wanted));
  uint64_t d = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(from + 3), wanted));
  return a | b << 16 | c << 32 | d << 48;
}

// Bytes count what was found at their places in up to 255 rows, before they are added up.
static size_t count_sse2(const uint8_t *bytes, size_t count, uint8_t wanted) {
  __m128i pattern = _mm_set1_epi8((char)wanted), zero = _mm_setzero_si128();
  size_t n = 0, i = 0;
  while (i + 32 <= count) {
    __m128i a = zero, b = zero;
    for (int row = 0; row < 255 && i + 32 <= count; row++, i += 32) {
      const __m128i *from = (const __m128i *)(bytes + i);
      a = _mm_sub_epi8(a, _mm_cmpeq_epi8(_mm_loadu_si128(from), pattern));
      b = _mm_sub_epi8(b, _mm_cmpeq_epi8(_mm_loadu_si128(from + 1), pattern));
    }
    __m128i sum = _mm_add_epi64(_mm_sad_epu8(a, zero), _mm_sad_epu8(b, zero));
    n += (size_t)_mm_cvtsi128_si64(sum) + (size_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sum, sum));
  }
  return n + ck_count_byte_scalar(bytes + i, count - i, wanted);
}

__attribute__((target("avx2"))) static size_t count_avx2(const uint8_t *bytes, size_t count, uint8_t wanted) {
  __m256i pattern = _mm256_set1_epi8((char)wanted), zero = _mm256_setzero_si256(), sums = zero;
  size_t i = 0;
  while (i + 128 <= count) {
    __m256i a = zero, b = zero, c = zero, d = zero;
    for (int row = 0; row < 255 && i + 128 <= count; row++, i += 128) {
      const __m256i *from = (const __m256i *)(bytes + i);
      a = _mm256_sub_epi8(a, _mm256_cmpeq_epi8(_mm256_loadu_si256(from), pattern));
      b = _mm256_sub_epi8(b, _mm256_cmpeq_epi8(_mm256_loadu_si256(from + 1), pattern));
      c = _mm256_sub_epi8(c, _mm256_cmpeq_epi8(_mm256_loadu_si256(from + 2), pattern));
      d = _mm256_sub_epi8(d, _mm256_cmpeq_epi8(_mm256_loadu_si256(from + 3), pattern));
    }
    sums = _mm256_add_epi64(sums, _mm256_add_epi64(_mm256_sad_epu8(a, zero), _mm256_sad_epu8(b, zero)));
    sums = _mm256_add_epi64(sums, _mm256_add_epi64(_mm256_sad_epu8(c, zero), _mm256_sad_epu8(d, zero)));
  }
  uint64_t parts[4];
  _mm256_storeu_si256((__m256i *)parts, sums);
  return parts[0] + parts[1] + parts[2] + parts[3] + count_sse2(bytes + i, count - i, wanted);
}

size_t ck_count_byte(const uint8_t *bytes, size_t count, uint8_t wanted) {
  if (__builtin_cpu_supports("avx2")) return count_avx2(bytes, count, wanted);
  return count_sse2(bytes, count, wanted);
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
