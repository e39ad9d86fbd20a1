// An allocator to be loaded before the C library's (LD_PRELOAD), as users do with faster ones: it ends a program that frees a block
// of another allocator, or asks for its size. No more than the tests need: each block has a head before it.
//
//   cc -shared -fPIC -O1 -fno-builtin -o allocator.so allocator.c

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

struct head {
  void *start;
  size_t size;
  uint64_t mark[2];
};
static const uint64_t own_mark = 0x6361697261696e21;

static struct head *head_of(void *block) {
  struct head *head = (struct head *)block - 1;
  if (head->mark[1] != own_mark) {
    static const char line[] = "a block of another allocator\n";
    (void)!write(STDERR_FILENO, line, sizeof line - 1);
    abort();
  }
  return head;
}

void *memalign(size_t alignment, size_t size) {
  if (alignment < sizeof(struct head)) alignment = sizeof(struct head);
  char *start = size > SIZE_MAX / 2 ? NULL : __libc_memalign(alignment, size + alignment);
  if (!start) {
    errno = ENOMEM;
    return NULL;
  }
  struct head *head = (struct head *)(start + alignment) - 1;
  *head = (struct head){start, size, {own_mark, own_mark}};
  return head + 1;
}

void *malloc(size_t size) { return memalign(sizeof(struct head), size); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  void *found = memalign(alignment, size);
  if (!found) return ENOMEM;
  *block = found;
  return 0;
}

void *calloc(size_t count, size_t size) {
  size_t whole;
  if (__builtin_mul_overflow(count, size, &whole)) whole = SIZE_MAX;
  void *block = malloc(whole);
  if (block) memset(block, 0, whole);
  return block;
}

void free(void *block) {
  if (!block) return;
  struct head *head = head_of(block);
  head->mark[1] = 0;
  __libc_free(head->start);
}

size_t malloc_usable_size(void *block) { return block ? head_of(block)->size : 0; }

void *realloc(void *block, size_t size) {
  if (!block) return malloc(size);
  size_t before = head_of(block)->size;
  void *moved = malloc(size);
  if (!moved) return NULL;
  memcpy(moved, block, size < before ? size : before);
  free(block);
  return moved;
}
