#include "CKernels.h"

// Blocks of 128 numbers of `bits` bits each (0 to 32) in 16 * bits bytes: four interleaved streams of 32-bit
// little-endian words, number i in stream i % 4 (Lemire and Boytsov, "Decoding billions of integers per second through
// vectorization", 2015).

void ck_pack_128_scalar(const uint32_t *numbers, unsigned bits, uint8_t *packed) {
  for (unsigned i = 0; i < 16 * bits; i++) packed[i] = 0;
  for (unsigned i = 0; i < 128; i++) {
    unsigned stream = i & 3, position = (i >> 2) * bits;
    for (unsigned bit = 0; bit < bits; bit++, position++) {
      // Word position / 32 of the stream, as bytes.
      unsigned byte = (position >> 5) * 16 + stream * 4 + ((position & 31) >> 3);
      packed[byte] |= (uint8_t)(((numbers[i] >> bit) & 1) << (position & 7));
    }
  }
}

static uint32_t word_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

void ck_unpack_128_scalar(const uint8_t *packed, unsigned bits, uint32_t *numbers) {
  uint32_t mask = bits == 32 ? UINT32_MAX : (1u << bits) - 1;
  for (unsigned i = 0; i < 128; i++) {
    if (bits == 0) {
      numbers[i] = 0;
      continue;
    }
    unsigned position = (i >> 2) * bits, shift = position & 31;
    const uint8_t *at = packed + (position >> 5) * 16 + (i & 3) * 4;
    uint32_t number = word_at(at) >> shift;
    if (shift + bits > 32) number |= word_at(at + 16) << (32 - shift);
    numbers[i] = number & mask;
  }
}

void ck_unpack_codes_128_scalar(const uint8_t *packed, unsigned bits, uint8_t *codes) {
  uint32_t numbers[128];
  ck_unpack_128_scalar(packed, bits > 2 ? 0 : bits, numbers);
  for (unsigned i = 0; i < 128; i++) codes[i] = (uint8_t)numbers[i];
}

uint32_t ck_sum_gaps_128_scalar(uint32_t *numbers, uint32_t first) {
  uint32_t sum = first;
  for (unsigned i = 0; i < 128; i++) {
    sum += numbers[i];
    numbers[i] = sum;
    sum += 1;
  }
  return sum;
}

#if defined(__x86_64__)
#include <emmintrin.h>

// SSE2 is part of every x86-64.
void ck_pack_128(const uint32_t *numbers, unsigned bits, uint8_t *packed) {
  if (bits == 0 || bits > 32) return;
  __m128i mask = _mm_set1_epi32(bits == 32 ? -1 : (int)((1u << bits) - 1));
  const __m128i *from = (const __m128i *)numbers;
  __m128i *words = (__m128i *)packed;
  __m128i word = _mm_setzero_si128();
  unsigned shift = 0;
  for (unsigned i = 0; i < 32; i++) {
    __m128i number = _mm_and_si128(_mm_loadu_si128(from + i), mask);
    word = _mm_or_si128(word, _mm_sll_epi32(number, _mm_cvtsi32_si128((int)shift)));
    shift += bits;
    if (shift >= 32) {
      shift -= 32;
      _mm_storeu_si128(words++, word);
      // What did not fit; all of it did where the shift is 0, for which a shift by 32 bits gives zeros.
      word = _mm_srl_epi32(number, _mm_cvtsi32_si128((int)(bits - shift)));
    }
  }
}

void ck_unpack_128(const uint8_t *packed, unsigned bits, uint32_t *numbers) {
  if (bits == 0 || bits > 32) {
    for (unsigned i = 0; i < 128; i++) numbers[i] = 0;
    return;
  }
  __m128i mask = _mm_set1_epi32(bits == 32 ? -1 : (int)((1u << bits) - 1));
  const __m128i *words = (const __m128i *)packed;
  __m128i *out = (__m128i *)numbers;
  __m128i word = _mm_loadu_si128(words++);
  unsigned shift = 0;
  for (unsigned i = 0; i < 32; i++) {
    __m128i number = _mm_srl_epi32(word, _mm_cvtsi32_si128((int)shift));
    shift += bits;
    if (shift >= 32) {
      shift -= 32;
      // The last number ends exactly where the last word does.
      if (i < 31) {
        word = _mm_loadu_si128(words++);
        if (shift > 0) number = _mm_or_si128(number, _mm_sll_epi32(word, _mm_cvtsi32_si128((int)(bits - shift))));
      }
    }
    _mm_storeu_si128(out + i, _mm_and_si128(number, mask));
  }
}

void ck_unpack_codes_128(const uint8_t *packed, unsigned bits, uint8_t *codes) {
  if (bits > 2) bits = 0;
  __m128i mask = _mm_set1_epi32((1 << bits) - 1), word = _mm_setzero_si128();
  for (unsigned i = 0; i < 32; i += 4) {
    // 32 is a multiple of the bits, so that no number stands in two words.
    unsigned position = i * bits;
    if (bits != 0 && (position & 31) == 0) word = _mm_loadu_si128((const __m128i *)packed + position / 32);
    __m128i numbers[4];
    for (unsigned k = 0; k < 4; k++)
      numbers[k] = _mm_and_si128(_mm_srl_epi32(word, _mm_cvtsi32_si128((int)((position & 31) + k * bits))), mask);
    __m128i low = _mm_packs_epi32(numbers[0], numbers[1]), high = _mm_packs_epi32(numbers[2], numbers[3]);
    _mm_storeu_si128((__m128i *)(codes + 4 * i), _mm_packus_epi16(low, high));
  }
}

