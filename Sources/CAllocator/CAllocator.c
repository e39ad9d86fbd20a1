// The allocator of the C library, except that the program ends with a line where there is no memory: Swift, and most of
// what is linked in, would end with a trap or touch address 0. What can do without asks the system for maps instead
// (arenas of parses, files) or asks beforehand whether there is room. For the executable alone: a library must not
// decide this for its host.
#define _GNU_SOURCE
#include "CAllocator.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// A sanitizer brings an allocator of its own, which sees every block, and ends the program itself where there is none.
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_ALLOCATOR_OF_SANITIZER 1
#endif
#endif

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

// The pages of addresses and of data that this process has, with its stack; 0 if the system does not tell.
static void count_pages(unsigned long *addresses, unsigned long *data) {
  char text[256];
  unsigned long numbers[7] = {0};
  int file = openat(AT_FDCWD, "/proc/self/statm", O_RDONLY | O_CLOEXEC);
  ssize_t count = file < 0 ? 0 : read(file, text, sizeof text);
  if (file >= 0) close(file);
  int number = 0;
  for (ssize_t i = 0; i < count && number < 7; i++) {
    if (text[i] >= '0' && text[i] <= '9') {
      numbers[number] = numbers[number] * 10 + (unsigned long)(text[i] - '0');
    } else {
      number++;
    }
  }
  *addresses = numbers[0];
  *data = numbers[5];
}

// Bytes that a limit leaves beside `pages`; as many as there are where it is none.
static rlim_t room(__rlimit_resource_t resource, unsigned long pages) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return RLIM_INFINITY;
  rlim_t used = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

const char *callocator_tightest_limit(void) {
  unsigned long addresses, data;
  count_pages(&addresses, &data);
  rlim_t addresses_left = room(RLIMIT_AS, addresses);
  rlim_t data_left = room(RLIMIT_DATA, data);
  if (addresses_left == RLIM_INFINITY && data_left == RLIM_INFINITY) return NULL;
  return data_left < addresses_left ? "ulimit -d" : "ulimit -v";
}

#ifndef HAS_ALLOCATOR_OF_SANITIZER
static void say(const char *words) { (void)!write(STDERR_FILENO, words, strlen(words)); }

__attribute__((noinline, noreturn, cold)) static void end(void) {
  static const char first[] = "cairn: out of memory; what was committed is kept: ";
  static const char last[] = ", or lower --max-memory-mb or --threads\n";
  const char *limit = callocator_tightest_limit();
  char line[sizeof first + sizeof last + 32] = "";
  strcat(line, first);
  if (limit == NULL) {
    strcat(line, "free some");
  } else {
    strcat(strcat(strcat(line, "give it more ("), limit), ")");
  }
  // The exit code of an error. Nothing is flushed: that takes memory.
  say(strcat(line, last));
  _exit(2);
}

static inline void *present(void *memory) {
  if (__builtin_expect(memory == NULL, 0)) end();
  return memory;
}

extern void __libc_free(void *);
// With the rest of the family: a block must go back to the allocator that gave it, also where another allocator was
// loaded before.
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
#endif
