#include "CKernels.h"

void ck_set_trigrams(const uint32_t *table, const uint8_t *bytes, size_t count, uint32_t limit, uint64_t *bits) {
  uint32_t first = (limit + 63) & ~(uint32_t)63;
  for (size_t i = 0; i + 2 < count; i++) {
    uint32_t number = table[bytes[i]] + table[256 + bytes[i + 1]] + table[512 + bytes[i + 2]];
    // A move, not a branch. What is no trigram goes to eight words in turn: each would wait for the one before it.
    uint32_t none = first + ((uint32_t)(i & 7) << 6);
    number = number < limit ? number : none;
    bits[number >> 6] |= (uint64_t)1 << (number & 63);
  }
}

size_t ck_take_gaps(uint64_t *bits, size_t words, uint8_t *gaps) {
  uint8_t *out = gaps;
  uint32_t next = 0;
  for (size_t i = 0; i < words; i++) {
    uint64_t rest = bits[i];
    if (!rest) continue;
    bits[i] = 0;
    do {
      uint32_t number = (uint32_t)(i << 6) + (uint32_t)__builtin_ctzll(rest);
      rest &= rest - 1;
      uint32_t gap = number - next;
      next = number + 1;
      if (gap < 1 << 14) {
        // Both lengths are as frequent, so that no branch tells them apart: what is written too much is written over.
        uint32_t more = gap >= 0x80;
        out[0] = (uint8_t)((gap & 0x7F) | more << 7);
        out[1] = (uint8_t)(gap >> 7);
        out += 1 + more;
      } else {
        for (; gap >= 0x80; gap >>= 7) *out++ = (uint8_t)(gap | 0x80);
        *out++ = (uint8_t)gap;
      }
    } while (rest);
  }
  return (size_t)(out - gaps);
}
