// Linked into every program and test of a build with a sanitizer (`Scripts/test --sanitize=KIND`): the sanitizer's
// options, which hold so for every program that a test starts, whatever environment it is given, and what the thread
// sanitizer cannot see by itself.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

// A fault of C code of others is CFaultGuard's to leave, a map that was cut CMapGuard's to mend: both have handlers of
// their own, with stacks of their own. Leaks are not reported: what lives as long as the process is never given back,
// and neither is what a parse held that was left by a jump.
#define OWN_HANDLERS                                                                                                   \
  "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_sigtrap=0:handle_abort=0:use_sigaltstack=0"

const char *__asan_default_options(void) {
  return OWN_HANDLERS ":detect_leaks=0:allocator_may_return_null=1:detect_stack_use_after_return=0";
}

const char *__ubsan_default_options(void) { return OWN_HANDLERS ":halt_on_error=1:print_stacktrace=1"; }

#if __has_feature(thread_sanitizer)

// A first report does not end the program, so that one run tells of all; its exit code does.
const char *__tsan_default_options(void) {
  return OWN_HANDLERS ":exitcode=66:history_size=4:allocator_may_return_null=1:report_signal_unsafe=0";
}

extern void __tsan_acquire(void *), __tsan_release(void *);

// A lock of Swift's `Mutex` is taken and given back inline, by atomics that are instrumented, as long as nobody waits.
// Who waits does so in the library, which is not: there the kernel hands the lock on, and the sanitizer would see two
// threads in one critical section. These stand before the library's functions of the same name and tell it.
#define SWIFT __attribute__((swiftcall, visibility("default"), no_sanitize("thread")))
#define SELF __attribute__((swift_context)) void *mutex

SWIFT void lock_slowly(uint32_t thread, SELF) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT _Bool try_slowly(SELF) __asm__("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
SWIFT void unlock_slowly(SELF) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

static void *library_function(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}

SWIFT void lock_slowly(uint32_t thread, SELF) {
  typedef __attribute__((swiftcall)) void function(uint32_t, SELF);
  static function *_Atomic next;
  if (next == NULL) next = (function *)library_function("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
  next(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT _Bool try_slowly(SELF) {
  typedef __attribute__((swiftcall)) _Bool function(SELF);
  static function *_Atomic next;
  if (next == NULL) next = (function *)library_function("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
  _Bool is_taken = next(mutex);
  if (is_taken) __tsan_acquire(mutex);
  return is_taken;
}

SWIFT void unlock_slowly(SELF) {
  typedef __attribute__((swiftcall)) void function(SELF);
  static function *_Atomic next;
  if (next == NULL) next = (function *)library_function("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
  __tsan_release(mutex);
  next(mutex);
}

#endif
