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
#include "lanes.h"

__attribute__((target("popcnt"))) static size_t scan_popcnt(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t least, int32_t *sums,
    uint32_t *found) {
  SCAN_BODY
}

#define AVX2 __attribute__((target("avx2")))

// Rows of a multiple of 16 bytes. Four bits of a row and a plane at a time are the place in a table of what their count
// adds to the sum. A constant `bytes` keeps the planes in registers.
AVX2 static inline size_t scan_nibbles(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t least, int32_t *sums,
    uint32_t *found) {
  _Static_assert(CK_PLANES <= 5, "8 bits of more planes could add up to more than fits in a byte");
  const __m256i nibble = _mm256_set1_epi8(0x0F), one = _mm256_set1_epi8(1);
  const __m256i bits = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  __m256i table[CK_PLANES];
  for (int b = 0; b < CK_PLANES; b++) table[b] = b ? _mm256_add_epi8(table[b - 1], table[b - 1]) : bits;
  table[CK_PLANES - 1] = _mm256_sub_epi8(_mm256_setzero_si256(), table[CK_PLANES - 1]);
  size_t n = 0;
  for (size_t row = 0; row < count; row++, rows += bytes) {
    __m256i pairs = _mm256_setzero_si256();
    for (size_t i = 0; i < bytes; i += 32) {
      int is_half = i + 32 > bytes;
      __m256i x = is_half ? _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)(rows + i)))
                          : _mm256_loadu_si256((const __m256i *)(rows + i));
      __m256i low = _mm256_and_si256(x, nibble), high = _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble);
      __m256i parts = _mm256_setzero_si256();
      for (int b = 0; b < CK_PLANES; b++) {
        const uint8_t *at = planes + (size_t)b * bytes + i;
        __m256i plane = is_half ? _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)at))
                                : _mm256_loadu_si256((const __m256i *)at);
        __m256i plane_low = _mm256_and_si256(plane, nibble);
        __m256i plane_high = _mm256_and_si256(_mm256_srli_epi16(plane, 4), nibble);
        parts = _mm256_add_epi8(parts, _mm256_shuffle_epi8(table[b], _mm256_and_si256(low, plane_low)));
        parts = _mm256_add_epi8(parts, _mm256_shuffle_epi8(table[b], _mm256_and_si256(high, plane_high)));
      }
      pairs = _mm256_add_epi16(pairs, _mm256_maddubs_epi16(one, parts));
    }
    int32_t sum = ck_sum_of_eight(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    sums[n] = sum;
    found[n] = (uint32_t)row;
    n += sum > least;
  }
  return n;
}

AVX2 static size_t scan_avx2(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t least, int32_t *sums,
    uint32_t *found) {
  if (bytes == 32) return scan_nibbles(planes, rows, 32, count, least, sums, found);
  return scan_nibbles(planes, rows, bytes, count, least, sums, found);
}

#define AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512bitalg,avx512vnni")))

// Two rows of 256 bits: eight parts of each row's sum. The bits of each byte are counted, and four counts of a plane
// added at once, times what the plane counts for.
AVX512 static inline __m512i parts_of_two(const uint8_t *rows, const __m512i *plane, const __m512i *weight) {
  __m512i bits = _mm512_loadu_si512(rows), sums = _mm512_setzero_si512();
#pragma GCC unroll 8
  for (int b = 0; b < CK_PLANES; b++)
    sums = _mm512_dpbusd_epi32(sums, _mm512_popcnt_epi8(_mm512_and_si512(bits, plane[b])), weight[b]);
  return sums;
}

// Half as many parts of twice as many rows. No part or sum exceeds 16 bits.
AVX512 static inline __m512i add_neighbours(__m512i a, __m512i b) {
  _Static_assert(CK_PLANES < 8, "256 numbers of more planes could add up to more");
  return _mm512_madd_epi16(_mm512_packs_epi32(a, b), _mm512_set1_epi16(1));
}

