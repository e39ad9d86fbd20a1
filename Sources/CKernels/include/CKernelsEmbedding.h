// Arithmetic of the static embedding. Every variant gives the same bits: each component is its own chain of one rounded
// product and one rounded sum for each row, in the order of the list, never fused and never reordered.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  CK_EMBED_SCALAR,    // the twin: plain loops
  CK_EMBED_BASELINE,  // the vectors every processor of the architecture has
  CK_EMBED_AVX2,
  CK_EMBED_AVX512,
} ck_embed_variant;

// Whether this processor can run `variant`.
bool ck_embed_supports(ck_embed_variant variant);
// The widest variant that this processor can run.
ck_embed_variant ck_embed_widest(void);

// sum[i] += weights[k] * rows[numbers[k] * stride + i] for each k in turn and each i below `dimensions`, a multiple of
// 64 that is at most `stride`. Rows begin at multiples of 64 bytes for speed alone.
void ck_embed_accumulate(ck_embed_variant variant, float *sum, size_t dimensions, const int8_t *rows, size_t stride,
                         const uint32_t *numbers, const float *weights, size_t count);

// The dot product of `query` and a vector scaled to unit length: `start` and what `ck_embed_accumulate` would add to
// it. 0 if that is zeros. In 16 chains, single precision; every variant gives the same bits.
float ck_embed_similarity(ck_embed_variant variant, const float *start, size_t dimensions, const int8_t *rows,
                          size_t stride, const uint32_t *numbers, const float *weights, size_t count,
                          const float *query);

// Writes `sum` scaled to unit length to `unit`; zeros for zeros. `dimensions` is a multiple of 64.
void ck_embed_normalise(float *unit, const float *sum, size_t dimensions);

// Writes where each word begins and ends, and gives how many there are; both have room for `count`, which is below
// 2^32. A word is what `WordScanner` says, runs of more than 4 digits included.
size_t ck_embed_words(const uint8_t *bytes, size_t count, uint32_t *starts, uint32_t *ends);
size_t ck_embed_words_scalar(const uint8_t *bytes, size_t count, uint32_t *starts, uint32_t *ends);
