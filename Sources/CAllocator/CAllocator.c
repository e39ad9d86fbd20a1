// The allocator of the C library, except that the program ends with a line where there is no memory: Swift, and most of what is
// linked in, would end with a trap or touch address 0. What can do without asks the system for maps instead (arenas of parses,
// files) or asks beforehand whether there is room. For the executable alone: a library must not decide this for its host.
#define _GNU_SOURCE
#include "CAllocator.h"
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

__attribute__((noinline, noreturn, cold)) static void end(void) {
  static const char line[] =
      "cairn: out of memory; what was committed is kept: give it more (ulimit -v), or lower --max-memory-mb or --threads\n";
  // The exit code of an error. Nothing is flushed: that takes memory.
  (void)!write(STDERR_FILENO, line, sizeof line - 1);
  _exit(2);
}

static inline void *present(void *memory) {
  if (__builtin_expect(memory == NULL, 0)) end();
  return memory;
}

extern void __libc_free(void *);
// With the rest of the family: a block must go back to whoever gave it, also where another allocator was loaded before.
void free(void *memory) { __libc_free(memory); }

void *malloc(size_t size) { return present(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return present(__libc_calloc(count, size)); }
void *realloc(void *memory, size_t size) {
  void *moved = __libc_realloc(memory, size);
  // Asking for nothing gives the memory back.
  return moved == NULL && size != 0 ? present(moved) : moved;
}
void *memalign(size_t alignment, size_t size) { return present(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return present(__libc_memalign(alignment, size)); }
int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  *memory = present(__libc_memalign(alignment, size));
  return 0;
}
