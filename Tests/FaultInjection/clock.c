// A clock that is set wrong: CLOCK_REALTIME is CAIRN_CLOCK_SHIFT seconds off.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, time);
  const char *shift = getenv("CAIRN_CLOCK_SHIFT");
  if (result == 0 && clock == CLOCK_REALTIME && shift) time->tv_sec += atoll(shift);
  return result;
}
