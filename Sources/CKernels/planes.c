#include "CKernels.h"
#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

// Rows of 4-bit components in planes: plane b holds bit b of every component in two's complement.

// The step between two values of 16 that a component is rounded to, in root mean squares of the components: least error
// for normally distributed ones (J. Max, "Quantizing for minimum distortion", 1960).
#define STEP 0.335f

static inline uint64_t load(const uint8_t *at) {
  uint64_t word;
  memcpy(&word, at, 8);
  return word;
}

// Bit `bit` of eight bytes, the first byte's lowest.
static inline uint8_t gather(uint64_t bytes, int bit) {
  return (uint8_t)(((bytes >> bit & 0x0101010101010101u) * 0x0102040810204080u) >> 56);
}

// Eight bytes of 0 or 1, one for each bit.
static inline uint64_t spread(uint8_t bits) {
  uint64_t lower = (bits & 0x7Fu) * 0x0002040810204081u & 0x0001010101010101u;
  return lower | (uint64_t)(bits >> 7) << 56;
}

// The number by which components are multiplied before they are rounded.
static float quantising_factor(const float *vector, size_t count) {
  // In one order, so that the same vector gives the same bits on every machine.
  double square = 0;
  for (size_t i = 0; i < count; i++)
    if (isfinite(vector[i])) square += (double)vector[i] * vector[i];
  float step = count ? (float)sqrt(square / (double)count) * STEP : 0;
  float factor = step > 0 ? 1 / step : 0;
  return isfinite(factor) ? factor : 0;
}

// The bytes of each plane from `at` on.
static void quantise_from(
    size_t at, const float *vector, float factor, size_t count, size_t bytes, uint8_t *low, uint8_t *signs) {
  for (; at < bytes; at++) {
    uint64_t components = 0;
    for (size_t k = 0; k < 8; k++) {
      size_t i = 8 * at + k;
      float value = i < count && isfinite(vector[i]) ? vector[i] * factor : 0;
      value = value > 7 ? 7 : value < -8 ? -8 : value;
      int rounded = (int)(value + (value < 0 ? -0.5f : 0.5f));
      components |= (uint64_t)(uint8_t)(rounded < -8 ? -8 : rounded) << (8 * k);
    }
    for (int b = 0; b < 3; b++) low[(size_t)b * bytes + at] = gather(components, b);
    signs[at] = gather(components, 3);
  }
}

void ck_quantise_planes_scalar(const float *vector, size_t count, size_t bytes, uint8_t *low, uint8_t *signs) {
  quantise_from(0, vector, quantising_factor(vector, count), count, bytes, low, signs);
}

void ck_quantise_planes(const float *vector, size_t count, size_t bytes, uint8_t *low, uint8_t *signs) {
  float factor = quantising_factor(vector, count);
  size_t at = 0;
#if defined(__x86_64__)
  // SSE2 is part of every x86-64. Sixteen components at once: two bytes of each plane.
  const __m128 scale = _mm_set1_ps(factor), most = _mm_set1_ps(7), least = _mm_set1_ps(-8);
  const __m128 half = _mm_set1_ps(0.5f), sign = _mm_set1_ps(-0.0f), largest = _mm_set1_ps(__FLT_MAX__);
  for (; 8 * (at + 2) <= count; at += 2) {
    __m128i rounded[4];
    for (int k = 0; k < 4; k++) {
      __m128 x = _mm_loadu_ps(vector + 8 * at + 4 * k);
      // Numbers that are not finite are not at most the largest, and become 0.
      x = _mm_and_ps(x, _mm_cmple_ps(_mm_andnot_ps(sign, x), largest));
      x = _mm_max_ps(_mm_min_ps(_mm_mul_ps(x, scale), most), least);
      x = _mm_add_ps(x, _mm_or_ps(half, _mm_and_ps(x, sign)));
      rounded[k] = _mm_cvttps_epi32(x);
    }
    __m128i components = _mm_packs_epi16(
        _mm_packs_epi32(rounded[0], rounded[1]), _mm_packs_epi32(rounded[2], rounded[3]));
    // Bit b of every byte moves to its top, where the mask is taken; what comes in from the byte below is lower.
    for (int b = 0; b < 4; b++) {
      uint16_t plane = (uint16_t)_mm_movemask_epi8(_mm_slli_epi16(components, 7 - b));
      memcpy(b < 3 ? low + (size_t)b * bytes + at : signs + at, &plane, 2);
    }
  }
#endif
  quantise_from(at, vector, factor, count, bytes, low, signs);
}

static inline void unpack(
    const uint8_t *low, const uint8_t *signs, size_t bytes, size_t at, int8_t *components) {
  uint64_t eight = spread(low[at]) | spread(low[bytes + at]) << 1 | spread(low[2 * bytes + at]) << 2 |
                   spread(signs[at]) * 0xF8u;
  memcpy(components + 8 * at, &eight, 8);
}

static int32_t sum_of_squares(const int8_t *components, size_t count) {
  int32_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += components[i] * components[i];
  return sum;
}

void ck_unpack_planes_scalar(
    const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, int8_t *components, int32_t *squares) {
  for (size_t row = 0; row < count; row++, low += 3 * bytes, signs += bytes, components += 8 * bytes) {
    for (size_t at = 0; at < bytes; at++) unpack(low, signs, bytes, at, components);
    squares[row] = sum_of_squares(components, 8 * bytes);
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void unpack_avx512(
    const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, int8_t *components, int32_t *squares) {
  const __m512i one = _mm512_set1_epi8(1), two = _mm512_set1_epi8(2), four = _mm512_set1_epi8(4);
  for (size_t row = 0; row < count; row++, low += 3 * bytes, signs += bytes, components += 8 * bytes) {
    __m512i sum = _mm512_setzero_si512();
    size_t at = 0;
    for (; at + 8 <= bytes; at += 8) {
      __m512i x = _mm512_maskz_mov_epi8(_cvtu64_mask64(load(low + at)), one);
      x = _mm512_or_si512(x, _mm512_maskz_mov_epi8(_cvtu64_mask64(load(low + bytes + at)), two));
      x = _mm512_or_si512(x, _mm512_maskz_mov_epi8(_cvtu64_mask64(load(low + 2 * bytes + at)), four));
      x = _mm512_or_si512(x, _mm512_maskz_set1_epi8(_cvtu64_mask64(load(signs + at)), (char)0xF8));
      _mm512_storeu_si512(components + 8 * at, x);
      // A magnitude of at most 8 as a number without a sign, times itself as one with a sign.
      __m512i magnitude = _mm512_abs_epi8(x);
      sum = _mm512_dpbusd_epi32(sum, magnitude, magnitude);
    }
    int32_t square = _mm512_reduce_add_epi32(sum);
    if (at < bytes) {
      size_t rest = at;
      for (; at < bytes; at++) unpack(low, signs, bytes, at, components);
      square += sum_of_squares(components + 8 * rest, 8 * (bytes - rest));
    }
    squares[row] = square;
  }
}
#endif

void ck_unpack_planes(
    const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, int8_t *components, int32_t *squares) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni")) {
    unpack_avx512(low, signs, bytes, count, components, squares);
    return;
  }
#endif
  ck_unpack_planes_scalar(low, signs, bytes, count, components, squares);
}
