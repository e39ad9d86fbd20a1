// What Swift cannot call by itself: variadic functions and macros. No logic lives here.
#pragma once
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

// open(2) is variadic.
static inline int csystem_open(const char *path, int flags, mode_t mode) { return open(path, flags | O_CLOEXEC, mode); }
static inline int csystem_openat(int directory, const char *path, int flags) {
  return openat(directory, path, flags | O_CLOEXEC);
}
static inline int csystem_openat_making(int directory, const char *path, int flags, mode_t mode) {
  return openat(directory, path, flags | O_CLOEXEC, mode);
}

// Opens what `path` names below `directory` and nothing outside of it, following no link (openat2(2), for which the C
// library has no function); -1 and ENOSYS where the kernel is too old.
int csystem_openat_beneath(int directory, const char *path, int flags);
// Holds a directory to name what is inside, which takes no permission to read it: a flag that POSIX does not have.
int csystem_hold_directory(const char *path);
int csystem_hold_directory_at(int directory, const char *name);

// A regular file in `directory` that has no name (O_TMPFILE), open to be written: it goes with its descriptor. -1 with
// errno set where there is none, as on many network file systems, or where it could not be named later.
int csystem_open_unnamed(int directory, mode_t mode);
// Gives such a file the name `name` in `directory`; 0, or -1 with errno set.
int csystem_name_file(int descriptor, int directory, const char *name);

// The extended attributes of open files, whose header is none of those that Swift knows: as flistxattr(2), fgetxattr(2),
// fsetxattr(2) and fremovexattr(2).
int64_t csystem_list_attributes(int descriptor, char *names, size_t size);
int64_t csystem_get_attribute(int descriptor, const char *name, void *value, size_t size);
int csystem_set_attribute(int descriptor, const char *name, const void *value, size_t size);
int csystem_remove_attribute(int descriptor, const char *name);

// ioctl(2) is variadic. Columns of the terminal behind `descriptor`, or 0 if it is none.
static inline int csystem_terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// Rows of the terminal behind `descriptor`, or 0 if it is none.
static inline int csystem_terminal_rows(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

// The two ends of a pipe that no program inherits; 0, or -1 with errno set.
int csystem_pipe(int ends[2]);

// A counter that one thread raises to wake another that waits for it in poll(2): its header is none of those that Swift
// knows. Neither blocks nor is inherited; a descriptor, or -1 with errno set.
static inline int csystem_waker(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// Starts `command` in a shell, with `input` as its standard input and signals as they are by default. Its process, or
// -1.
int csystem_start_shell(const char *command, int input);

// Two connected sockets that no program inherits; 0, or -1 with errno set. Unlike a pipe's, a write to the one whose
// other end is closed can be an error in place of a signal: `csystem_send`.
int csystem_socket_pair(int ends[2]);

// What of `bytes` there was room for; -1 with errno set, EAGAIN where there was none, EPIPE where nobody reads.
int64_t csystem_send(int socket, const void *bytes, size_t count);

// Starts the program at the path `program` in `directory`, with these words and variables alone, three descriptors as
// its standard input, output and errors, signals as they are by default and a process group of its own. Its process, or
// -1 with errno set.
//
// `lifeline` is one of two connected sockets, which the program holds as its descriptor 3. When the other one is
// closed, as it is when this process ends however that comes, the kernel sends the group SIGIO, which ends it wherever
// it waits.
int csystem_start(
    const char *program, char *const words[], char *const variables[], const char *directory, int input, int output,
    int errors, int lifeline);

// Lets `process` have no more addresses than so many bytes (RLIMIT_AS); 0, or -1 with errno set.
int csystem_limit_addresses(int process, uint64_t byte_count);

// Tells the processor that this thread looks out for something, so that another one on the same core gets on meanwhile.
static inline void csystem_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

// Sets of cores take macros. Cores that the calling thread may run on, or 0 if the system does not say.
int csystem_allowed_cores(void);

// mallopt(3) takes macros. Blocks of `threshold` bytes or more are mapped one by one, so that freeing one gives its
// memory back at once; by default the allocator raises its threshold with every such block that is freed.
static inline void csystem_map_blocks_from(int threshold) { mallopt(M_MMAP_THRESHOLD, threshold); }


// The allocator makes no more heaps than `count` for its threads; by default it makes eight for each core.
static inline void csystem_limit_heaps(int count) { mallopt(M_ARENA_MAX, count); }

// Gives free memory back to the system, wherever it lies between what is in use.
static inline void csystem_trim_allocator(void) { malloc_trim(0); }

// Fills `bytes` (256 at most) with bytes that nobody can guess; 0, or -1 where the system has none.
int csystem_random(void *bytes, size_t count);

// When the file behind `descriptor` was made, in nanoseconds since 1970; 0 if the file system does not say.
int64_t csystem_birth_time(int descriptor);

// The kind of the file system that `descriptor` lies on, one of the numbers of linux/magic.h; -1 where the system does
// not say.
int64_t csystem_file_system(int descriptor);

// Lets the calling thread, and those that it starts from now on, give way to all others: for the processor (nice 10) and
// the disk (the least of the ordinary class). What the system refuses stays as it is.
void csystem_lower_priority(void);
// Gives the calling thread the processor only while no other wants it (SCHED_IDLE): one that wakes takes it at once.
void csystem_run_when_idle(void);

// The environment of this process: a mutable global, which Swift refuses.
char **csystem_environment(void);

// The arguments of this process, the program's name first, as the kernel left them in its memory. Swift's own come from
// a file below /proc, and are none where it cannot be read.
int csystem_argument_count(void);
char **csystem_arguments(void);
