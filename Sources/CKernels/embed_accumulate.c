#include "CKernelsEmbedding.h"

#include <math.h>
#include <string.h>

// A fused product and sum would round differently from machine to machine.
#pragma STDC FP_CONTRACT OFF

static void accumulate_scalar(float *sum, size_t dimensions, const int8_t *rows, size_t stride,
                              const uint32_t *numbers, const float *weights, size_t count) {
  for (size_t k = 0; k < count; k++) {
    const int8_t *row = rows + numbers[k] * stride;
    for (size_t i = 0; i < dimensions; i++) {
      float product = weights[k] * (float)row[i];
      sum[i] += product;
    }
  }
}

// Adds 8 x `width` components of row `k`, from `at` on, times its weight to `sums`.
#define ADD_ROW(width)                                                                                         \
  {                                                                                                            \
    const int8_t *row = rows + numbers[k] * stride + at;                                                       \
    _Pragma("clang loop unroll(full)") for (int lane = 0; lane < 8; lane++) {                                  \
      bytes packed;                                                                                            \
      memcpy(&packed, row + lane * width, sizeof packed);                                                      \
      floats product = __builtin_convertvector(packed, floats) * weights[k];                                   \
      sums[lane] += product;                                                                                   \
    }                                                                                                          \
  }

// One body, compiled for vectors of `width` floats: 8 of them stay in registers while the list passes by, so that a
// pass covers 8 x `width` components. The next rows are asked for early: the table is larger than most second-level
// caches.
#define ACCUMULATE(name, features, width)                                                                      \
  features static void name(float *sum, size_t dimensions, const int8_t *rows, size_t stride,                  \
                            const uint32_t *numbers, const float *weights, size_t count) {                     \
    typedef float floats __attribute__((vector_size(4 * width)));                                              \
    typedef int8_t bytes __attribute__((vector_size(width)));                                                  \
    enum { step = 8 * width, ahead = 6 };                                                                      \
    for (size_t at = 0; at + step <= dimensions; at += step) {                                                 \
      floats sums[8];                                                                                          \
      memcpy(sums, sum + at, sizeof sums);                                                                     \
      for (size_t k = 0; k < count; k++) {                                                                     \
        if (k + ahead < count) {                                                                               \
          const int8_t *next = rows + numbers[k + ahead] * stride + at;                                        \
          __builtin_prefetch(next);                                                                            \
          if (step > 64) __builtin_prefetch(next + 64);                                                        \
        }                                                                                                      \
        ADD_ROW(width)                                                                                         \
      }                                                                                                        \
      memcpy(sum + at, sums, sizeof sums);                                                                     \
    }                                                                                                          \
  }

ACCUMULATE(accumulate_baseline, , 4)
#if defined(__x86_64__)
ACCUMULATE(accumulate_avx2, __attribute__((target("avx2"))), 8)
ACCUMULATE(accumulate_avx512, __attribute__((target("avx512f,avx512bw,avx512vl"))), 16)
#endif

// Sums made in the same way that are compared with `query` where they lie in registers. Component i belongs to chain
// i % 16 of both sums, whatever the width.
static float similarity_of(const float *dots, const float *squares) {
  float dot = 0, square = 0;
  for (int chain = 0; chain < 16; chain++) {
    dot += dots[chain];
    square += squares[chain];
  }
  return square > 0 ? dot / sqrtf(square) : 0;
}

static float similarity_scalar(const float *start, size_t dimensions, const int8_t *rows, size_t stride,
                               const uint32_t *numbers, const float *weights, size_t count, const float *query) {
  float dots[16] = {0}, squares[16] = {0};
  for (size_t i = 0; i < dimensions; i++) {
    float sum = start[i];
    for (size_t k = 0; k < count; k++) {
      float product = weights[k] * (float)rows[numbers[k] * stride + i];
      sum += product;
    }
    float dot = sum * query[i], square = sum * sum;
    dots[i % 16] += dot;
    squares[i % 16] += square;
  }
  return similarity_of(dots, squares);
}

