#include "CKernels.h"

void ck_scan_i16_i8_scalar(const int16_t *query, const int8_t *rows, size_t stride, size_t count, int32_t *dots) {
  for (size_t row = 0; row < count; row++, rows += stride) {
    int32_t sum = 0;
    for (size_t i = 0; i < stride; i++) sum += (int32_t)query[i] * rows[i];
    dots[row] = sum;
  }
}

#if defined(__x86_64__)
#include "lanes.h"

__attribute__((target("avx2"))) static void scan_avx2(
    const int16_t *query, const int8_t *rows, size_t stride, size_t count, int32_t *dots) {
  for (size_t row = 0; row < count; row++, rows += stride) {
    __m256i even = _mm256_setzero_si256(), odd = _mm256_setzero_si256();
    for (size_t i = 0; i < stride; i += 32) {
      _mm_prefetch((const char *)(rows + i + 1024), _MM_HINT_T0);
      __m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(rows + i)));
      __m256i y = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(rows + i + 16)));
      even = _mm256_add_epi32(even, _mm256_madd_epi16(x, _mm256_loadu_si256((const __m256i *)(query + i))));
      odd = _mm256_add_epi32(odd, _mm256_madd_epi16(y, _mm256_loadu_si256((const __m256i *)(query + i + 16))));
    }
    dots[row] = ck_sum_of_eight(_mm256_add_epi32(even, odd));
  }
}

__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void scan_vnni(
    const int16_t *query, const int8_t *rows, size_t stride, size_t count, int32_t *dots) {
  for (size_t row = 0; row < count; row++, rows += stride) {
    __m512i even = _mm512_setzero_si512(), odd = _mm512_setzero_si512();
    size_t i = 0;
    for (; i + 64 <= stride; i += 64) {
      _mm_prefetch((const char *)(rows + i + 1024), _MM_HINT_T0);
      __m512i x = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(rows + i)));
      __m512i y = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(rows + i + 32)));
      even = _mm512_dpwssd_epi32(even, x, _mm512_loadu_si512(query + i));
      odd = _mm512_dpwssd_epi32(odd, y, _mm512_loadu_si512(query + i + 32));
    }
    if (i < stride) {
      __m512i x = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(rows + i)));
      even = _mm512_dpwssd_epi32(even, x, _mm512_loadu_si512(query + i));
    }
    dots[row] = _mm512_reduce_add_epi32(_mm512_add_epi32(even, odd));
  }
}
#endif

void ck_scan_i16_i8(const int16_t *query, const int8_t *rows, size_t stride, size_t count, int32_t *dots) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni")) {
    scan_vnni(query, rows, stride, count, dots);
    return;
  }
  if (__builtin_cpu_supports("avx2")) {
    scan_avx2(query, rows, stride, count, dots);
    return;
  }
#endif
  ck_scan_i16_i8_scalar(query, rows, stride, count, dots);
}
