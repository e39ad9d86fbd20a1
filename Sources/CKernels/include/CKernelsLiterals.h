// Literals in a text.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The most literals that are looked for at once.
#define CK_LITERALS 8

struct ck_literal {
  const uint8_t *bytes;
  // At least 1.
  size_t length;
  // The two of its bytes that are looked for first: those that texts hold least often.
  size_t first, second;
  // Whether letters of ASCII match whatever their case; those of `bytes` are small then.
  int folds;
};

// The least offset in text[start..<count] at which one of the literals is, and in `which` the first of those that are
// there; `count` where there is none.
size_t ck_find_literals(
    const uint8_t *text, size_t start, size_t count, const struct ck_literal *literals, size_t literal_count,
    size_t *which);
size_t ck_find_literals_scalar(
    const uint8_t *text, size_t start, size_t count, const struct ck_literal *literals, size_t literal_count,
    size_t *which);

// Whether all bytes are ASCII.
int ck_is_ascii(const uint8_t *bytes, size_t count);
int ck_is_ascii_scalar(const uint8_t *bytes, size_t count);

// The greatest offset in text[start..<end] at which `byte` is; `end` where it is nowhere. memrchr of the C library,
// which Swift does not see.
size_t ck_last_byte(const uint8_t *text, size_t start, size_t end, uint8_t byte);

// The least offset in text[start..<end] at which `byte` is; `end` where it is nowhere.
size_t ck_first_byte(const uint8_t *text, size_t start, size_t end, uint8_t byte);
