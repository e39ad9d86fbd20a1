#include "CKernels.h"

static inline unsigned is_small(uint8_t byte) { return (uint8_t)(byte - 'a') < 26; }
static inline unsigned is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26; }

// The kinds of beginnings that a byte at `place` (0 to 2) of one may belong to.
static inline unsigned kinds(const uint8_t *tables, unsigned place, uint8_t byte) {
  return tables[32 * place + (byte & 15)] & tables[32 * place + 16 + (byte >> 4)];
}

void ck_word_beginnings_scalar(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *places) {
  for (size_t i = 0; i < count; i++) {
    if (i % 64 == 0) places[i / 64] = 0;
    uint8_t second = i + 1 < count ? bytes[i + 1] : 0, third = i + 2 < count ? bytes[i + 2] : 0;
    unsigned found = kinds(tables, 0, bytes[i]) & kinds(tables, 1, second) & kinds(tables, 2, third);
    if (found && !(i > 0 && is_small(bytes[i]) && is_letter(bytes[i - 1]))) places[i / 64] |= 1ull << (i % 64);
  }
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

// Which bytes are small letters.
AVX2 static inline uint32_t small32(__m256i bytes) {
  __m256i above = _mm256_sub_epi8(bytes, _mm256_set1_epi8('a'));
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8(25)), above));
}

// The 32 places from `at` on; two bytes behind them are read. `before` says whether a letter stands before them.
AVX2 static inline uint32_t places32(const __m256i *tables, const uint8_t *at, uint32_t *before) {
  __m256i bytes = _mm256_loadu_si256((const __m256i *)at);
  __m256i found = kinds32(tables, bytes);
  found = _mm256_and_si256(found, kinds32(tables + 2, _mm256_loadu_si256((const __m256i *)(at + 1))));
  found = _mm256_and_si256(found, kinds32(tables + 4, _mm256_loadu_si256((const __m256i *)(at + 2))));
  uint32_t none = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
  uint32_t small = small32(bytes), letters = small32(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)));
  uint32_t inside = small & (letters << 1 | *before);
  *before = letters >> 31;
  return ~(none | inside);
}

AVX2 static void word_beginnings_avx2(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *places) {
  __m256i wide[6];
  for (int k = 0; k < 6; k++)
    wide[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(tables + 16 * k)));
  uint32_t before = 0;
  size_t i = 0;
  for (; i + 66 <= count; i += 64) {
    uint64_t low = places32(wide, bytes + i, &before);
    places[i / 64] = low | (uint64_t)places32(wide, bytes + i + 32, &before) << 32;
  }
  // The rest is followed by zeros.
  for (; i < count; i += 64) {
    uint8_t rest[66] = {0};
    size_t left = count - i;
    memcpy(rest, bytes + i, left < 66 ? left : 66);
    uint64_t low = places32(wide, rest, &before);
    uint64_t found = low | (uint64_t)places32(wide, rest + 32, &before) << 32;
    places[i / 64] = left < 64 ? found & ((1ull << left) - 1) : found;
  }
}
#endif

void ck_word_beginnings(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *places) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    word_beginnings_avx2(tables, bytes, count, places);
    return;
  }
#endif
  ck_word_beginnings_scalar(tables, bytes, count, places);
}
