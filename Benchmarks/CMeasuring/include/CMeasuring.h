// What the part benchmarks count. Linked into their program alone: it counts by standing in for malloc.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Instructions in user mode, of the calling thread and those it starts. `cm_instructions_open` gives a descriptor, or -1
// where the kernel or the machine allows no counting; `cm_instructions_read` gives the count since the opening.
int cm_instructions_open(void);
int64_t cm_instructions_read(int descriptor);

// Whether the program runs under valgrind, and the requests that cut a run under callgrind into parts: what happens
// between the two is written to a file of its own, which names the part. They do nothing outside.
bool cm_is_under_valgrind(void);
void cm_callgrind_begin(void);
void cm_callgrind_end(const char *part);

// Calls of malloc, calloc, realloc and the aligned ones by all threads since the last reset, and the bytes they asked for.
typedef struct {
  uint64_t count;
  uint64_t byteCount;
} cm_allocations;
void cm_allocations_reset(void);
cm_allocations cm_allocations_read(void);

// The sum of `count` words, read as wide as the processor can: the memory-bandwidth baseline of any scan.
uint64_t cm_sum(const void *words, size_t count);

// The widest instructions that the kernels of this program will choose: `avx512`, `avx2`, `baseline`.
const char *cm_features(void);
