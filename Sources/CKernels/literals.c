#define _GNU_SOURCE
#include <string.h>

#include "CKernels.h"

// Whether `literal` is at `text`; its letters are small where it folds their case.
static inline int is_at(const uint8_t *text, const struct ck_literal *literal) {
  if (!literal->folds) return memcmp(text, literal->bytes, literal->length) == 0;
  for (size_t i = 0; i < literal->length; i++) {
    uint8_t byte = text[i];
    if ((uint8_t)(byte - 'A') < 26) byte |= 0x20;
    if (byte != literal->bytes[i]) return 0;
  }
  return 1;
}

static inline uint8_t folding(const struct ck_literal *literal, size_t index) {
  return literal->folds && (uint8_t)(literal->bytes[index] - 'a') < 26 ? 0x20 : 0;
}

size_t ck_find_literals_scalar(
    const uint8_t *text, size_t start, size_t count, const struct ck_literal *literals, size_t literal_count,
    size_t *which) {
  for (size_t i = start; i < count; i++) {
    for (size_t n = 0; n < literal_count; n++) {
      if (count - i >= literals[n].length && is_at(text + i, &literals[n])) {
        *which = n;
        return i;
      }
    }
  }
  return count;
}

int ck_is_ascii_scalar(const uint8_t *bytes, size_t count) {
  uint8_t all = 0;
  for (size_t i = 0; i < count; i++) all |= bytes[i];
  return all < 0x80;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static int is_ascii_avx2(const uint8_t *bytes, size_t count) {
  size_t i = 0;
  for (; i + 128 <= count; i += 128) {
    const __m256i *from = (const __m256i *)(bytes + i);
    __m256i any = _mm256_or_si256(
        _mm256_or_si256(_mm256_loadu_si256(from), _mm256_loadu_si256(from + 1)),
        _mm256_or_si256(_mm256_loadu_si256(from + 2), _mm256_loadu_si256(from + 3)));
    if (_mm256_movemask_epi8(any)) return 0;
  }
  return ck_is_ascii_scalar(bytes + i, count - i);
}

// Two bytes of each literal are compared in 32 places at once; where both are there, the literal itself is compared.
__attribute__((target("avx2"))) static size_t find_avx2(
    const uint8_t *text, size_t start, size_t count, const struct ck_literal *literals, size_t literal_count,
    size_t *which) {
  __m256i first[CK_LITERALS], second[CK_LITERALS], first_fold[CK_LITERALS], second_fold[CK_LITERALS];
  size_t longest = 0;
  for (size_t n = 0; n < literal_count; n++) {
    const struct ck_literal *literal = &literals[n];
    first[n] = _mm256_set1_epi8((char)literal->bytes[literal->first]);
    second[n] = _mm256_set1_epi8((char)literal->bytes[literal->second]);
    first_fold[n] = _mm256_set1_epi8((char)folding(literal, literal->first));
    second_fold[n] = _mm256_set1_epi8((char)folding(literal, literal->second));
    if (literal->length > longest) longest = literal->length;
  }
  size_t i = start;
  if (literal_count == 1) {
    const struct ck_literal *literal = literals;
    const uint8_t *at_first = text + literal->first, *at_second = text + literal->second;
    for (; i + longest + 32 <= count; i += 32) {
      __m256i a = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(at_first + i)), first_fold[0]);
      __m256i b = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(at_second + i)), second_fold[0]);
      __m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(a, first[0]), _mm256_cmpeq_epi8(b, second[0]));
      for (uint32_t mask = (uint32_t)_mm256_movemask_epi8(both); mask; mask &= mask - 1) {
        size_t at = i + (size_t)__builtin_ctz(mask);
        if (is_at(text + at, literal)) {
          *which = 0;
          return at;
        }
      }
    }
    return ck_find_literals_scalar(text, i, count, literals, literal_count, which);
  }
  for (; i + longest + 32 <= count; i += 32) {
    __m256i any = _mm256_setzero_si256();
    for (size_t n = 0; n < literal_count; n++) {
      const uint8_t *from = text + i;
      __m256i a = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(from + literals[n].first)), first_fold[n]);
      __m256i b = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(from + literals[n].second)), second_fold[n]);
      any = _mm256_or_si256(any, _mm256_and_si256(_mm256_cmpeq_epi8(a, first[n]), _mm256_cmpeq_epi8(b, second[n])));
    }
    for (uint32_t mask = (uint32_t)_mm256_movemask_epi8(any); mask; mask &= mask - 1) {
      size_t at = i + (size_t)__builtin_ctz(mask);
      for (size_t n = 0; n < literal_count; n++) {
        if (is_at(text + at, &literals[n])) {
          *which = n;
          return at;
        }
      }
    }
  }
  return ck_find_literals_scalar(text, i, count, literals, literal_count, which);
}

size_t ck_find_literals(
    const uint8_t *text, size_t start, size_t count, const struct ck_literal *literals, size_t literal_count,
    size_t *which) {
  if (__builtin_cpu_supports("avx2")) return find_avx2(text, start, count, literals, literal_count, which);
  return ck_find_literals_scalar(text, start, count, literals, literal_count, which);
}

int ck_is_ascii(const uint8_t *bytes, size_t count) {
  return __builtin_cpu_supports("avx2") ? is_ascii_avx2(bytes, count) : ck_is_ascii_scalar(bytes, count);
}
#else
size_t ck_find_literals(
    const uint8_t *text, size_t start, size_t count, const struct ck_literal *literals, size_t literal_count,
    size_t *which) {
  return ck_find_literals_scalar(text, start, count, literals, literal_count, which);
}

int ck_is_ascii(const uint8_t *bytes, size_t count) { return ck_is_ascii_scalar(bytes, count); }
#endif

size_t ck_last_byte(const uint8_t *text, size_t start, size_t end, uint8_t byte) {
  const uint8_t *found = memrchr(text + start, byte, end - start);
  return found ? (size_t)(found - text) : end;
}

size_t ck_first_byte(const uint8_t *text, size_t start, size_t end, uint8_t byte) {
  const uint8_t *found = memchr(text + start, byte, end - start);
  return found ? (size_t)(found - text) : end;
}
