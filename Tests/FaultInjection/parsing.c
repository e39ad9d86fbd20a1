// A library that is loaded before the C library (LD_PRELOAD) and has a parser misbehave: the functions that scanners ask what kind of
// character comes next go wrong at U+E0F1, which no real file has.
//
// CAIRN_PARSING_FAULT    memory: touches memory that is not there; stack: calls itself without end; division: divides by zero; abort: ends the
//                        process by abort(); kill: ends it by SIGKILL, as the system's memory killer does
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wctype.h>

static volatile int zero;

__attribute__((noinline)) static int descend(volatile char *above) {
  volatile char here[512];
  here[0] = above[0];
  return descend(here) + here[0];
}

static void look(wint_t character) {
  if (character != 0xE0F1) return;
  const char *how = getenv("CAIRN_PARSING_FAULT");
  char first = 1;
  if (how == NULL) return;
  if (strcmp(how, "memory") == 0) *(volatile int *)16 = 1;
  if (strcmp(how, "stack") == 0) zero = descend(&first);
  if (strcmp(how, "division") == 0) zero = 1234 / zero;
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "kill") == 0) kill(getpid(), SIGKILL);
}

#define WRAPPED(name)                                  \
  int name(wint_t character) {                         \
    static int (*real)(wint_t);                        \
    look(character);                                   \
    if (real == NULL) real = dlsym(RTLD_NEXT, #name);  \
    return real(character);                            \
  }
WRAPPED(iswspace)
WRAPPED(iswalnum)
WRAPPED(iswalpha)
WRAPPED(iswdigit)
