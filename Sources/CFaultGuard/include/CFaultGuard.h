// Runs C code that was made by others over bytes of strangers, and leaves it where it fails: where an assertion does
// not hold, where it touches memory that is not there, runs out of stack, gets no memory, or does not come back. The
// process goes on.
//
// What is left is as it was in the middle of its work and must never be touched again: it may hold no lock, and its
// memory must be thrown away as a whole (an arena).
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How a run ended.
enum {
  FAULTGUARD_DONE = 0,
  // There was no memory.
  FAULTGUARD_NO_MEMORY = 1,
  // An assertion did not hold, or the code wanted to end the process.
  FAULTGUARD_ASSERTION = 2,
  // It wanted to keep more than there is room for.
  FAULTGUARD_STATE = 3,
  // It touched memory that is not there, which includes a stack that is full, or divided by zero.
  FAULTGUARD_FAULT = 4,
  // It used more processor time than it was given.
  FAULTGUARD_STUCK = 5,
  // It took more work than it was given, by what it counts itself.
  FAULTGUARD_TOO_MUCH_WORK = 6,
};

// Calls `body` with `context` and says how that ended. `milliseconds` of the thread's processor time are given to it; 0
// for no bound. Any thread; not to be nested. Costs under a microsecond, a few more at the first call of a thread.
// Installs handlers of signals at the first call of the process; signals that do not concern a run go on to the
// handlers that were there before.
int faultguard_run(void (*body)(void *), void *context, unsigned milliseconds);

// Leaves the run in flight on this thread; ends the process where there is none.
__attribute__((noreturn)) void faultguard_leave(int reason);

// Whether a run is in flight on this thread.
bool faultguard_is_running(void);

// Around what a run must not leave in its middle, because others would find it broken: a fault in there ends the
// process, and the bound on the time waits for its end.
void faultguard_hold(void);
void faultguard_release(void);

// FAULTGUARD_STATE_BYTES bytes of this thread between pages that may not be touched, for code that writes as much as it
// likes: who goes past them is left. Null where there is no memory.
enum { FAULTGUARD_STATE_BYTES = 1 << 20 };
char *faultguard_state(void);

// Where a note of four bytes, the number of a signal, is written when this thread meets a fault that ends the process:
// at `offset` of the file behind `descriptor`, which must stay open; -1 for nowhere.
void faultguard_note(int descriptor, int64_t offset);
