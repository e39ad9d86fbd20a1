#include "CKernels.h"
#include <string.h>

// A number of CK_PLANES bits in two's complement is its bits' sum, where bit b counts 2^b and the highest one is
// negative. So the sum of a query's numbers over the set bits of a row is a sum of counts of common bits, one for each
// plane.

static inline uint64_t load(const uint8_t *at) {
  uint64_t word;
  memcpy(&word, at, 8);
  return word;
}

static inline uint32_t load_half(const uint8_t *at) {
  uint32_t word;
  memcpy(&word, at, 4);
  return word;
}

#define SCAN_BODY                                                                                   \
  for (size_t row = 0; row < count; row++, rows += bytes) {                                         \
    int32_t sum = 0;                                                                                \
    for (int plane = 0; plane < CK_PLANES; plane++) {                                               \
      const uint8_t *bits = planes + (size_t)plane * bytes;                                         \
      int32_t common = 0;                                                                           \
      size_t i = 0;                                                                                 \
      for (; i + 8 <= bytes; i += 8) common += __builtin_popcountll(load(rows + i) & load(bits + i)); \
      if (i < bytes) common += __builtin_popcount(load_half(rows + i) & load_half(bits + i));       \
      sum += plane == CK_PLANES - 1 ? -(common << plane) : common << plane;                         \
    }                                                                                               \
    sums[row] = sum;                                                                                \
  }

void ck_scan_bits_scalar(const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t *sums) {
  SCAN_BODY
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("popcnt"))) static void scan_popcnt(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t *sums) {
  SCAN_BODY
}

// Rows of 256 bits, two in a register.
__attribute__((target("avx512f,avx512vl,avx512bw,avx512vpopcntdq"))) static void scan_vpopcnt_256(
    const uint8_t *planes, const uint8_t *rows, size_t count, int32_t *sums) {
  __m512i plane[CK_PLANES];
  for (int b = 0; b < CK_PLANES; b++)
    plane[b] = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(planes + 32 * b)));
  size_t row = 0;
  for (; row + 2 <= count; row += 2) {
    __m512i bits = _mm512_loadu_si512(rows + 32 * row);
    __m512i sum = _mm512_popcnt_epi64(_mm512_and_si512(bits, plane[CK_PLANES - 1]));
    sum = _mm512_sub_epi64(_mm512_setzero_si512(), sum);
    // From the highest plane down, doubling on the way.
    for (int b = CK_PLANES - 2; b >= 0; b--)
      sum = _mm512_add_epi64(_mm512_add_epi64(sum, sum), _mm512_popcnt_epi64(_mm512_and_si512(bits, plane[b])));
    sum = _mm512_add_epi64(sum, _mm512_shuffle_i64x2(sum, sum, 0xB1));
    sum = _mm512_add_epi64(sum, _mm512_unpackhi_epi64(sum, sum));
    sums[row] = (int32_t)_mm_cvtsi128_si32(_mm512_castsi512_si128(sum));
    sums[row + 1] = (int32_t)_mm_cvtsi128_si32(_mm512_extracti32x4_epi32(sum, 2));
  }
  if (row < count) scan_popcnt(planes, rows + 32 * row, 32, count - row, sums + row);
}
#endif

void ck_scan_bits(const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t *sums) {
#if defined(__x86_64__)
  if (bytes == 32 && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vpopcntdq")) {
    scan_vpopcnt_256(planes, rows, count, sums);
    return;
  }
  if (__builtin_cpu_supports("popcnt")) {
    scan_popcnt(planes, rows, bytes, count, sums);
    return;
  }
#endif
  ck_scan_bits_scalar(planes, rows, bytes, count, sums);
}
