#include "CKernels.h"
#include <math.h>
#include <string.h>

// Dot products with rows of planes (`ck_quantise_planes`), without rows that are unpacked in memory where the processor
// can turn planes into bytes in a register.

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

size_t ck_find_planes_scalar(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, float factor, float least,
    float *scores, uint32_t *found) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    int32_t dot, square;
    uint32_t only;
    ck_scan_planes_scalar(query, low + 3 * bytes * i, signs + bytes * i, bytes, 0, 1, &dot, &square);
    size_t is_found = ck_scores_at_least_scalar(&dot, &square, factor, 1, least, scores + n, &only);
    found[n] = (uint32_t)i;
    n += is_found;
  }
  return n;
}

// Scores the rows `found`, or the first `count` where `is_any`, and leaves those of at least `least`.
static size_t find_among(
    int is_any, const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, float factor,
    float least, float *scores, uint32_t *found) {
  enum { together = 64 };
  int32_t dots[together], squares[together];
  float of_rows[together];
  uint32_t reaching[together];
  size_t n = 0;
  for (size_t start = 0; start < count; start += together) {
    size_t some = count - start < together ? count - start : together;
    if (is_any) {
      ck_scan_planes(query, low + 3 * bytes * start, signs + bytes * start, bytes, 0, some, dots, squares);
    } else {
      ck_scan_planes(query, low, signs, bytes, found + start, some, dots, squares);
    }
    size_t more = ck_scores_at_least(dots, squares, factor, some, least, of_rows, reaching);
    for (size_t i = 0; i < more; i++, n++) {
      scores[n] = of_rows[reaching[i]];
      found[n] = is_any ? (uint32_t)start + reaching[i] : found[start + reaching[i]];
    }
  }
  return n;
}

#if defined(__x86_64__)
#include "lanes.h"

#define AVX2 __attribute__((target("avx2")))

// All bits where a bit of the four bytes at `at` is set, in the order of the bits.
AVX2 static inline __m256i bits_of_four(const uint8_t *at) {
  const __m256i byte_of_bit = _mm256_setr_epi8(
      0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201u);
  int32_t four;
  memcpy(&four, at, 4);
  return _mm256_cmpeq_epi8(_mm256_and_si256(_mm256_shuffle_epi8(_mm256_set1_epi32(four), byte_of_bit), bit), bit);
}

AVX2 static inline __m256i add_pairs(__m256i sum, __m256i pairs) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

