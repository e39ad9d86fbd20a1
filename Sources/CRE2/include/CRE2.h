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

// Compiles the `count` bytes of `pattern`. Returns NULL with the reason in `error` (cut to `error_size`) where RE2
// refuses it or there is no memory. `memory` is the most bytes that its automata take, all threads together. `utf8`:
// whether texts are UTF-8, or bytes.
cre2_pattern *cre2_compile(const uint8_t *pattern, size_t count, bool utf8, int64_t memory, char *error,
                           size_t error_size);
void cre2_free(cre2_pattern *pattern);

// The leftmost match in text[start..<end], as a backtracking engine would find it. What is before `start` is seen by
// assertions. Returns 1 with its bounds, 0 where there is none, -1 where the memory did not suffice.
int cre2_match(const cre2_pattern *pattern, const uint8_t *text, size_t start, size_t end, size_t *match_start,
               size_t *match_end);

// Of a set of patterns, which literals a text must hold so that it can match: RE2's own view, for tests. Calls
// `visit` with each literal, lower-cased, and returns their number, or -1 where the pattern is refused. `passes`
// answers whether a text that holds only the literals whose numbers are in `found` could match.
typedef struct cre2_filter cre2_filter;
cre2_filter *cre2_filter_make(const uint8_t *pattern, size_t count, size_t least_length);
void cre2_filter_free(cre2_filter *filter);
size_t cre2_filter_count(const cre2_filter *filter);
const char *cre2_filter_literal(const cre2_filter *filter, size_t index, size_t *count);
bool cre2_filter_passes(const cre2_filter *filter, const int *found, size_t count);

#ifdef __cplusplus
}
#endif
