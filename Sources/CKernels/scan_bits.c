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
  size_t n = 0;                                                                                     \
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
    sums[n] = sum;                                                                                  \
    found[n] = (uint32_t)row;                                                                       \
    n += sum > least;                                                                               \
  }                                                                                                 \
  return n;

size_t ck_scan_bits_above_scalar(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t least, int32_t *sums,
    uint32_t *found) {
  SCAN_BODY
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("popcnt"))) static size_t scan_popcnt(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t least, int32_t *sums,
    uint32_t *found) {
  SCAN_BODY
}

#define AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512vpopcntdq")))

// Two rows of 256 bits: eight parts of each row's sum.
AVX512 static inline __m512i parts_of_two(const uint8_t *rows, const __m512i *plane) {
  _Static_assert(CK_PLANES == 6, "the steps below are those of six planes");
  __m512i bits = _mm512_loadu_si512(rows), common[CK_PLANES];
  for (int b = 0; b < CK_PLANES; b++) common[b] = _mm512_popcnt_epi32(_mm512_and_si512(bits, plane[b]));
  __m512i high = _mm512_sub_epi32(common[4], _mm512_add_epi32(common[5], common[5]));
  __m512i middle = _mm512_add_epi32(_mm512_add_epi32(common[3], common[3]), common[2]);
  __m512i low = _mm512_add_epi32(_mm512_add_epi32(common[1], common[1]), common[0]);
  return _mm512_add_epi32(_mm512_add_epi32(_mm512_slli_epi32(high, 4), _mm512_slli_epi32(middle, 2)), low);
}

// Rows of 256 bits, sixteen at a time, so that their sums are put together side by side and compared at once.
AVX512 static size_t scan_vpopcnt_256(
    const uint8_t *planes, const uint8_t *rows, size_t count, int32_t least, int32_t *sums, uint32_t *found) {
  __m512i plane[CK_PLANES];
  for (int b = 0; b < CK_PLANES; b++)
    plane[b] = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(planes + 32 * b)));
  const __m512i limit = _mm512_set1_epi32(least);
  // Where the sum of each row comes to lie below.
  const __m512i order = _mm512_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
  const __m512i ascending = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  size_t n = 0, row = 0;
  for (; row + 16 <= count; row += 16) {
    const uint8_t *at = rows + 32 * row;
    // The processor's own reading ahead ends with a page.
    for (int line = 0; line < 512; line += 64) _mm_prefetch((const char *)(at + 8192 + line), _MM_HINT_T0);
    __m512i four[4], eight[2];
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      __m512i a = parts_of_two(at + 128 * k, plane), b = parts_of_two(at + 128 * k + 64, plane);
      four[k] = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    }
    for (int k = 0; k < 2; k++)
      eight[k] = _mm512_add_epi32(
          _mm512_unpacklo_epi64(four[2 * k], four[2 * k + 1]), _mm512_unpackhi_epi64(four[2 * k], four[2 * k + 1]));
    __m512i sum = _mm512_add_epi32(
        _mm512_shuffle_i64x2(eight[0], eight[1], 0x88), _mm512_shuffle_i64x2(eight[0], eight[1], 0xDD));
    if (!_mm512_cmpgt_epi32_mask(sum, limit)) continue;
    sum = _mm512_permutexvar_epi32(order, sum);
    __mmask16 above = _mm512_cmpgt_epi32_mask(sum, limit);
    // Side by side in a register first: some processors take a hundred times as long to do it in memory.
    unsigned more = (unsigned)__builtin_popcount(above);
    __mmask16 stored = (__mmask16)((1u << more) - 1);
    __m512i number = _mm512_add_epi32(_mm512_set1_epi32((int)row), ascending);
    _mm512_mask_storeu_epi32(sums + n, stored, _mm512_maskz_compress_epi32(above, sum));
    _mm512_mask_storeu_epi32(found + n, stored, _mm512_maskz_compress_epi32(above, number));
    n += more;
  }
  if (row == count) return n;
  size_t rest = scan_popcnt(planes, rows + 32 * row, 32, count - row, least, sums + n, found + n);
  for (size_t i = 0; i < rest; i++) found[n + i] += (uint32_t)row;
  return n + rest;
}
#endif

size_t ck_scan_bits_above(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t least, int32_t *sums,
    uint32_t *found) {
#if defined(__x86_64__)
  if (bytes == 32 && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vpopcntdq"))
    return scan_vpopcnt_256(planes, rows, count, least, sums, found);
  if (__builtin_cpu_supports("popcnt")) return scan_popcnt(planes, rows, bytes, count, least, sums, found);
#endif
  return ck_scan_bits_above_scalar(planes, rows, bytes, count, least, sums, found);
}
