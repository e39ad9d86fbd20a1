// For sigaltstack, timers of threads and gettid.
#define _GNU_SOURCE
#include "CFaultGuard.h"
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// The C library gives the thread of a timer no name of its own everywhere.
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

enum { STUCK_SIGNAL = SIGVTALRM, ALTERNATE_BYTES = 64 << 10, WALL_BYTES = 64 << 10, AGAIN_NANOSECONDS = 50000000 };

// A fault is raised by what the thread itself did; SIGABRT by a library that gave up.
static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
enum { FAULT_COUNT = sizeof faults / sizeof faults[0] };
static struct sigaction previous[FAULT_COUNT];
static struct sigaction previous_stuck;

// A handler runs on the thread that it concerns and reads nothing else.
static __thread struct {
  sigjmp_buf *volatile way_out;
  volatile int held;
  volatile int note_descriptor;
  volatile int64_t note_offset;
  bool is_ready;
  bool has_note;
  bool has_timer;
  timer_t timer;
  void *alternate;
  char *state;
} mine;

static void pass_on(int number, siginfo_t *info, void *context, const struct sigaction *before, bool is_sent) {
  if (before->sa_flags & SA_SIGINFO) {
    before->sa_sigaction(number, info, context);
  } else if (before->sa_handler == SIG_IGN && is_sent) {
    // As it was wished.
  } else if (before->sa_handler == SIG_DFL || before->sa_handler == SIG_IGN) {
    // The fault is taken again where it was, or the signal sent again, and ends the process as it would have.
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
    if (is_sent) raise(number);
  } else {
    before->sa_handler(number);
  }
}

static void handle_fault(int number, siginfo_t *info, void *context) {
  int saved = errno;
  // What another process sent has a code of 0 or less, and so has what this one sent itself: abort() alone does that to
  // end it.
  bool is_sent = info->si_code <= 0;
  bool is_own = !is_sent || (number == SIGABRT && info->si_pid == getpid());
  if (is_own && mine.way_out != NULL && mine.held == 0) siglongjmp(*mine.way_out, FAULTGUARD_FAULT);
  if (is_own && mine.has_note && mine.note_descriptor >= 0) {
    int32_t mark = number;
    (void)!pwrite(mine.note_descriptor, &mark, sizeof mark, mine.note_offset);
  }
  for (int i = 0; i < FAULT_COUNT; i++)
    if (faults[i] == number) pass_on(number, info, context, &previous[i], is_sent);
  errno = saved;
}

static void handle_stuck(int number, siginfo_t *info, void *context) {
  int saved = errno;
  if (info->si_code != SI_TIMER || info->si_value.sival_ptr != (void *)faults) {
    pass_on(number, info, context, &previous_stuck, info->si_code <= 0);
  } else if (mine.way_out != NULL && mine.held == 0) {
    siglongjmp(*mine.way_out, FAULTGUARD_STUCK);
  }
  // Otherwise it comes again soon.
  errno = saved;
}

static pthread_key_t key;

static void end_thread(void *unused) {
  (void)unused;
  if (mine.has_timer) timer_delete(mine.timer);
  mine.has_timer = false;
  if (mine.alternate != NULL) {
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(mine.alternate, ALTERNATE_BYTES);
    mine.alternate = NULL;
  }
  if (mine.state != NULL) munmap(mine.state - WALL_BYTES, FAULTGUARD_STATE_BYTES + 2 * WALL_BYTES);
  mine.state = NULL;
  mine.is_ready = false;
}

static void install(void) {
  pthread_key_create(&key, end_thread);
  // A signal that is left by a jump must not stay blocked.
  struct sigaction action = {.sa_sigaction = handle_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < FAULT_COUNT; i++) {
    // Known before the new handler can run.
    sigaction(faults[i], NULL, &previous[i]);
    sigaction(faults[i], &action, NULL);
  }
  sigaction(STUCK_SIGNAL, NULL, &previous_stuck);
  action.sa_sigaction = handle_stuck;
  action.sa_flags |= SA_RESTART;
  sigaction(STUCK_SIGNAL, &action, NULL);
}

static void *map(size_t count, int protection) {
  void *start = mmap(NULL, count, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return start == MAP_FAILED ? NULL : start;
}

// What cannot be had is done without: a full stack then ends the process as ever, and time has no bound.
static void prepare(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  mine.is_ready = true;
  pthread_setspecific(key, (void *)faults);
  // Threads of a pool, and those that they start, have most signals blocked.
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, STUCK_SIGNAL);
  for (int i = 0; i < FAULT_COUNT; i++) sigaddset(&wanted, faults[i]);
  pthread_sigmask(SIG_UNBLOCK, &wanted, NULL);
  stack_t now;
  if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE)) {
    mine.alternate = map(ALTERNATE_BYTES, PROT_READ | PROT_WRITE);
    stack_t stack = {.ss_sp = mine.alternate, .ss_size = ALTERNATE_BYTES};
    if (mine.alternate != NULL) sigaltstack(&stack, NULL);
  }
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = STUCK_SIGNAL;
  event.sigev_value.sival_ptr = (void *)faults;
  event.sigev_notify_thread_id = gettid();
  mine.has_timer = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &mine.timer) == 0;
}

static void set_timer(unsigned milliseconds) {
  struct itimerspec time = {.it_interval = {.tv_nsec = milliseconds == 0 ? 0 : AGAIN_NANOSECONDS},
                            .it_value = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L}};
  timer_settime(mine.timer, 0, &time, NULL);
}

__attribute__((noinline)) int faultguard_run(void (*body)(void *), void *context, unsigned milliseconds) {
  if (!mine.is_ready) prepare();
  bool is_timed = milliseconds != 0 && mine.has_timer;
  sigjmp_buf place;
  int reason = sigsetjmp(place, 0);
  if (reason == 0) {
    mine.held = 0;
    mine.way_out = &place;
    if (is_timed) set_timer(milliseconds);
    body(context);
  }
  mine.way_out = NULL;
  mine.held = 0;
  if (is_timed) set_timer(0);
  return reason;
}

void faultguard_leave(int reason) {
  if (mine.way_out == NULL) abort();
  siglongjmp(*mine.way_out, reason);
}

bool faultguard_is_running(void) { return mine.way_out != NULL; }
void faultguard_hold(void) { mine.held++; }
void faultguard_release(void) { mine.held--; }

char *faultguard_state(void) {
  if (mine.state != NULL) return mine.state;
  char *start = map(FAULTGUARD_STATE_BYTES + 2 * WALL_BYTES, PROT_NONE);
  if (start == NULL) return NULL;
  if (mprotect(start + WALL_BYTES, FAULTGUARD_STATE_BYTES, PROT_READ | PROT_WRITE) != 0) {
    munmap(start, FAULTGUARD_STATE_BYTES + 2 * WALL_BYTES);
    return NULL;
  }
  if (!mine.is_ready) prepare();
  return mine.state = start + WALL_BYTES;
}

void faultguard_note(int descriptor, int64_t offset) {
  if (!mine.is_ready) prepare();
  mine.note_descriptor = descriptor;
  mine.note_offset = offset;
  mine.has_note = descriptor >= 0;
}
