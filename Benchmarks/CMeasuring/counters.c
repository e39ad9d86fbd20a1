#define _GNU_SOURCE
#include "CMeasuring.h"

#include <string.h>

#if defined(__linux__)
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

int cm_instructions_open(void) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.size = sizeof attributes;
  attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  attributes.inherit = 1;
  return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

int64_t cm_instructions_read(int descriptor) {
  int64_t count = 0;
  return descriptor >= 0 && read(descriptor, &count, sizeof count) == sizeof count ? count : 0;
}
#else
int cm_instructions_open(void) { return -1; }
int64_t cm_instructions_read(int descriptor) { return 0; }
#endif

// valgrind's header is macros alone: nothing of it is needed where the program runs.
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
bool cm_is_under_valgrind(void) { return RUNNING_ON_VALGRIND != 0; }
void cm_callgrind_begin(void) {
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
}
void cm_callgrind_end(const char *part) {
  CALLGRIND_DUMP_STATS_AT(part);
  CALLGRIND_STOP_INSTRUMENTATION;
}
#else
bool cm_is_under_valgrind(void) { return false; }
void cm_callgrind_begin(void) {}
void cm_callgrind_end(const char *part) { (void)part; }
#endif

#if defined(__x86_64__)
#include <immintrin.h>

const char *cm_features(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) return "avx512";
  return __builtin_cpu_supports("avx2") ? "avx2" : "baseline";
}

__attribute__((target("avx2"))) static uint64_t sum_avx2(const uint64_t *words, size_t count) {
  __m256i sums[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
  size_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int k = 0; k < 4; k++)
      sums[k] = _mm256_add_epi64(sums[k], _mm256_loadu_si256((const __m256i *)(words + i + 4 * k)));
  __m256i sum = _mm256_add_epi64(_mm256_add_epi64(sums[0], sums[1]), _mm256_add_epi64(sums[2], sums[3]));
  uint64_t total = (uint64_t)_mm256_extract_epi64(sum, 0) + (uint64_t)_mm256_extract_epi64(sum, 1)
      + (uint64_t)_mm256_extract_epi64(sum, 2) + (uint64_t)_mm256_extract_epi64(sum, 3);
  for (; i < count; i++) total += words[i];
  return total;
}

uint64_t cm_sum(const void *words, size_t count) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) return sum_avx2(words, count);
  uint64_t total = 0;
  for (size_t i = 0; i < count; i++) total += ((const uint64_t *)words)[i];
  return total;
}
#else
const char *cm_features(void) { return "baseline"; }

uint64_t cm_sum(const void *words, size_t count) {
  uint64_t total = 0;
  for (size_t i = 0; i < count; i++) total += ((const uint64_t *)words)[i];
  return total;
}
#endif
