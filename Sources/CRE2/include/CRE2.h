// Regular expressions in linear time: a C face over RE2 (Debian's libre2-dev), because neither C++ classes nor
// exceptions cross into Swift.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

// A compiled pattern. May be used by many threads at once.
typedef struct cre2_pattern cre2_pattern;

// Compiles the `count` bytes of `pattern`. Returns NULL where RE2 refuses it or there is no memory. `memory` is the most
// bytes that its automata take, all threads together. `utf8`: whether texts are UTF-8, or bytes.
cre2_pattern *cre2_compile(const uint8_t *pattern, size_t count, bool utf8, int64_t memory);
void cre2_free(cre2_pattern *pattern);

// The leftmost match in text[start..<end], as a backtracking engine would find it. What is before `start` is seen by
// assertions. Returns 1 with its bounds, 0 where there is none, -1 where the memory did not suffice.
int cre2_match(const cre2_pattern *pattern, const uint8_t *text, size_t start, size_t end, size_t *match_start,
               size_t *match_end);

#ifdef __cplusplus
}
#endif
