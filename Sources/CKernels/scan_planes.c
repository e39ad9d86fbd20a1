#include "CKernels.h"
#include <math.h>

// Dot products with rows of planes (`ck_quantise_planes`), without rows that are unpacked in memory where the processor can
// turn planes into bytes in a register.

void ck_scan_planes_scalar(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, const uint32_t *numbers, size_t count,
    int32_t *dots, int32_t *squares) {
  for (size_t i = 0; i < count; i++) {
    size_t row = numbers ? numbers[i] : i;
    const uint8_t *of_low = low + 3 * bytes * row, *of_signs = signs + bytes * row;
    int32_t dot = 0, square = 0;
    for (size_t k = 0; k < 8 * bytes; k++) {
      int bits = 0;
      for (size_t b = 0; b < 3; b++) bits |= (of_low[b * bytes + k / 8] >> k % 8 & 1) << b;
      int component = bits - 8 * (of_signs[k / 8] >> k % 8 & 1);
      dot += query[k] * component;
      square += component * component;
    }
    dots[i] = dot;
    squares[i] = square;
  }
}

// Rows that fit a piece of the stack are unpacked there, one after the other.
#define LONGEST_UNPACKED 4096

static void scan_unpacked(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, const uint32_t *numbers, size_t count,
    int32_t *dots, int32_t *squares) {
  int8_t components[LONGEST_UNPACKED];
  for (size_t i = 0; i < count; i++) {
    size_t row = numbers ? numbers[i] : i;
    ck_unpack_planes(low + 3 * bytes * row, signs + bytes * row, bytes, 1, components, squares + i);
    ck_scan_i16_i8(query, components, 8 * bytes, 1, dots + i);
  }
}

size_t ck_scores_at_least_scalar(
    const int32_t *dots, const int32_t *squares, float factor, size_t count, float least, float *scores,
    uint32_t *found) {
  for (size_t i = 0; i < count; i++)
    scores[i] = squares[i] > 0 ? (float)dots[i] * factor / sqrtf((float)squares[i]) : 0;
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    found[n] = (uint32_t)i;
    n += scores[i] >= least;
  }
  return n;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni,gfni")))

typedef struct {
  // Each number of the query is 256 * high + low.
  __m512i high[4], low[4];
  // 2048 times the sum of the high parts.
  int32_t excess;
} Query256;

AVX512 static inline Query256 query_256(const int16_t *query) {
  Query256 parts;
  __m512i sum = _mm512_setzero_si512();
  for (int k = 0; k < 4; k++) {
    __m512i a = _mm512_loadu_si512(query + 64 * k), b = _mm512_loadu_si512(query + 64 * k + 32);
    parts.low[k] =
        _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi16_epi8(a)), _mm512_cvtepi16_epi8(b), 1);
    a = _mm512_srai_epi16(a, 8);
    b = _mm512_srai_epi16(b, 8);
    parts.high[k] =
        _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi16_epi8(a)), _mm512_cvtepi16_epi8(b), 1);
    sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), parts.high[k]);
  }
  parts.excess = 2048 * _mm512_reduce_add_epi32(sum);
  return parts;
}

// Sixteen parts of a row's dot product, the excess included, and of its sum of squares.
AVX512 static inline void row_256(
    const Query256 *query, const uint8_t *low, const uint8_t *signs, __m512i first, __m512i *dot, __m512i *square) {
  const __m512i bits = _mm512_set1_epi64((long long)0x8040201008040201u);
  __m512i two = _mm512_loadu_si512(low);
  __m512i rest = _mm512_inserti64x4(
      _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(low + 64))),
      _mm256_loadu_si256((const __m256i *)signs), 1);
  __m512i high = _mm512_setzero_si512(), lower = high, squares = high;
  for (int k = 0; k < 4; k++) {
    // Eight matrices of 8 x 8 bits, a row for each bit of the components, turned into a byte for each component.
    __m512i index = _mm512_add_epi8(first, _mm512_set1_epi8((char)(8 * k)));
    __m512i x = _mm512_gf2p8affine_epi64_epi8(bits, _mm512_permutex2var_epi8(two, index, rest), 0);
    __m512i magnitude = _mm512_abs_epi8(x);
    // The first factor has no sign: components count from -8, and the low parts are such.
    high = _mm512_dpbusd_epi32(high, _mm512_add_epi8(x, _mm512_set1_epi8(8)), query->high[k]);
    lower = _mm512_dpbusd_epi32(lower, query->low[k], x);
    squares = _mm512_dpbusd_epi32(squares, magnitude, magnitude);
  }
  *dot = _mm512_add_epi32(_mm512_slli_epi32(high, 8), lower);
  *square = squares;
}

