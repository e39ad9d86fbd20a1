// Arithmetic over vectors and posting lists. The widest instructions are chosen at run time, each kernel that uses
// them has a scalar twin, and nothing here allocates.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "CKernelsEmbedding.h"
#include "CKernelsLiterals.h"

// The dot product of two int8 vectors of `count` components.
int32_t ck_dot_i8(const int8_t *a, const int8_t *b, size_t count);
int32_t ck_dot_i8_scalar(const int8_t *a, const int8_t *b, size_t count);

// The dot products of an int16 query and `count` contiguous rows of `stride` int8 components. `stride` is a
// multiple of 32, and stride * 127 * the largest magnitude in `query` is below 2^31.
void ck_scan_i16_i8(const int16_t *query, const int8_t *rows, size_t stride, size_t count, int32_t *dots);
void ck_scan_i16_i8_scalar(const int16_t *query, const int8_t *rows, size_t stride, size_t count, int32_t *dots);

// Bits of the numbers of a query that is compared with rows of bits.
#define CK_PLANES 4

// For each of `count` rows of `bytes` bytes (a multiple of 4), the sum of the query's numbers at the row's set bits;
// writes the sums above `least` to `sums` and their rows, ascending, to `found`, which both have room for `count` (what
// lies behind them is overwritten). Gives how many there are. `planes` are CK_PLANES rows: plane b holds bit b of each
// number in two's complement, the lowest first.
size_t ck_scan_bits_above(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t least, int32_t *sums,
    uint32_t *found);
size_t ck_scan_bits_above_scalar(
    const uint8_t *planes, const uint8_t *rows, size_t bytes, size_t count, int32_t least, int32_t *sums,
    uint32_t *found);

// Rounds `vector` of `count` numbers to 16 levels, -8 to 7, whose step follows from the vector's length, as four bit
// planes (bit-sliced) of `bytes` bytes (bytes * 8 >= count; the rest are zeros): bit b of component i is bit i % 8 of
// byte i / 8 of plane b. Planes 0 to 2 go to `low`, contiguous; plane 3, which is set for negative components, to
// `signs`. Numbers that are not finite count as 0.
void ck_quantise_planes(const float *vector, size_t count, size_t bytes, uint8_t *low, uint8_t *signs);
void ck_quantise_planes_scalar(const float *vector, size_t count, size_t bytes, uint8_t *low, uint8_t *signs);

// Unpacks `count` rows of planes to rows of bytes * 8 components, and the sum of the squares of each.
void ck_unpack_planes(
    const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, int8_t *components, int32_t *squares);
void ck_unpack_planes_scalar(
    const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, int8_t *components, int32_t *squares);

// The dot products of an int16 query of bytes * 8 numbers and rows of planes, and the sum of the squares of each row:
// of the rows `numbers`, or of the first `count` where there are none. `bytes` is a multiple of 4, and 8 * bytes *
// 127 * the largest magnitude in `query` is below 2^31.
void ck_scan_planes(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, const uint32_t *numbers, size_t count,
    int32_t *dots, int32_t *squares);
void ck_scan_planes_scalar(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, const uint32_t *numbers, size_t count,
    int32_t *dots, int32_t *squares);

// Writes dots[i] * factor / the root of squares[i] to `scores` (0 if the square is 0), and the indices of those of
// at least `least` to `found`; both have room for `count`. Gives how many were found.
size_t ck_scores_at_least(
    const int32_t *dots, const int32_t *squares, float factor, size_t count, float least, float *scores,
    uint32_t *found);
size_t ck_scores_at_least_scalar(
    const int32_t *dots, const int32_t *squares, float factor, size_t count, float least, float *scores,
    uint32_t *found);

// Finds the rows of at least `least` among the first `count` of planes, ascending: writes their scores, each dot *
// factor / the root of the square of `ck_scan_planes` (0 if the square is 0), to `scores`, and the rows to `found`;
// both have room for `count`. Gives how many were found.
size_t ck_find_planes(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, float factor, float least,
    float *scores, uint32_t *found);
size_t ck_find_planes_scalar(
    const int16_t *query, const uint8_t *low, const uint8_t *signs, size_t bytes, size_t count, float factor, float least,
    float *scores, uint32_t *found);

// Packs the lowest `bits` bits (0 to 32) of 128 numbers into 16 * bits bytes.
void ck_pack_128(const uint32_t *numbers, unsigned bits, uint8_t *packed);
void ck_pack_128_scalar(const uint32_t *numbers, unsigned bits, uint8_t *packed);
// Unpacks them again; more than 32 bits give zeros.
void ck_unpack_128(const uint8_t *packed, unsigned bits, uint32_t *numbers);
void ck_unpack_128_scalar(const uint8_t *packed, unsigned bits, uint32_t *numbers);

