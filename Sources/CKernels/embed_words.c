#include "CKernelsEmbedding.h"

static inline unsigned is_small(uint8_t byte) { return (uint8_t)(byte - 'a') < 26; }
static inline unsigned is_capital(uint8_t byte) { return (uint8_t)(byte - 'A') < 26; }
static inline unsigned is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

// What the words around byte i tell of it: `before` is the byte before it and `after` the one after it, or 0.
static inline unsigned begins_word(uint8_t before, uint8_t byte, uint8_t after) {
  if (is_small(byte)) return !is_small(before) && !is_capital(before);
  if (is_capital(byte)) return !is_capital(before) || is_small(after);
  return is_digit(byte) && !is_digit(before);
}

static size_t words_from(
    const uint8_t *bytes, size_t i, size_t count, uint32_t *starts, uint32_t *ends, size_t found) {
  uint8_t before = i > 0 ? bytes[i - 1] : 0;
  // The word that the bytes before `i` end with has begun already.
  unsigned inside = is_small(before) || is_capital(before) || is_digit(before);
  for (; i < count; i++) {
    uint8_t byte = bytes[i];
    unsigned begins = begins_word(before, byte, i + 1 < count ? bytes[i + 1] : 0);
    unsigned now = is_small(byte) || is_capital(byte) || is_digit(byte);
    if (inside && (begins || !now)) ends[found - 1] = (uint32_t)i;
    if (begins) starts[found++] = (uint32_t)i;
    inside = now;
    before = byte;
  }
  if (inside) ends[found - 1] = (uint32_t)count;
  return found;
}

size_t ck_embed_words_scalar(const uint8_t *bytes, size_t count, uint32_t *starts, uint32_t *ends) {
  return words_from(bytes, 0, count, starts, ends, 0);
}

#if defined(__x86_64__)
#include <emmintrin.h>

// SSE2 is part of every x86-64. Which of 64 bytes are one of `count` values from `first` on.
static inline uint64_t among(const __m128i *x, char first, char count) {
  uint64_t mask = 0;
  for (int k = 0; k < 4; k++) {
    __m128i above = _mm_sub_epi8(x[k], _mm_set1_epi8(first));
    __m128i is = _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(count - 1))), above);
    mask |= (uint64_t)(unsigned)_mm_movemask_epi8(is) << (16 * k);
  }
  return mask;
}

size_t ck_embed_words(const uint8_t *bytes, size_t count, uint32_t *starts, uint32_t *ends) {
  size_t begun = 0, ended = 0, i = 0;
  uint64_t small_before = 0, capital_before = 0, digit_before = 0;
  for (; i + 64 <= count; i += 64) {
    __m128i x[4];
    for (int k = 0; k < 4; k++) x[k] = _mm_loadu_si128((const __m128i *)(bytes + i) + k);
    uint64_t small = among(x, 'a', 26), capital = among(x, 'A', 26), digit = among(x, '0', 10);
    uint64_t before_small = small << 1 | small_before, before_capital = capital << 1 | capital_before;
    uint64_t before_digit = digit << 1 | digit_before;
    uint64_t after_small = small >> 1 | (uint64_t)(i + 64 < count && is_small(bytes[i + 64])) << 63;
    uint64_t begins = (small & ~before_small & ~before_capital) | (capital & (~before_capital | after_small)) |
                      (digit & ~before_digit);
    uint64_t ending = (before_small | before_capital | before_digit) & (begins | ~(small | capital | digit));
    for (; begins; begins &= begins - 1) starts[begun++] = (uint32_t)i + (uint32_t)__builtin_ctzll(begins);
    for (; ending; ending &= ending - 1) ends[ended++] = (uint32_t)i + (uint32_t)__builtin_ctzll(ending);
    small_before = small >> 63;
    capital_before = capital >> 63;
    digit_before = digit >> 63;
  }
  return words_from(bytes, i, count, starts, ends, begun);
}
#else
size_t ck_embed_words(const uint8_t *bytes, size_t count, uint32_t *starts, uint32_t *ends) {
  return ck_embed_words_scalar(bytes, count, starts, ends);
}
#endif
