#include "CKernels.h"

static inline unsigned is_of_word(uint8_t byte) {
  return (uint8_t)((byte | 0x20) - 'a') < 26 || (uint8_t)(byte - '0') < 10 || byte == '_';
}
static inline unsigned is_escape(uint8_t byte) { return byte == 'n' || byte == 't' || byte == 'r' || byte == '0'; }

// The kinds of beginnings that a byte at `place` (0 to 2) of one may belong to.
static inline unsigned kinds(const uint8_t *tables, unsigned place, uint8_t byte) {
  return tables[32 * place + (byte & 15)] & tables[32 * place + 16 + (byte >> 4)];
}

int ck_whole_words_scalar(
    const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *starts, uint64_t *places) {
  unsigned is_inside = 0;
  uint8_t all = 0;
  for (size_t i = 0; i < count; i++) {
    if (i % 64 == 0) starts[i / 64] = places[i / 64] = 0;
    all |= bytes[i];
    unsigned is_word = is_of_word(bytes[i]) && !(i > 0 && bytes[i - 1] == '\\' && is_escape(bytes[i]));
    if (is_word && !is_inside) {
      uint8_t second = i + 1 < count ? bytes[i + 1] : 0, third = i + 2 < count ? bytes[i + 2] : 0;
      starts[i / 64] |= 1ull << (i % 64);
      if (kinds(tables, 0, bytes[i]) & kinds(tables, 1, second) & kinds(tables, 2, third))
        places[i / 64] |= 1ull << (i % 64);
    }
    is_inside = is_word;
  }
  return all < 0x80;
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

AVX2 static inline __m256i equal32(__m256i bytes, char wanted) {
  return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted));
}

// Which bytes lie in `first` and the `count` - 1 behind it.
AVX2 static inline __m256i within32(__m256i bytes, char first, char count) {
  __m256i above = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
  return _mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8((char)(count - 1))), above);
}

AVX2 static inline uint32_t mask32(__m256i bytes) { return (uint32_t)_mm256_movemask_epi8(bytes); }

// What is known of 64 bytes.
struct look {
  uint64_t words, backslashes, kinds, high;
};

// Of the 64 bytes at `at`; two behind them are read.
AVX2 static inline struct look look64(const __m256i *tables, const uint8_t *at) {
  struct look look = {0};
  for (int half = 0; half < 2; half++) {
    const uint8_t *from = at + 32 * half;
    __m256i bytes = _mm256_loadu_si256((const __m256i *)from);
    __m256i found = kinds32(tables, bytes);
    found = _mm256_and_si256(found, kinds32(tables + 2, _mm256_loadu_si256((const __m256i *)(from + 1))));
    found = _mm256_and_si256(found, kinds32(tables + 4, _mm256_loadu_si256((const __m256i *)(from + 2))));
    __m256i words = within32(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 26);
    words = _mm256_or_si256(words, _mm256_or_si256(within32(bytes, '0', 10), equal32(bytes, '_')));
    look.words |= (uint64_t)mask32(words) << 32 * half;
    look.backslashes |= (uint64_t)mask32(equal32(bytes, '\\')) << 32 * half;
    look.kinds |= (uint64_t)~mask32(equal32(found, 0)) << 32 * half;
    look.high |= (uint64_t)mask32(bytes) << 32 * half;
  }
  return look;
}

AVX2 static int whole_words_avx2(
    const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *starts, uint64_t *places) {
  __m256i wide[6];
  for (int k = 0; k < 6; k++)
    wide[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(tables + 16 * k)));
  uint64_t is_inside = 0, is_escaped = 0, high = 0;
  for (size_t i = 0; i < count; i += 64) {
    struct look look;
    size_t left = count - i;
    if (left >= 66) {
      look = look64(wide, bytes + i);
    } else {
      // The rest is followed by zeros.
      uint8_t rest[66] = {0};
      memcpy(rest, bytes + i, left);
      look = look64(wide, rest);
      if (left < 64) look.kinds &= (1ull << left) - 1;
    }
    uint64_t words = look.words;
    for (uint64_t behind = look.backslashes << 1 | is_escaped; behind; behind &= behind - 1) {
      unsigned at = (unsigned)__builtin_ctzll(behind);
      if (i + at < count && is_escape(bytes[i + at])) words &= ~(1ull << at);
    }
    uint64_t begun = words & ~(words << 1 | is_inside);
    starts[i / 64] = begun;
    places[i / 64] = begun & look.kinds;
    is_inside = words >> 63;
    is_escaped = look.backslashes >> 63;
    high |= look.high;
  }
  return high == 0;
}
#endif

int ck_whole_words(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *starts, uint64_t *places) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return whole_words_avx2(tables, bytes, count, starts, places);
#endif
  return ck_whole_words_scalar(tables, bytes, count, starts, places);
}
