// Keeps a process alive whose mapped file is cut in place, or cannot be read any more: the kernel then sends SIGBUS to the
// thread that touches a page that is gone. A handler puts pages of zeros there and marks the map, whose owner throws away
// what was read. Faults at other places go on to the handler that was there before, or end the process as ever.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// Guards `count` bytes from `start` on, which begin at a page. Installs the handler when it is called first. Gives a number for
// the calls below, or -1 where too many maps are guarded already. Any thread; takes no lock.
int cmapguard_add(const void *start, size_t count);

// Whether zeros stand in place of a part of the map. Any thread.
bool cmapguard_is_cut(int number);

// Ends the guarding: to be called before the map goes.
void cmapguard_remove(int number);

// How many maps were cut since the process began.
unsigned cmapguard_cut_count(void);