// Rows of a multiple of four bytes a plane: 32 components at a time become bytes in a register.
AVX2 static void scan_avx2(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, const uint32_t *numbers, size_t count,
    int32_t *dots, int32_t *squares) {
  // Each number of the query is 256 * high + rest.
  int8_t high[LONGEST_UNPACKED];
  uint8_t rest[LONGEST_UNPACKED];
  int32_t excess = 0;
  for (size_t k = 0; k < 8 * bytes; k++) {
    high[k] = (int8_t)(query[k] >> 8);
    rest[k] = (uint8_t)query[k];
    excess += 8 * high[k];
  }
  for (size_t i = 0; i < count; i++) {
    size_t row = numbers ? numbers[i] : i;
    const uint8_t *of_low = low + 3 * bytes * row, *of_signs = signs + bytes * row;
    __m256i high_sum = _mm256_setzero_si256(), rest_sum = high_sum, square_sum = high_sum;
    for (size_t start = 0; start < bytes; start += 32) {
      // A pair of products is at most 2 * 255 * 8, so that sixteen bits hold the sums of eight.
      __m256i high_pairs = _mm256_setzero_si256(), rest_pairs = high_pairs, square_pairs = high_pairs;
      for (size_t at = start; at < bytes && at < start + 32; at += 4) {
        // A set bit is -1.
        __m256i x = bits_of_four(of_signs + at);
        x = _mm256_sub_epi8(_mm256_add_epi8(x, x), bits_of_four(of_low + 2 * bytes + at));
        x = _mm256_sub_epi8(_mm256_add_epi8(x, x), bits_of_four(of_low + bytes + at));
        x = _mm256_sub_epi8(_mm256_add_epi8(x, x), bits_of_four(of_low + at));
        // The first factor has no sign: components count from -8.
        __m256i counted = _mm256_add_epi8(x, _mm256_set1_epi8(8)), magnitude = _mm256_abs_epi8(x);
        high_pairs = _mm256_add_epi16(
            high_pairs, _mm256_maddubs_epi16(counted, _mm256_loadu_si256((const __m256i *)(high + 8 * at))));
        rest_pairs = _mm256_add_epi16(
            rest_pairs, _mm256_maddubs_epi16(_mm256_loadu_si256((const __m256i *)(rest + 8 * at)), x));
        square_pairs = _mm256_add_epi16(square_pairs, _mm256_maddubs_epi16(magnitude, magnitude));
      }
      high_sum = add_pairs(high_sum, high_pairs);
      rest_sum = add_pairs(rest_sum, rest_pairs);
      square_sum = add_pairs(square_sum, square_pairs);
    }
    dots[i] = 256 * (ck_sum_of_eight(high_sum) - excess) + ck_sum_of_eight(rest_sum);
    squares[i] = ck_sum_of_eight(square_sum);
  }
}

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
  // For each byte that a matrix is made of, where it lies in the first group of the planes 0 and 1, then 2 and signs:
  // the lowest bit last.
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
      size_t later = numbers ? numbers[at + 40 < count ? at + 40 : count - 1] : at + 128;
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

// The high bytes of a query's numbers, rounded, in the order in which `components_256` has them. What they leave out
// can add to a dot product no more than its length times that of the row (Cauchy and Schwarz).
typedef struct {
  __m512i high[4];
  int32_t excess;
  // The square of the length of what is left out.
  int32_t rest;
} RoundedQuery256;

AVX512 static inline RoundedQuery256 rounded_query_256(const int16_t *query) {
  const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), odd = _mm512_add_epi64(even, _mm512_set1_epi64(1));
  __m512i in_order[4], sum = _mm512_setzero_si512(), rest = sum;
  for (int k = 0; k < 4; k++) {
    __m256i half[2];
    for (int h = 0; h < 2; h++) {
      __m512i a = _mm512_loadu_si512(query + 64 * k + 32 * h);
      __m512i high = _mm512_srai_epi16(_mm512_adds_epi16(a, _mm512_set1_epi16(128)), 8);
      __m512i left = _mm512_sub_epi16(a, _mm512_slli_epi16(high, 8));
      rest = _mm512_dpwssd_epi32(rest, left, left);
      half[h] = _mm512_cvtepi16_epi8(high);
    }
    in_order[k] = _mm512_inserti64x4(_mm512_castsi256_si512(half[0]), half[1], 1);
    sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(8), in_order[k]);
  }
  RoundedQuery256 rounded;
  for (int k = 0; k < 2; k++) {
    rounded.high[2 * k] = _mm512_permutex2var_epi64(in_order[2 * k], even, in_order[2 * k + 1]);
    rounded.high[2 * k + 1] = _mm512_permutex2var_epi64(in_order[2 * k], odd, in_order[2 * k + 1]);
  }
  rounded.excess = _mm512_reduce_add_epi32(sum);
  rounded.rest = _mm512_reduce_add_epi32(rest);
  return rounded;
}

// Where the bytes of each matrix of 8 x 8 bits lie in two vectors, those of plane b from `begin[b]` on: two bytes of
// each plane, from byte 2 k of the plane on for matrix k, the sign of the second first.
AVX512 static inline __m512i places_256(int plane0, int plane1, int plane2, int plane3) {
  long long first = (long long)plane3 << 32 | (long long)plane2 << 40 | (long long)plane1 << 48 | (long long)plane0 << 56;
  long long second = first >> 32 & 0xFFFFFFFF;
  __m512i matrix = _mm512_set1_epi64(first | (second + 0x01010101));
  const __m512i next = _mm512_set1_epi64(0x0202020202020202);
  return _mm512_add_epi8(matrix, _mm512_mullo_epi64(next, _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7)));
}

