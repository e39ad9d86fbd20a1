// The allocator that would have served anyway (the C library's, or one that the user has loaded before it), except that the program
// ends with a line where there is no memory: Swift, and most of what is linked in, would end with a trap or touch address 0. What
// can do without asks the system for maps instead (arenas of parses, files) or asks beforehand whether there is room. For the
// executable alone: a library must not decide this for its host. Freeing is not touched, so the blocks must be those of whoever
// frees them: hence the next of each name, and never one of the C library's by its inner name.
#define _GNU_SOURCE
#include "CAllocator.h"
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <unistd.h>

__attribute__((noinline, noreturn, cold)) static void end(void) {
  static const char line[] =
      "cairn: out of memory; what was committed is kept: give it more (ulimit -v), or lower --max-memory-mb or --threads\n";
  // The exit code of an error. Nothing is flushed: that takes memory.
  (void)!write(STDERR_FILENO, line, sizeof line - 1);
  _exit(2);
}

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void *(*next_memalign)(size_t, size_t);
static void *(*next_aligned_alloc)(size_t, size_t);
static int (*next_posix_memalign)(void **, size_t, size_t);

// The function behind ours, found at its first call. Threads that are first at once find the same.
#define NEXT(name)                                                                      \
  ({                                                                                    \
    __typeof__(next_##name) next = __atomic_load_n(&next_##name, __ATOMIC_RELAXED);     \
    if (__builtin_expect(next == NULL, 0)) {                                            \
      next = (__typeof__(next_##name))dlsym(RTLD_NEXT, #name);                          \
      if (next == NULL) end();                                                          \
      __atomic_store_n(&next_##name, next, __ATOMIC_RELAXED);                           \
    }                                                                                   \
    next;                                                                               \
  })

static inline void *present(void *memory) {
  if (__builtin_expect(memory == NULL, 0)) end();
  return memory;
}

// What refuses for another reason, an alignment that is none, says so to its caller.
static inline void *aligned(void *memory) {
  if (__builtin_expect(memory == NULL, 0) && errno == ENOMEM) end();
  return memory;
}

void *malloc(size_t size) { return present(NEXT(malloc)(size)); }
void *calloc(size_t count, size_t size) { return present(NEXT(calloc)(count, size)); }
void *realloc(void *memory, size_t size) {
  void *moved = NEXT(realloc)(memory, size);
  // Asking for nothing gives the memory back.
  return size == 0 ? moved : present(moved);
}
void *memalign(size_t alignment, size_t size) { return aligned(NEXT(memalign)(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return aligned(NEXT(aligned_alloc)(alignment, size)); }
int posix_memalign(void **memory, size_t alignment, size_t size) {
  int result = NEXT(posix_memalign)(memory, alignment, size);
  if (__builtin_expect(result == ENOMEM, 0)) end();
  return result;
}
