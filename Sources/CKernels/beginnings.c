#include "beginnings.h"

static inline unsigned is_small(uint8_t byte) { return (uint8_t)(byte - 'a') < 26; }
static inline unsigned is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26; }

void ck_word_beginnings_scalar(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *places) {
  for (size_t i = 0; i < count; i++) {
    if (i % 64 == 0) places[i / 64] = 0;
    unsigned found = kinds_at(tables, bytes, count, i);
    if (found && !(i > 0 && is_small(bytes[i]) && is_letter(bytes[i - 1]))) places[i / 64] |= 1ull << (i % 64);
  }
}

#if defined(__x86_64__)
// The 32 places from `at` on; two bytes behind them are read. `before` says whether a letter stands before them.
AVX2 static inline uint32_t places32(const __m256i *tables, const uint8_t *at, uint32_t *before) {
  __m256i bytes = _mm256_loadu_si256((const __m256i *)at);
  uint32_t small = mask32(within32(bytes, 'a', 26));
  uint32_t letters = mask32(within32(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 26));
  uint32_t inside = small & (letters << 1 | *before);
  *before = letters >> 31;
  return kinds_at32(tables, bytes, at) & ~inside;
}

AVX2 static void word_beginnings_avx2(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *places) {
  __m256i wide[6];
  widen(tables, wide);
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
