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

enum { LIMIT = 4096, GROUP_LIMIT = 1024 };

// A handler may interrupt anything, so that it can take no lock and call no allocator: a fixed table of atomics.
// `version` is odd while an entry is written, so that a handler never takes the start of one map with the size of
// another.
static struct {
  atomic_bool is_taken;
  _Atomic uint32_t version;
  _Atomic uintptr_t start;
  _Atomic size_t count;
  // -1: none.
  _Atomic int group;
  atomic_bool is_first;
  atomic_bool is_cut;
} maps[LIMIT];

static struct {
  atomic_bool is_taken;
  atomic_bool is_cut;
} groups[GROUP_LIMIT];

// Entries at and after this one were never used.
static atomic_int end;
static atomic_uint cut_count;
static struct sigaction previous;
static uintptr_t page_size;

struct entry {
  uintptr_t start;
  size_t count;
  int group;
  bool is_first;
};

// False for an entry that is free or being written.
static bool read_entry(int i, struct entry *entry) {
  uint32_t version = atomic_load(&maps[i].version);
  entry->start = atomic_load(&maps[i].start);
  entry->count = atomic_load(&maps[i].count);
  entry->group = atomic_load(&maps[i].group);
  entry->is_first = atomic_load(&maps[i].is_first);
  return version % 2 == 0 && atomic_load(&maps[i].version) == version && entry->start != 0;
}

static bool map_zeros(uintptr_t start, size_t count, int protection) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  return mmap((void *)start, count, protection, flags, -1, 0) != MAP_FAILED;
}

// Puts memory of this process alone in the place of every map of the group, the first part of the file before the
// others: who finds a zero in one of them can reach the file through none of them any more.
static bool part_from_file(int group) {
  if (!atomic_exchange(&groups[group].is_cut, true)) atomic_fetch_add(&cut_count, 1);
  bool done = true;
  int limit = atomic_load(&end);
  for (int rest = 0; rest < 2; rest++) {
    for (int i = 0; i < limit; i++) {
      struct entry entry;
      if (!read_entry(i, &entry) || entry.group != group || entry.is_first == rest) continue;
      // Once: what was written there since is not lost again.
      if (atomic_exchange(&maps[i].is_cut, true)) continue;
      done = map_zeros(entry.start, entry.count, PROT_READ | PROT_WRITE) && done;
    }
  }
  return done;
}

// Whether `address` lay in a guarded map, over whose rest there are zeros now.
static bool put_zeros(uintptr_t address) {
  int limit = atomic_load(&end);
  for (int i = 0; i < limit; i++) {
    struct entry entry;
    if (!read_entry(i, &entry) || address < entry.start || address - entry.start >= entry.count) continue;
    if (entry.group >= 0) return part_from_file(entry.group);
    // First: who reads a zero must find the mark.
    if (!atomic_exchange(&maps[i].is_cut, true)) atomic_fetch_add(&cut_count, 1);
    uintptr_t page = address & ~(page_size - 1);
    return map_zeros(page, entry.start + entry.count - page, PROT_READ);
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

static int add(const void *start, size_t count, int group, bool is_first) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  for (int i = 0; i < LIMIT; i++) {
    bool is_taken = false;
    if (!atomic_compare_exchange_strong(&maps[i].is_taken, &is_taken, true)) continue;
    atomic_fetch_add(&maps[i].version, 1);
    atomic_store(&maps[i].is_cut, false);
    atomic_store(&maps[i].count, count);
    atomic_store(&maps[i].group, group);
    atomic_store(&maps[i].is_first, is_first);
    atomic_store(&maps[i].start, (uintptr_t)start);
    atomic_fetch_add(&maps[i].version, 1);
    int known = atomic_load(&end);
    while (known <= i && !atomic_compare_exchange_weak(&end, &known, i + 1)) {
    }
    return i;
  }
  return -1;
}

int cmapguard_add(const void *start, size_t count) { return add(start, count, -1, false); }

int cmapguard_add_to_group(int group, const void *start, size_t count, bool is_first) {
  return group < 0 || group >= GROUP_LIMIT ? -1 : add(start, count, group, is_first);
}

int cmapguard_begin_group(void) {
  for (int i = 0; i < GROUP_LIMIT; i++) {
    bool is_taken = false;
    if (!atomic_compare_exchange_strong(&groups[i].is_taken, &is_taken, true)) continue;
    atomic_store(&groups[i].is_cut, false);
    return i;
  }
  return -1;
}

bool cmapguard_is_group_cut(int group) {
  return group >= 0 && group < GROUP_LIMIT && atomic_load(&groups[group].is_cut);
}

void cmapguard_end_group(int group) {
  if (group >= 0 && group < GROUP_LIMIT) atomic_store(&groups[group].is_taken, false);
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