// Unpacks 128 numbers of 0 to 2 bits that ck_pack_128 packed to a byte each; more bits give zeros.
void ck_unpack_codes_128(const uint8_t *packed, unsigned bits, uint8_t *codes);
void ck_unpack_codes_128_scalar(const uint8_t *packed, unsigned bits, uint8_t *codes);

// Replaces 128 gaps by ascending numbers: the first is first + its gap, each other one is 1 + its gap above the one
// before. Gives the number above the last.
uint32_t ck_sum_gaps_128(uint32_t *numbers, uint32_t first);
uint32_t ck_sum_gaps_128_scalar(uint32_t *numbers, uint32_t first);

// For the postings of chunks in first..<end, adds to sums[chunk - first] the whole part of saturation[code * 256 +
// lengths[chunk]] * weight. `lengths` has at least `end` elements, `saturation` 4 * 256. Stops at the first chunk at or
// above `end`; gives its index.
size_t ck_add_scores(
    const uint32_t *chunks, const uint8_t *codes, size_t count, uint32_t first, uint32_t end, const uint8_t *lengths,
    const float *saturation, float weight, int32_t *sums);

// Writes the places at which two ascending runs have the same number, which have room for the smaller of both counts;
// gives how many there are. Runs that do not ascend have some of them found.
size_t ck_intersect(
    const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, uint32_t *a_places, uint32_t *b_places);

// Writes the indices of the sums above `least` to `found`, which has room for `count`; gives how many there are.
size_t ck_find_above(const int32_t *sums, size_t count, int32_t least, uint32_t *found);
size_t ck_find_above_scalar(const int32_t *sums, size_t count, int32_t least, uint32_t *found);

// How many of `count` bytes are `wanted`.
size_t ck_count_byte(const uint8_t *bytes, size_t count, uint8_t wanted);
size_t ck_count_byte_scalar(const uint8_t *bytes, size_t count, uint8_t wanted);

// Writes the indices of the bytes that are `wanted` to `found`, which has room for as many as there are, and gives
// their number; `count` is below 2^32.
size_t ck_find_byte(const uint8_t *bytes, size_t count, uint8_t wanted, uint32_t *found);
size_t ck_find_byte_scalar(const uint8_t *bytes, size_t count, uint8_t wanted, uint32_t *found);

// Asks for the cache line at `at`, which will be read soon. Any address will do.
static inline void ck_prefetch(const void *at) { __builtin_prefetch(at); }

// Writes where runs of letters, digits, `_` and bytes beyond ASCII begin and end, in turn, to `bounds`, which has room
// for `count` + 1, and gives how many numbers these are; `count` is below 2^32.
size_t ck_word_bounds(const uint8_t *bytes, size_t count, uint32_t *bounds);
size_t ck_word_bounds_scalar(const uint8_t *bytes, size_t count, uint32_t *bounds);

// A prefilter: sets the bit of each byte at which a word may begin that begins as `tables` say, and clears all others:
// `places` has a bit for each of `count` bytes, the lowest first, and what is left of the last number is 0. `tables`
// have 16 entries for the low half of a word's first byte, 16 for its high half, and the same for its second and third:
// a bit of an entry stands for some of the words, and one that all six entries have in common lets a place through.
// Behind the last byte stand zeros. No word begins with a small letter behind a letter.
void ck_word_beginnings(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *places);
void ck_word_beginnings_scalar(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *places);

// Sets in `starts` the bit of each byte at which a whole word begins, a run of letters, digits and `_`, and in `places`
// of those that begin as `tables` say; both as `ck_word_beginnings` has them. An n, t, r or 0 behind a backslash is of
// no word. Gives 0 if a byte is beyond ASCII: what was set then means nothing.
int ck_whole_words(const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *starts, uint64_t *places);
int ck_whole_words_scalar(
    const uint8_t *tables, const uint8_t *bytes, size_t count, uint64_t *starts, uint64_t *places);

// The dot product of two vectors, in 16 chains that are added up at the end: the same on every machine that does not
// fuse products and sums.
float ck_dot_f32(const float *a, const float *b, size_t count);

// Sets the bit of each trigram of a text: of table[a] + table[256 + b] + table[512 + c] for three bytes, where that is
// below `limit`. `bits` has a bit for each number below it, in whole words, and 8 words behind them, of which the content
// means nothing after. No three entries exceed 32 bits together.
void ck_set_trigrams(const uint32_t *table, const uint8_t *bytes, size_t count, uint32_t limit, uint64_t *bits);

// Writes the numbers of the set bits of `words` words, each less the one before and less 1 (the first one as it is), in
// groups of 7 bits, and clears the bits. Gives the bytes written, which are 3 for each set bit at most where there are at
// most 1 << 21 bits; there is room for one more.
size_t ck_take_gaps(uint64_t *bits, size_t words, uint8_t *gaps);
