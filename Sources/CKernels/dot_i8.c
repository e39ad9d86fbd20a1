#include "CKernels.h"

int32_t ck_dot_i8_scalar(const int8_t *a, const int8_t *b, size_t count) {
  int32_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += (int32_t)a[i] * b[i];
  return sum;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static int32_t dot_i8_avx2(const int8_t *a, const int8_t *b, size_t count) {
  __m256i sums = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    __m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(a + i)));
    __m256i y = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(b + i)));
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(x, y));
  }
  int32_t lanes[8];
  _mm256_storeu_si256((__m256i *)lanes, sums);
  int32_t sum = 0;
  for (int lane = 0; lane < 8; lane++) sum += lanes[lane];
  return sum + ck_dot_i8_scalar(a + i, b + i, count - i);
}
#endif

int32_t ck_dot_i8(const int8_t *a, const int8_t *b, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return dot_i8_avx2(a, b, count);
#endif
  return ck_dot_i8_scalar(a, b, count);
}
