// Memory for the whole program, or its end with a line: see CAllocator.c. The target is linked; what takes the place of
// the C library's functions is called by no name of its own.
#pragma once

// How the shell calls the limit of this process that leaves the least memory, addresses ("ulimit -v") or data ("ulimit
// -d"); NULL if neither is set. Takes no memory itself.
__attribute__((visibility("hidden"))) const char *callocator_tightest_limit(void);