// The sums of four vectors.
AVX512 static inline __m128i sums_of_four(const __m512i *of) {
  __m512i a = _mm512_add_epi32(_mm512_unpacklo_epi32(of[0], of[1]), _mm512_unpackhi_epi32(of[0], of[1]));
  __m512i b = _mm512_add_epi32(_mm512_unpacklo_epi32(of[2], of[3]), _mm512_unpackhi_epi32(of[2], of[3]));
  a = _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
  __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

AVX512 static void scan_256(
    const int16_t *numbers_of_query, const uint8_t *low, const uint8_t *signs, const uint32_t *numbers, size_t count,
    int32_t *dots, int32_t *squares) {
  Query256 query = query_256(numbers_of_query);
  // For each byte that a matrix is made of, where it lies in the first group of the planes 0 and 1, then 2 and signs: the
  // lowest bit last.
  __m512i first = _mm512_or_si512(
      _mm512_set1_epi64((long long)0x0020406060606060u),
      _mm512_mullo_epi64(
          _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7), _mm512_set1_epi64((long long)0x0101010101010101u)));
  for (size_t i = 0; i < count; i += 4) {
    __m512i dot[4], square[4];
    for (size_t k = 0; k < 4; k++) {
      // Where fewer than four are left, the last once more.
      size_t at = i + k < count ? i + k : count - 1;
      size_t row = numbers ? numbers[at] : at;
      // Rows here and there are asked for in time; reading ahead is for rows in a row.
      size_t later = numbers ? numbers[at + 12 < count ? at + 12 : count - 1] : at + 128;
      _mm_prefetch((const char *)(low + 96 * later), _MM_HINT_T0);
      _mm_prefetch((const char *)(low + 96 * later + 64), _MM_HINT_T0);
      _mm_prefetch((const char *)(signs + 32 * later), _MM_HINT_T0);
      row_256(&query, low + 96 * row, signs + 32 * row, first, &dot[k], &square[k]);
    }
    __m128i four_dots = _mm_sub_epi32(sums_of_four(dot), _mm_set1_epi32(query.excess));
    __m128i four_squares = sums_of_four(square);
    __mmask8 valid = count - i < 4 ? (__mmask8)((1u << (count - i)) - 1) : 0xF;
    _mm_mask_storeu_epi32(dots + i, valid, four_dots);
    _mm_mask_storeu_epi32(squares + i, valid, four_squares);
  }
}

__attribute__((target("avx512f"))) static size_t scores_at_least_avx512(
    const int32_t *dots, const int32_t *squares, float factor, size_t count, float least, float *scores,
    uint32_t *found) {
  size_t n = 0;
  for (size_t i = 0; i < count; i += 16) {
    __mmask16 valid = count - i < 16 ? (__mmask16)((1u << (count - i)) - 1) : 0xFFFF;
    __m512i square = _mm512_maskz_loadu_epi32(valid, squares + i);
    __mmask16 positive = _mm512_cmpgt_epi32_mask(square, _mm512_setzero_si512());
    __m512 dot = _mm512_cvtepi32_ps(_mm512_maskz_loadu_epi32(valid, dots + i));
    __m512 score = _mm512_maskz_div_ps(
        positive, _mm512_mul_ps(dot, _mm512_set1_ps(factor)), _mm512_maskz_sqrt_ps(positive, _mm512_cvtepi32_ps(square)));
    _mm512_mask_storeu_ps(scores + i, valid, score);
    for (unsigned mask = _mm512_mask_cmp_ps_mask(valid, score, _mm512_set1_ps(least), _CMP_GE_OQ); mask;
         mask &= mask - 1)
      found[n++] = (uint32_t)i + (uint32_t)__builtin_ctz(mask);
  }
  return n;
}
#endif

void ck_scan_planes(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, const uint32_t *numbers, size_t count,
    int32_t *dots, int32_t *squares) {
#if defined(__x86_64__)
  if (bytes == 32 && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vnni") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("gfni")) {
    scan_256(query, low, signs, numbers, count, dots, squares);
    return;
  }
#endif
  if (8 * bytes <= LONGEST_UNPACKED) {
    scan_unpacked(query, low, signs, bytes, numbers, count, dots, squares);
  } else {
    ck_scan_planes_scalar(query, low, signs, bytes, numbers, count, dots, squares);
  }
}

size_t ck_scores_at_least(
    const int32_t *dots, const int32_t *squares, float factor, size_t count, float least, float *scores,
    uint32_t *found) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) {
    return scores_at_least_avx512(dots, squares, factor, count, least, scores, found);
  }
#endif
  return ck_scores_at_least_scalar(dots, squares, factor, count, least, scores, found);
}