// The rounded dot products, the excess included, and the sums of squares less 64 for each component, of two pairs of
// rows, each as sixteen parts. No row is loaded by itself, so that nothing crosses a line of the cache where the first
// one begins a line.
AVX512 static inline void four_rows_256(
    const RoundedQuery256 *query, const __m512i *places, const uint8_t *low, const uint8_t *signs, __m512i *dots,
    __m512i *squares) {
  const __m512i bits = _mm512_set1_epi64((long long)0x8040201008040201u);
  const __m512i lower = _mm512_set1_epi8(0x0F), upper = _mm512_set1_epi8((char)0xF0);
  // Vector 0: bytes 0 to 15 of each plane, vector 1: the others; of each row.
  __m512i x[2][4];
#pragma GCC unroll 2
  for (int k = 0; k < 2; k++) {
    __m512i planes[3], both = _mm512_loadu_si512(signs + 64 * k);
    for (int i = 0; i < 3; i++) {
      planes[i] = _mm512_loadu_si512(low + 192 * k + 64 * i);
      // Reading ahead, beyond the end too, where nothing is read.
      _mm_prefetch((const char *)low + 192 * (k + 64) + 64 * i, _MM_HINT_T0);
    }
    _mm_prefetch((const char *)signs + 64 * (k + 64), _MM_HINT_T0);
    // The planes 2 of the first row and 0 of the second share a vector: each is put beside its row's signs.
    __m512i first = _mm512_inserti64x4(planes[1], _mm512_castsi512_si256(both), 1);
    __m512i second = _mm512_shuffle_i64x2(planes[1], both, 0xEE);
    for (int half = 0; half < 2; half++) {
      x[half][2 * k] = _mm512_permutex2var_epi8(planes[0], places[half], first);
      x[half][2 * k + 1] = _mm512_permutex2var_epi8(second, places[2 + half], planes[2]);
    }
  }
  // Two components in each byte; the signs turned over, so that they count from -8.
#pragma GCC unroll 4
  for (int row = 0; row < 4; row++) {
    dots[row] = squares[row] = _mm512_setzero_si512();
    for (int half = 0; half < 2; half++) x[half][row] = _mm512_gf2p8affine_epi64_epi8(bits, x[half][row], 0x88);
  }
  // Row beside row, so that no sum waits for itself.
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) {
#pragma GCC unroll 4
    for (int row = 0; row < 4; row++) {
      __m512i pair = k % 2 ? _mm512_srli_epi16(x[k / 2][row], 4) : x[k / 2][row];
      // x = u - 8, so x^2 = u (u - 16) + 64, and u - 16 is u with the upper bits set.
      __m512i u = _mm512_and_si512(pair, lower);
      dots[row] = _mm512_dpbusd_epi32(dots[row], u, query->high[k]);
      squares[row] = _mm512_dpbusd_epi32(squares[row], u, _mm512_or_si512(pair, upper));
    }
  }
}

// The sums of each of four vectors, in four parts side by side.
AVX512 static inline __m512i parts_of_four(const __m512i *of) {
  __m512i a = _mm512_add_epi32(_mm512_unpacklo_epi32(of[0], of[1]), _mm512_unpackhi_epi32(of[0], of[1]));
  __m512i b = _mm512_add_epi32(_mm512_unpacklo_epi32(of[2], of[3]), _mm512_unpackhi_epi32(of[2], of[3]));
  return _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}

