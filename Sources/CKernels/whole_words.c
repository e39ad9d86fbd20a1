#include "beginnings.h"

static inline unsigned is_of_word(uint8_t byte) {
  return (uint8_t)((byte | 0x20) - 'a') < 26 || (uint8_t)(byte - '0') < 10 || byte == '_';
}
static inline unsigned is_escape(uint8_t byte) { return byte == 'n' || byte == 't' || byte == 'r' || byte == '0'; }

int ck_whole_words_scalar(
    const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *starts, uint64_t *places) {
  unsigned is_inside = 0;
  uint8_t all = 0;
  for (size_t i = 0; i < count; i++) {
    if (i % 64 == 0) starts[i / 64] = places[i / 64] = 0;
    all |= bytes[i];
    unsigned is_word = is_of_word(bytes[i]) && !(i > 0 && bytes[i - 1] == '\\' && is_escape(bytes[i]));
    if (is_word && !is_inside) {
      starts[i / 64] |= 1ull << (i % 64);
      if (kinds_at(tables, bytes, count, i)) places[i / 64] |= 1ull << (i % 64);
    }
    is_inside = is_word;
  }
  return all < 0x80;
}

#if defined(__x86_64__)
AVX2 static inline __m256i equal32(__m256i bytes, char wanted) {
  return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted));
}

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
    __m256i words = within32(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 26);
    words = _mm256_or_si256(words, _mm256_or_si256(within32(bytes, '0', 10), equal32(bytes, '_')));
    look.words |= (uint64_t)mask32(words) << 32 * half;
    look.backslashes |= (uint64_t)mask32(equal32(bytes, '\\')) << 32 * half;
    look.kinds |= (uint64_t)kinds_at32(tables, bytes, from) << 32 * half;
    look.high |= (uint64_t)mask32(bytes) << 32 * half;
  }
  return look;
}

AVX2 static int whole_words_avx2(
    const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *starts, uint64_t *places) {
  __m256i wide[6];
  widen(tables, wide);
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
