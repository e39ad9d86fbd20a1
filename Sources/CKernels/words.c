#include "CKernels.h"

// A letter, a digit, `_`, or a byte of a character beyond ASCII.
static inline unsigned is_word(uint8_t byte) {
  return (uint8_t)((byte | 0x20) - 'a') < 26 || (uint8_t)(byte - '0') < 10 || byte == '_' || byte >= 0x80;
}

size_t ck_word_bounds_scalar(const uint8_t *bytes, size_t count, uint32_t *bounds) {
  size_t n = 0;
  unsigned inside = 0;
  for (size_t i = 0; i < count; i++) {
    unsigned now = is_word(bytes[i]);
    if (now != inside) bounds[n++] = (uint32_t)i;
    inside = now;
  }
  if (inside) bounds[n++] = (uint32_t)count;
  return n;
}

#if defined(__x86_64__)
#include <emmintrin.h>

// SSE2 is part of every x86-64.
static inline uint64_t words16(const uint8_t *at) {
  __m128i x = _mm_loadu_si128((const __m128i *)at);
  __m128i letter = _mm_sub_epi8(_mm_or_si128(x, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
  __m128i digit = _mm_sub_epi8(x, _mm_set1_epi8('0'));
  __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
  __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
  __m128i is_line = _mm_cmpeq_epi8(x, _mm_set1_epi8('_'));
  // The mask is of the highest bits, which bytes beyond ASCII have themselves.
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(is_letter, is_digit), _mm_or_si128(is_line, x)));
}

size_t ck_word_bounds(const uint8_t *bytes, size_t count, uint32_t *bounds) {
  size_t n = 0, i = 0;
  uint64_t inside = 0;
  for (; i + 64 <= count; i += 64) {
    uint64_t words = words16(bytes + i) | words16(bytes + i + 16) << 16 | words16(bytes + i + 32) << 32 |
                     words16(bytes + i + 48) << 48;
    // Set where a byte is not what the one before it is.
    uint64_t changes = words ^ (words << 1 | inside);
    inside = words >> 63;
    for (; changes; changes &= changes - 1) bounds[n++] = (uint32_t)i + (uint32_t)__builtin_ctzll(changes);
  }
  for (; i < count; i++) {
    unsigned now = is_word(bytes[i]);
    if (now != inside) bounds[n++] = (uint32_t)i;
    inside = now;
  }
  if (inside) bounds[n++] = (uint32_t)count;
  return n;
}
#else
size_t ck_word_bounds(const uint8_t *bytes, size_t count, uint32_t *bounds) {
  return ck_word_bounds_scalar(bytes, count, bounds);
}
#endif
