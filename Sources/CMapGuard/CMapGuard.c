// For anonymous maps and sigaction.
#define _GNU_SOURCE
#include "CMapGuard.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 4096 };

// A handler may interrupt anything, so that it can take no lock and call no allocator: a fixed table of atomics. `version` is odd
// while an entry is written, so that a handler never takes the start of one map with the size of another.
static struct {
  atomic_bool is_taken;
  _Atomic uint32_t version;
  _Atomic uintptr_t start;
  _Atomic size_t count;
  atomic_bool is_cut;
} maps[LIMIT];

// Entries at and after this one were never used.
static atomic_int end;
static atomic_uint cut_count;
static struct sigaction previous;
static uintptr_t page_size;

// Whether `address` lay in a guarded map, over whose rest there are zeros now.
static bool put_zeros(uintptr_t address) {
  int limit = atomic_load(&end);
  for (int i = 0; i < limit; i++) {
    uint32_t version = atomic_load(&maps[i].version);
    uintptr_t start = atomic_load(&maps[i].start);
    size_t count = atomic_load(&maps[i].count);
    if (version % 2 != 0 || atomic_load(&maps[i].version) != version) continue;
    if (start == 0 || address < start || address - start >= count) continue;
    // First: who reads a zero must find the mark.
    if (!atomic_exchange(&maps[i].is_cut, true)) atomic_fetch_add(&cut_count, 1);
    uintptr_t page = address & ~(page_size - 1);
    size_t rest = start + count - page;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    return mmap((void *)page, rest, PROT_READ, flags, -1, 0) != MAP_FAILED;
  }
  return false;
}

static void handle(int number, siginfo_t *info, void *context) {
  int saved = errno;
  // Only a fault has an address; a signal that a process sent has a code of 0 or less.
  bool is_fault = info->si_code > 0;
  if (is_fault && put_zeros((uintptr_t)info->si_addr)) {
    errno = saved;
    return;
  }
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(number, info, context);
  } else if (previous.sa_handler == SIG_IGN && !is_fault) {
    // As it was wished.
  } else if (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN) {
    // The fault is taken again where it was, or the signal sent again, and ends the process as it would have.
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
    if (!is_fault) raise(number);
  } else {
    previous.sa_handler(number);
  }
  errno = saved;
}

static void install(void) {
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  // Known before the new handler can run.
  sigaction(SIGBUS, NULL, &previous);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, NULL);
}

int cmapguard_add(const void *start, size_t count) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  for (int i = 0; i < LIMIT; i++) {
    bool is_taken = false;
    if (!atomic_compare_exchange_strong(&maps[i].is_taken, &is_taken, true)) continue;
    atomic_fetch_add(&maps[i].version, 1);
    atomic_store(&maps[i].is_cut, false);
    atomic_store(&maps[i].count, count);
    atomic_store(&maps[i].start, (uintptr_t)start);
    atomic_fetch_add(&maps[i].version, 1);
    int known = atomic_load(&end);
    while (known <= i && !atomic_compare_exchange_weak(&end, &known, i + 1)) {
    }
    return i;
  }
  return -1;
}

bool cmapguard_is_cut(int number) { return number >= 0 && number < LIMIT && atomic_load(&maps[number].is_cut); }

void cmapguard_remove(int number) {
  if (number < 0 || number >= LIMIT) return;
  atomic_fetch_add(&maps[number].version, 1);
  atomic_store(&maps[number].start, 0);
  atomic_fetch_add(&maps[number].version, 1);
  atomic_store(&maps[number].is_taken, false);
}

unsigned cmapguard_cut_count(void) { return atomic_load(&cut_count); }