#define SIMILARITY(name, features, width)                                                                      \
  features static float name(const float *start, size_t dimensions, const int8_t *rows, size_t stride,         \
                             const uint32_t *numbers, const float *weights, size_t count, const float *query) { \
    typedef float floats __attribute__((vector_size(4 * width)));                                              \
    typedef int8_t bytes __attribute__((vector_size(width)));                                                  \
    enum { step = 8 * width, chains = 16 / width };                                                            \
    floats dots[chains] = {0}, squares[chains] = {0};                                                          \
    for (size_t at = 0; at + step <= dimensions; at += step) {                                                 \
      floats sums[8];                                                                                          \
      memcpy(sums, start + at, sizeof sums);                                                                   \
      for (size_t k = 0; k < count; k++) {                                                                     \
        ADD_ROW(width)                                                                                         \
      }                                                                                                        \
      _Pragma("clang loop unroll(full)") for (int lane = 0; lane < 8; lane++) {                                \
        floats wanted;                                                                                         \
        memcpy(&wanted, query + at + lane * width, sizeof wanted);                                             \
        floats dot = sums[lane] * wanted, square = sums[lane] * sums[lane];                                    \
        dots[lane % chains] += dot;                                                                            \
        squares[lane % chains] += square;                                                                      \
      }                                                                                                        \
    }                                                                                                          \
    float all_dots[16], all_squares[16];                                                                       \
    memcpy(all_dots, dots, sizeof all_dots);                                                                   \
    memcpy(all_squares, squares, sizeof all_squares);                                                          \
    return similarity_of(all_dots, all_squares);                                                               \
  }

SIMILARITY(similarity_baseline, , 4)
#if defined(__x86_64__)
SIMILARITY(similarity_avx2, __attribute__((target("avx2"))), 8)
SIMILARITY(similarity_avx512, __attribute__((target("avx512f,avx512bw,avx512vl"))), 16)
#endif

bool ck_embed_supports(ck_embed_variant variant) {
  switch (variant) {
  case CK_EMBED_SCALAR:
  case CK_EMBED_BASELINE: return true;
#if defined(__x86_64__)
  case CK_EMBED_AVX2: return __builtin_cpu_supports("avx2");
  case CK_EMBED_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#endif
  default: return false;
  }
}

ck_embed_variant ck_embed_widest(void) {
  if (ck_embed_supports(CK_EMBED_AVX512)) return CK_EMBED_AVX512;
  if (ck_embed_supports(CK_EMBED_AVX2)) return CK_EMBED_AVX2;
  return CK_EMBED_BASELINE;
}

void ck_embed_accumulate(ck_embed_variant variant, float *sum, size_t dimensions, const int8_t *rows, size_t stride,
                         const uint32_t *numbers, const float *weights, size_t count) {
#if defined(__x86_64__)
  // 64 components are half a step of the widest variant.
  if (variant == CK_EMBED_AVX512 && dimensions % 128 == 0) {
    accumulate_avx512(sum, dimensions, rows, stride, numbers, weights, count);
    return;
  }
  if (variant >= CK_EMBED_AVX2) {
    accumulate_avx2(sum, dimensions, rows, stride, numbers, weights, count);
    return;
  }
#endif
  if (variant == CK_EMBED_SCALAR) {
    accumulate_scalar(sum, dimensions, rows, stride, numbers, weights, count);
  } else {
    accumulate_baseline(sum, dimensions, rows, stride, numbers, weights, count);
  }
}

float ck_embed_similarity(ck_embed_variant variant, const float *start, size_t dimensions, const int8_t *rows,
                          size_t stride, const uint32_t *numbers, const float *weights, size_t count,
                          const float *query) {
#if defined(__x86_64__)
  // As above.
  if (variant == CK_EMBED_AVX512 && dimensions % 128 == 0)
    return similarity_avx512(start, dimensions, rows, stride, numbers, weights, count, query);
  if (variant >= CK_EMBED_AVX2) return similarity_avx2(start, dimensions, rows, stride, numbers, weights, count, query);
#endif
  return variant == CK_EMBED_SCALAR
             ? similarity_scalar(start, dimensions, rows, stride, numbers, weights, count, query)
             : similarity_baseline(start, dimensions, rows, stride, numbers, weights, count, query);
}

void ck_embed_normalise(float *unit, const float *sum, size_t dimensions) {
  // Eight chains, always the same eight: products of two floats are exact in double, so only the sums round.
  double chains[8] = {0};
  for (size_t i = 0; i < dimensions; i++) chains[i % 8] += (double)sum[i] * (double)sum[i];
  double square = 0;
  for (int chain = 0; chain < 8; chain++) square += chains[chain];
  float factor = square > 0 ? (float)(1 / sqrt(square)) : 0;
  for (size_t i = 0; i < dimensions; i++) unit[i] = sum[i] * factor;
}
