// How words begin, as the tables of `ck_word_beginnings` say it: shared by the kernels that look for their places.
#pragma once
#include "CKernels.h"

// The kinds of beginnings that a byte at `place` (0 to 2) of one may belong to.
static inline unsigned kinds(const uint8_t *tables, unsigned place, uint8_t byte) {
  return tables[32 * place + (byte & 15)] & tables[32 * place + 16 + (byte >> 4)];
}

// The kinds of words that may begin at `at`, of the `count` bytes of a text; zeros stand behind them.
static inline unsigned kinds_at(const uint8_t *tables, const uint8_t *bytes, size_t count, size_t at) {
  uint8_t second = at + 1 < count ? bytes[at + 1] : 0, third = at + 2 < count ? bytes[at + 2] : 0;
  return kinds(tables, 0, bytes[at]) & kinds(tables, 1, second) & kinds(tables, 2, third);
}

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i kinds32(const __m256i *tables, __m256i bytes) {
  __m256i low_bits = _mm256_set1_epi8(15);
  __m256i low = _mm256_shuffle_epi8(tables[0], _mm256_and_si256(bytes, low_bits));
  __m256i high = _mm256_shuffle_epi8(tables[1], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low_bits));
  return _mm256_and_si256(low, high);
}

// At which of the 32 places from `at` on, whose bytes are `bytes`, a word may begin; two bytes behind them are read.
AVX2 static inline uint32_t kinds_at32(const __m256i *tables, __m256i bytes, const uint8_t *at) {
  __m256i found = kinds32(tables, bytes);
  found = _mm256_and_si256(found, kinds32(tables + 2, _mm256_loadu_si256((const __m256i *)(at + 1))));
  found = _mm256_and_si256(found, kinds32(tables + 4, _mm256_loadu_si256((const __m256i *)(at + 2))));
  return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
}

// Which of the 32 bytes lie in `first` and the `count` - 1 behind it.
AVX2 static inline __m256i within32(__m256i bytes, char first, char count) {
  __m256i above = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
  return _mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8((char)(count - 1))), above);
}

AVX2 static inline uint32_t mask32(__m256i bytes) { return (uint32_t)_mm256_movemask_epi8(bytes); }

// Each table of 16 bytes in both halves of a register.
AVX2 static inline void widen(const uint8_t *tables, __m256i *wide) {
  for (int k = 0; k < 6; k++)
    wide[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(tables + 16 * k)));
}
#endif