AVX512 static inline __m512i sums_of_sixteen(const __m512i *four) {
  __m512i eight[2];
  for (int k = 0; k < 2; k++)
    eight[k] = _mm512_add_epi32(
        _mm512_shuffle_i64x2(four[2 * k], four[2 * k + 1], 0x88), _mm512_shuffle_i64x2(four[2 * k], four[2 * k + 1], 0xDD));
  return _mm512_add_epi32(_mm512_shuffle_i64x2(eight[0], eight[1], 0x88), _mm512_shuffle_i64x2(eight[0], eight[1], 0xDD));
}

// Rows that may score `least`: all of those that do, and few others. They do not where
// 256 * rounded dot product + root of (rest * square) < least / factor * root of square.
AVX512 static size_t find_likely_256(
    const int16_t *numbers, const uint8_t *low, const uint8_t *signs, size_t count, float factor, float least,
    uint32_t *found) {
  RoundedQuery256 query = rounded_query_256(numbers);
  const __m512i places[4] = {
      places_256(0, 32, 64, 96), places_256(16, 48, 80, 112), places_256(0, 64, 96, 32), places_256(16, 80, 112, 48)};
  // A thousandth of a percent is far above the rounding of this and of the scores themselves.
  float least_ratio = (least / factor * 0.99999f - sqrtf((float)query.rest) * 1.00001f) / 256;
  size_t n = 0, row = 0;
  if (least_ratio > 0) {
    const __m512 limit = _mm512_set1_ps(least_ratio * least_ratio * 0.99999f);
    for (; row + 16 <= count; row += 16) {
      __m512i dots[4], squares[4];
      for (size_t k = 0; k < 4; k++) {
        __m512i dot[4], square[4];
        four_rows_256(&query, places, low + 96 * (row + 4 * k), signs + 32 * (row + 4 * k), dot, square);
        dots[k] = parts_of_four(dot);
        squares[k] = parts_of_four(square);
      }
      __m512i sums = _mm512_sub_epi32(sums_of_sixteen(dots), _mm512_set1_epi32(query.excess));
      __m512 dot = _mm512_cvtepi32_ps(_mm512_max_epi32(sums, _mm512_setzero_si512()));
      __m512 square = _mm512_cvtepi32_ps(_mm512_add_epi32(sums_of_sixteen(squares), _mm512_set1_epi32(64 * 256)));
      unsigned mask = _mm512_cmp_ps_mask(_mm512_mul_ps(dot, dot), _mm512_mul_ps(limit, square), _CMP_GE_OQ);
      for (; mask; mask &= mask - 1) found[n++] = (uint32_t)row + (uint32_t)__builtin_ctz(mask);
    }
  }
  for (; row < count; row++) found[n++] = (uint32_t)row;
  return n;
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

#if defined(__x86_64__)
static int has_all_for_256(void) {
  return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vnni") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("gfni");
}
#endif

void ck_scan_planes(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, const uint32_t *numbers, size_t count,
    int32_t *dots, int32_t *squares) {
#if defined(__x86_64__)
  if (bytes == 32 && has_all_for_256()) {
    scan_256(query, low, signs, numbers, count, dots, squares);
    return;
  }
  if (bytes % 4 == 0 && 8 * bytes <= LONGEST_UNPACKED && __builtin_cpu_supports("avx2")) {
    scan_avx2(query, low, signs, bytes, numbers, count, dots, squares);
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

size_t ck_find_planes(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, float factor, float least,
    float *scores, uint32_t *found) {
#if defined(__x86_64__)
  // Numbers that nothing overflows with or is lost of.
  if (bytes == 32 && factor > 1e-18f && factor < 1e18f && least > 1e-18f && has_all_for_256()) {
    size_t likely = find_likely_256(query, low, signs, count, factor, least, found);
    return find_among(0, query, low, signs, bytes, likely, factor, least, scores, found);
  }
#endif
  return find_among(1, query, low, signs, bytes, count, factor, least, scores, found);
}