// The sums of sixteen rows of 256 bits.
AVX512 static inline __m512i sums_of_sixteen(const uint8_t *rows, const __m512i *plane, const __m512i *weight) {
  __m512i four[4], eight[2];
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++)
    four[k] = add_neighbours(
        parts_of_two(rows + 128 * k, plane, weight), parts_of_two(rows + 128 * k + 64, plane, weight));
  for (int k = 0; k < 2; k++) eight[k] = add_neighbours(four[2 * k], four[2 * k + 1]);
  __m512i sums = _mm512_add_epi32(
      _mm512_shuffle_i64x2(eight[0], eight[1], 0x88), _mm512_shuffle_i64x2(eight[0], eight[1], 0xDD));
  return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15), sums);
}

// The numbers of the bits that are set in `words`, ascending. Writes two numbers for each word whether they are there
// or not, so that few branches depend on what is found.
static size_t numbers_of_bits(const uint64_t *words, size_t count, uint32_t *numbers) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t first = 64 * (uint32_t)i;
    uint64_t word = words[i], rest = word & (word - 1);
    numbers[n] = first + (uint32_t)__builtin_ctzll(word | 1ull << 63);
    numbers[n + 1] = first + (uint32_t)__builtin_ctzll(rest | 1ull << 63);
    size_t k = n + 2;
    for (rest &= rest - 1; rest; rest &= rest - 1) numbers[k++] = first + (uint32_t)__builtin_ctzll(rest);
    n += (size_t)__builtin_popcountll(word);
  }
  return n;
}

#define ROWS_AT_ONCE 1024

// Rows of 256 bits, 64 at a time. What is above is selected once the sums of many rows are there: a branch for
// each sixteen, which must wait for their bytes and is often mispredicted, took a fifth of the time.
AVX512 static size_t scan_vnni_256(
    const uint8_t *planes, const uint8_t *rows, size_t count, int32_t least, int32_t *sums, uint32_t *found) {
  __m512i plane[CK_PLANES], weight[CK_PLANES];
  for (int b = 0; b < CK_PLANES; b++) {
    plane[b] = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)(planes + 32 * b)));
    weight[b] = _mm512_set1_epi8((char)(b == CK_PLANES - 1 ? -(1 << b) : 1 << b));
  }
  const __m512i limit = _mm512_set1_epi32(least);
  size_t n = 0, row = 0;
  while (row + 64 <= count) {
    uint64_t above[ROWS_AT_ONCE / 64];
    int32_t all[ROWS_AT_ONCE];
    uint32_t numbers[ROWS_AT_ONCE + 2];
    size_t words = (count - row < ROWS_AT_ONCE ? count - row : ROWS_AT_ONCE) / 64;
    for (size_t i = 0; i < words; i++) {
      const uint8_t *at = rows + 32 * (row + 64 * i);
      uint64_t word = 0;
      for (int k = 0; k < 4; k++) {
        // The processor's own reading ahead ends with a page. Beyond the rows nothing is read.
        for (int line = 0; line < 512; line += 64) _mm_prefetch((const char *)(at + 512 * k + 16384 + line), _MM_HINT_T0);
        __m512i sum = sums_of_sixteen(at + 512 * k, plane, weight);
        _mm512_storeu_si512(all + 64 * i + 16 * k, sum);
        word |= (uint64_t)_mm512_cmpgt_epi32_mask(sum, limit) << (16 * k);
      }
      above[i] = word;
    }
    size_t more = numbers_of_bits(above, words, numbers);
    for (size_t i = 0; i < more; i++) {
      sums[n + i] = all[numbers[i]];
      found[n + i] = (uint32_t)row + numbers[i];
    }
    n += more;
    row += 64 * words;
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
      __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("avx512vnni"))
    return scan_vnni_256(planes, rows, count, least, sums, found);
  // Sums of two bytes fit 16 bits for this many.
  if (bytes % 16 == 0 && bytes <= 4096 && __builtin_cpu_supports("avx2"))
    return scan_avx2(planes, rows, bytes, count, least, sums, found);
  if (__builtin_cpu_supports("popcnt")) return scan_popcnt(planes, rows, bytes, count, least, sums, found);
#endif
  return ck_scan_bits_above_scalar(planes, rows, bytes, count, least, sums, found);
}