uint32_t ck_sum_gaps_128(uint32_t *numbers, uint32_t first) {
  __m128i *at = (__m128i *)numbers;
  __m128i one = _mm_set1_epi32(1), before = _mm_set1_epi32((int)(first - 1));
  for (unsigned i = 0; i < 32; i++) {
    __m128i steps = _mm_add_epi32(_mm_loadu_si128(at + i), one);
    steps = _mm_add_epi32(steps, _mm_slli_si128(steps, 4));
    steps = _mm_add_epi32(steps, _mm_slli_si128(steps, 8));
    __m128i sums = _mm_add_epi32(steps, before);
    _mm_storeu_si128(at + i, sums);
    before = _mm_shuffle_epi32(sums, 0xFF);
  }
  return (uint32_t)_mm_cvtsi128_si32(before) + 1;
}
#else
void ck_pack_128(const uint32_t *numbers, unsigned bits, uint8_t *packed) {
  if (bits <= 32) ck_pack_128_scalar(numbers, bits, packed);
}

void ck_unpack_128(const uint8_t *packed, unsigned bits, uint32_t *numbers) {
  if (bits > 32) bits = 0;
  ck_unpack_128_scalar(packed, bits, numbers);
}

void ck_unpack_codes_128(const uint8_t *packed, unsigned bits, uint8_t *codes) {
  ck_unpack_codes_128_scalar(packed, bits, codes);
}

uint32_t ck_sum_gaps_128(uint32_t *numbers, uint32_t first) { return ck_sum_gaps_128_scalar(numbers, first); }
#endif

size_t ck_add_scores(
    const uint32_t *chunks, const uint8_t *codes, size_t count, uint32_t first, uint32_t end, const uint8_t *lengths,
    const float *saturation, float weight, int32_t *sums) {
  uint32_t width = end - first;
  size_t i = 0;
  for (; i < count; i++) {
    uint32_t place = chunks[i] - first;
    if (place >= width) {
      if (chunks[i] >= end) break;
      continue;
    }
    sums[place] += (int32_t)(saturation[(size_t)(codes[i] & 3) * 256 + lengths[chunks[i]]] * weight);
  }
  return i;
}

// The first position from `from` on with a number of at least `least`, by galloping search.
static inline size_t place_of(const uint32_t *numbers, size_t from, size_t count, uint32_t least) {
  size_t step = 1, end = from;
  while (end < count && numbers[end] < least) {
    from = end + 1;
    end += step;
    step *= 2;
  }
  if (end > count) end = count;
  while (from < end) {
    size_t middle = from + (end - from) / 2;
    if (numbers[middle] < least) from = middle + 1;
    else end = middle;
  }
  return from;
}

size_t ck_intersect(
    const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, uint32_t *a_places, uint32_t *b_places) {
  size_t i = 0, j = 0, n = 0;
  while (i < a_count && j < b_count) {
    if (a[i] < b[j]) {
      i = place_of(a, i + 1, a_count, b[j]);
    } else if (b[j] < a[i]) {
      j = place_of(b, j + 1, b_count, a[i]);
    } else {
      a_places[n] = (uint32_t)i++;
      b_places[n++] = (uint32_t)j++;
    }
  }
  return n;
}

size_t ck_find_above_scalar(const int32_t *sums, size_t count, int32_t least, uint32_t *found) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    if (sums[i] > least) found[n++] = (uint32_t)i;
  }
  return n;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static size_t find_above_avx512(
    const int32_t *sums, size_t count, int32_t least, uint32_t *found) {
  __m512i limit = _mm512_set1_epi32(least);
  size_t n = 0, i = 0;
  for (; i + 32 <= count; i += 32) {
    unsigned low = _mm512_cmpgt_epi32_mask(_mm512_loadu_si512(sums + i), limit);
    unsigned high = _mm512_cmpgt_epi32_mask(_mm512_loadu_si512(sums + i + 16), limit);
    for (unsigned mask = low | high << 16; mask; mask &= mask - 1)
      found[n++] = (uint32_t)i + (uint32_t)__builtin_ctz(mask);
  }
  for (; i < count; i++) {
    if (sums[i] > least) found[n++] = (uint32_t)i;
  }
  return n;
}
#endif

size_t ck_find_above(const int32_t *sums, size_t count, int32_t least, uint32_t *found) {
  size_t n = 0, i = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return find_above_avx512(sums, count, least, found);
  __m128i limit = _mm_set1_epi32(least);
  for (; i + 16 <= count; i += 16) {
    const __m128i *at = (const __m128i *)(sums + i);
    __m128i a = _mm_cmpgt_epi32(_mm_loadu_si128(at), limit), b = _mm_cmpgt_epi32(_mm_loadu_si128(at + 1), limit);
    __m128i c = _mm_cmpgt_epi32(_mm_loadu_si128(at + 2), limit), d = _mm_cmpgt_epi32(_mm_loadu_si128(at + 3), limit);
    unsigned mask = (unsigned)_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d)));
    for (; mask; mask &= mask - 1) found[n++] = (uint32_t)i + (uint32_t)__builtin_ctz(mask);
  }
#endif
  for (; i < count; i++) {
    if (sums[i] > least) found[n++] = (uint32_t)i;
  }
  return n;
}
