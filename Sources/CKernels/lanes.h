// What kernels for x86 share.
#pragma once
#include <immintrin.h>
#include <stdint.h>

// The sum of eight numbers.
__attribute__((target("avx2"))) static inline int32_t ck_sum_of_eight(__m256i sums) {
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1));
  return _mm_cvtsi128_si32(four);
}
