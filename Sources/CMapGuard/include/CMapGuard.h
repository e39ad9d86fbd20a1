// Keeps a process alive whose mapped file is cut in place, or cannot be read any more: the kernel then sends SIGBUS to
// the thread that touches a page that is gone. A handler puts pages of zeros there and marks the map, whose owner
// throws away what was read. Faults at other places go on to the handler that was there before, or end the process as
// ever.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// Guards `count` bytes from `start` on, which begin at a page. Installs the handler when it is called first. Gives a
// number for the calls below, or -1 where too many maps are guarded already. Any thread; takes no lock.
int cmapguard_add(const void *start, size_t count);

// Whether zeros stand in place of a part of the map. Any thread.
bool cmapguard_is_cut(int number);

// Ends the guarding: to be called before the map goes.
void cmapguard_remove(int number);

// How many maps were cut since the process began.
unsigned cmapguard_cut_count(void);

// Maps that a library writes to and shares with other processes go together in a group. Where one of them faults, all
// of them become memory of this process alone, which can be written: what the library makes of the zeros stays there.
// The group is marked before the first zero can be read.

// Begins a group; -1 where there are too many.
int cmapguard_begin_group(void);

// As `cmapguard_add`, of a map that belongs to `group`. `is_first`: of the first bytes of the file, which say what the
// others hold. No map of a group may go while another of it is in use.
int cmapguard_add_to_group(int group, const void *start, size_t count, bool is_first);

// Whether a map of the group has faulted. Any thread.
bool cmapguard_is_group_cut(int group);

// To be called when none of its maps is left.
void cmapguard_end_group(int group);
