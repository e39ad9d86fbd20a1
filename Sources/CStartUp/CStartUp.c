// What the program must have before Swift's runtime is started, checked before `main`: the runtime makes its
// descriptors and threads before the first line of an asynchronous `main`, and a process that has none to spare ends
// there with SIGILL, or waits for ever. For the executable alone: a library must not decide this for its host.
#define _GNU_SOURCE
#include "CStartUp.h"
#include "CAllocator.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// Free descriptors with which every command gets through; a search that runs out of them would lose results.
enum { descriptors_needed = 24, descriptors_usual = 256 };
// Threads without which the runtime would wait for ever: two that run tasks, one that waits for events, one for a
// command's work, one to spare.
enum { threads_needed = 5 };

__attribute__((noreturn, format(printf, 1, 2))) static void end(const char *format, ...) {
  char line[512];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  if (length > 0) (void)!write(STDERR_FILENO, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
  // The exit code of an error.
  _exit(2);
}

// The stack with which every command gets through: patterns are compiled and trees of directories walked on it.
enum { stack_needed = 256 << 10, stack_usual = 8 << 20 };

// A closed one of the first three descriptors would be given to the next file that is opened, into which messages are
// written then. It is held by what can neither be read nor written: both fail as they do with a closed one.
static void hold_standard_streams(void) {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    int held = openat(AT_FDCWD, "/", O_PATH);
    if (held > STDERR_FILENO) close(held);
  }
}

// As with descriptors; the stacks of threads are made by the limit that held when the C library was loaded. Returns
// whether there is enough.
static int raise_stack_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= stack_needed) return 1;
  if (limit.rlim_max < stack_needed) return 0;
  limit.rlim_cur = limit.rlim_max < stack_usual ? limit.rlim_max : stack_usual;
  if (setrlimit(RLIMIT_STACK, &limit) != 0) return 0;
  pthread_attr_t attributes;
  if (pthread_getattr_default_np(&attributes) != 0) return 1;
  pthread_attr_setstacksize(&attributes, limit.rlim_cur);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
  return 1;
}

// The soft limit is the user's default, the hard one what is meant.
static void raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= descriptors_usual) return;
  limit.rlim_cur = limit.rlim_max < descriptors_usual ? limit.rlim_max : descriptors_usual;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Descriptors that can be had, up to those needed. Where the limit is the usual one and the last of those needed is not
// in use yet, nearly all below it are free, and one check is enough.
static int free_descriptors(void) {
  struct rlimit limit;
  int held[descriptors_needed];
  int count = 0;
  int first = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (first < 0) return 0;
  if (first < descriptors_usual - descriptors_needed && getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
      limit.rlim_cur >= descriptors_usual) {
    int last = fcntl(first, F_DUPFD_CLOEXEC, first + descriptors_needed);
    close(first);
    if (last < 0) return 0;
    int isNear = last == first + descriptors_needed;
    close(last);
    if (isNear) return descriptors_needed;
    first = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (first < 0) return 0;
  }
  for (held[count++] = first; count < descriptors_needed; count++) {
    held[count] = dup(first);
    if (held[count] < 0) break;
  }
  for (int index = 0; index < count; index++) close(held[index]);
  return count;
}

// Is held while threads are made, so that none ends before the last one is there.
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *pass_gate(void *unused) {
  pthread_mutex_lock(&gate);
  pthread_mutex_unlock(&gate);
  return unused;
}

// The error of making so many threads at once as the runtime makes them, or 0. The runtime itself would try again for
// ever. The C library keeps their stacks for the next ones, so that what was to be had stays so.
static int problem_with_threads(void) {
  pthread_t threads[threads_needed];
  int problem = 0;
  int count = 0;
  pthread_mutex_lock(&gate);
  while (count < threads_needed && (problem = pthread_create(&threads[count], NULL, pass_gate, NULL)) == 0) count++;
  pthread_mutex_unlock(&gate);
  for (int index = 0; index < count; index++) pthread_join(threads[index], NULL);
  return problem;
}

// Whether the stack of one more thread can be had. The system gives the same error where it cannot as where there are
// too many threads.
static int has_stack(void) {
  pthread_attr_t attributes;
  size_t size = 8 << 20;
  if (pthread_getattr_default_np(&attributes) == 0) {
    pthread_attr_getstacksize(&attributes, &size);
    pthread_attr_destroy(&attributes);
  }
  void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return 0;
  munmap(stack, size);
  return 1;
}

typedef int open_function(const char *, int, ...);

// Of the C library, or of what was loaded before it.
static open_function *next_open(void) {
  static _Atomic(open_function *) found;
  open_function *function = found;
  if (function == NULL) found = function = (open_function *)dlsym(RTLD_NEXT, "open");
  return function;
}

// Whether `path` is `/proc/NUMBER/stat`.
static int is_state_of_thread(const char *path) {
  if (strncmp(path, "/proc/", 6) != 0) return 0;
  const char *number = path + 6;
  size_t count = strspn(number, "0123456789");
  return count > 0 && strcmp(number + count, "/stat") == 0;
}

// `open` as this program has it; libraries that are loaded have the C library's. The dispatch library that is linked in
// looks once a second, while tasks wait, how many of its threads are running (`_dispatch_workq_monitor_pools`), and
// ends the process with a trap where it gets -1 for one: also where there is no descriptor to spare for a moment, or no
// `/proc`. With any other number that is no descriptor it goes on: reading it fails, and the thread is taken for one
// that waits.
__attribute__((visibility("hidden"))) int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (__OPEN_NEEDS_MODE(flags)) {
    va_list values;
    va_start(values, flags);
    mode = va_arg(values, mode_t);
    va_end(values);
  }
  open_function *function = next_open();
  int descriptor = function != NULL ? function(path, flags, mode) : openat(AT_FDCWD, path, flags, mode);
  if (descriptor < 0 && flags == (O_RDONLY | O_NONBLOCK) && is_state_of_thread(path)) return -2;
  return descriptor;
}

__attribute__((constructor)) static void start_up(void) {
  hold_standard_streams();
  if (!raise_stack_limit()) {
    end("cairn: its stack may have less than the %d kB that are needed: raise the limit (ulimit -s 8192)\n",
        stack_needed >> 10);
  }
  raise_descriptor_limit();
  int descriptors = free_descriptors();
  if (descriptors < descriptors_needed) {
    end("cairn: only %d files can be opened, and %d are needed: raise the limit (ulimit -n 256)\n", descriptors,
        descriptors_needed);
  }
  int problem = problem_with_threads();
  if (problem != 0 && has_stack()) {
    end("cairn: there are too few threads (%s): raise the limit of processes (ulimit -u)\n", strerror(problem));
  }
  if (problem != 0) {
    const char *limit = callocator_tightest_limit();
    end("cairn: there is no memory for the stacks of its threads (%s): %s, or make them smaller (ulimit -s)\n",
        strerror(problem), limit == NULL ? "free some" : limit[8] == 'd' ? "raise the limit of data (ulimit -d)"
                                                                        : "raise the limit of addresses (ulimit -v)");
  }
  // Where addresses are limited (`ulimit -v`), threads share one heap: each of their own would reserve 64 MB of them.
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) mallopt(M_ARENA_MAX, 1);
}
