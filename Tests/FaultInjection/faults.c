// A library that is loaded before the C library (LD_PRELOAD) and makes chosen calls of a program fail.
//
//   cc -shared -fPIC -O1 -o faults.so faults.c -ldl
//   CAIRN_FAULT_COUNTS=counts CAIRN_FAULT_KIND=read CAIRN_FAULT_AT=7 CAIRN_FAULT_ERROR=EIO LD_PRELOAD=./faults.so cairn ...
//
// CAIRN_FAULT_KIND    which calls: the names in `kind_names`, one or several with commas between
// CAIRN_FAULT_AT      which of them fails, from 1; 0 or nothing: none, they are only counted
// CAIRN_FAULT_ERROR   what it fails with: EIO (when not set), ENOSPC, EMFILE, ENFILE, ENOMEM, EACCES, EINTR, EAGAIN, ENOLCK,
//                     EROFS, EDQUOT, ENOENT, or a number
// CAIRN_FAULT_HOW     error (when not set): that call; stay: that call and all after it; short: a read or a write does half
//                     of its work, and an error where there is no half; cut: the call does its work, but before it the file
//                     that CAIRN_FAULT_CUT names is cut to CAIRN_FAULT_LENGTH bytes (0 when not set); kill: the
//                     process is killed before that call
// CAIRN_FAULT_PATH    only calls on paths with this text in them; a descriptor has the path that the kernel shows for it
// CAIRN_FAULT_COUNTS  a file of `struct counts`, shared by all threads and processes that have it: what was counted and hit
//
// Counted are the program's own calls and those of its libraries, SQLite among them; not the C library's calls of itself
// (its allocator, its loader), for which the functions above them stand: fopen, opendir, readdir, realpath. Standard input,
// output and error and descriptors without a file (pipes, sockets, timers, events) are left alone: a terminal that fails
// is another matter, and the dispatch library trusts its events.

#define _GNU_SOURCE
#define _LARGEFILE64_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
  OPEN, READ, WRITE, SYNC, RENAME, MAP, LOCK, STAT, LIST, MAKE, REMOVE, RESIZE, MODE, CLOSE, SEEK, THREAD, RANDOM, ANONYMOUS,
  KINDS
};
static const char *const kind_names[KINDS] = {
  "open", "read", "write", "sync", "rename", "map", "lock", "stat", "list", "make", "remove", "resize", "mode", "close",
  "seek", "thread", "random", "anonymous",
};

// What the file of CAIRN_FAULT_COUNTS holds; the tests read it byte by byte. Numbers have the machine's order.
struct counts {
  _Atomic uint64_t calls[32];  // of each kind, in the order of `enum kind`
  _Atomic uint64_t chosen;     // of the chosen kinds together
  _Atomic uint64_t failed;     // how many were made to fail
  char last[512];              // the last that was: the function, a space, the path
};

static struct counts own_counts;
static struct counts *counts = &own_counts;
static int is_chosen[KINDS];
static uint64_t failing_call;
static int failing_error = EIO;
static int stays, is_short, cuts, kills;
static const char *cut_path;
static long cut_length;
static const char *path_part;
static pthread_once_t began = PTHREAD_ONCE_INIT;

// A call of the kernel that nobody counts.
static long kernel(long number, long a, long b, long c, long d, long e, long f) {
  static __typeof__(syscall) *real;
  if (!real) real = (__typeof__(syscall) *)dlsym(RTLD_NEXT, "syscall");
  return real(number, a, b, c, d, e, f);
}
#define KERNEL(...) KERNEL_OF(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define KERNEL_OF(number, a, b, c, d, e, f, ...) \
  kernel(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static int error_number(const char *name) {
  static const struct { const char *name; int number; } known[] = {
    {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE}, {"ENFILE", ENFILE}, {"ENOMEM", ENOMEM}, {"EACCES", EACCES},
    {"EINTR", EINTR}, {"EAGAIN", EAGAIN}, {"ENOLCK", ENOLCK}, {"EROFS", EROFS}, {"EDQUOT", EDQUOT}, {"ENOENT", ENOENT},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(known[i].name, name) == 0) return known[i].number;
  int number = atoi(name);
  return number > 0 ? number : EIO;
}

static void begin(void) {
  const char *text = getenv("CAIRN_FAULT_KIND");
  for (int kind = 0; text && kind < KINDS; kind++) {
    size_t length = strlen(kind_names[kind]);
    for (const char *at = text; (at = strstr(at, kind_names[kind])); at += length)
      if ((at == text || at[-1] == ',') && (at[length] == 0 || at[length] == ',')) is_chosen[kind] = 1;
  }
  if ((text = getenv("CAIRN_FAULT_AT"))) failing_call = strtoull(text, NULL, 10);
  if ((text = getenv("CAIRN_FAULT_ERROR"))) failing_error = error_number(text);
  if ((text = getenv("CAIRN_FAULT_HOW"))) {
    stays = strcmp(text, "stay") == 0;
    is_short = strcmp(text, "short") == 0;
    cuts = strcmp(text, "cut") == 0;
    kills = strcmp(text, "kill") == 0;
  }
  cut_path = getenv("CAIRN_FAULT_CUT");
  if ((text = getenv("CAIRN_FAULT_LENGTH"))) cut_length = atol(text);
  path_part = getenv("CAIRN_FAULT_PATH");
  if (path_part && !*path_part) path_part = NULL;
  if ((text = getenv("CAIRN_FAULT_COUNTS"))) {
    long file = KERNEL(SYS_openat, AT_FDCWD, text, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) {
      struct stat status;
      if (KERNEL(SYS_fstat, file, &status) == 0 && status.st_size < (off_t)sizeof *counts)
        KERNEL(SYS_ftruncate, file, sizeof *counts);
      void *map = (void *)KERNEL(SYS_mmap, 0, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
      if (map != MAP_FAILED) counts = map;
      KERNEL(SYS_close, file);
    }
  }
}

// The path of a descriptor; no text where it has none.
static void path_of(int file, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = KERNEL(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
  path[length > 0 ? length : 0] = 0;
}

// Whether `file` is a file, a directory or a device that is no terminal.
static int is_file(int file) {
  struct stat status;
  if (file <= STDERR_FILENO || KERNEL(SYS_fstat, file, &status) != 0) return 0;
  return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode) || S_ISCHR(status.st_mode);
}

// Counts a call and says whether it is to fail. Leaves `errno` alone.
static int fails(enum kind kind, const char *function, int file, const char *path) {
  int before = errno;
  pthread_once(&began, begin);
  char shown[PATH_MAX] = "";
  if (path_part || (is_chosen[kind] && failing_call)) {
    if (file >= 0) path_of(file, shown);
    if (path) {
      size_t length = path[0] == '/' ? 0 : strlen(shown);
      snprintf(shown + length, sizeof shown - length, "%s%s", length ? "/" : "", path);
    }
  }
  int result = 0;
  if (!path_part || strstr(shown, path_part)) {
    atomic_fetch_add(&counts->calls[kind], 1);
    if (is_chosen[kind]) {
      uint64_t number = atomic_fetch_add(&counts->chosen, 1) + 1;
      result = failing_call && (number == failing_call || (stays && number > failing_call));
      if (result) {
        snprintf(counts->last, sizeof counts->last, "%s %.400s", function, shown);
        atomic_fetch_add(&counts->failed, 1);
        if (kills) KERNEL(SYS_kill, KERNEL(SYS_getpid), SIGKILL);
        if (cuts) {
          if (cut_path) KERNEL(SYS_truncate, cut_path, cut_length);
          result = 0;
        }
      }
    }
  }
  errno = before;
  return result;
}
static int fails_on_file(enum kind kind, const char *function, int file) {
  int before = errno;
  int counted = is_file(file);
  errno = before;
  return counted && fails(kind, function, file, NULL);
}

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define FAIL(value) do { errno = failing_error; return value; } while (0)

// A function with one way to fail.
#define ON_PATH(kind, result, failure, name, parameters, arguments, path) \
  result name parameters { REAL(name); if (fails(kind, #name, -1, path)) FAIL(failure); return real arguments; }
#define ON_PATH_AT(kind, result, failure, name, parameters, arguments, directory, path) \
  result name parameters { REAL(name); if (fails(kind, #name, directory, path)) FAIL(failure); return real arguments; }
#define ON_FILE(kind, result, failure, name, parameters, arguments, file) \
  result name parameters { REAL(name); if (fails_on_file(kind, #name, file)) FAIL(failure); return real arguments; }
// A read or a write of `count` bytes, which may also do half.
#define TRANSFER(kind, name, parameters, whole, half, file, count) \
  ssize_t name parameters { \
    REAL(name); \
    if (fails_on_file(kind, #name, file)) { if (is_short && count > 1) return real half; FAIL(-1); } \
    return real whole; \
  }

// Opening. The mode is read whether or not it was given: it is passed on as it came.
#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    if (fails(OPEN, #name, -1, path)) FAIL(-1); \
    return real(path, flags, mode); \
  }
#define OPENS_AT(name) \
  int name(int directory, const char *path, int flags, ...) { \
    REAL(name); va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    if (fails(OPEN, #name, directory, path)) FAIL(-1); \
    return real(directory, path, flags, mode); \
  }
OPENS(open) OPENS(open64) OPENS_AT(openat) OPENS_AT(openat64)
ON_PATH(OPEN, int, -1, creat, (const char *path, mode_t mode), (path, mode), path)
ON_PATH(OPEN, int, -1, creat64, (const char *path, mode_t mode), (path, mode), path)
ON_PATH(OPEN, FILE *, NULL, fopen, (const char *path, const char *mode), (path, mode), path)
ON_PATH(OPEN, FILE *, NULL, fopen64, (const char *path, const char *mode), (path, mode), path)
ON_PATH(OPEN, int, -1, mkstemp, (char *path), (path), path)
ON_PATH(OPEN, int, -1, mkstemp64, (char *path), (path), path)
ON_PATH(OPEN, int, -1, mkostemp, (char *path, int flags), (path, flags), path)
ON_PATH(OPEN, int, -1, mkostemp64, (char *path, int flags), (path, flags), path)
ON_PATH(OPEN, int, -1, memfd_create, (const char *name, unsigned flags), (name, flags), name)
ON_FILE(OPEN, int, -1, dup, (int file), (file), file)

// Reading and writing.
TRANSFER(READ, read, (int f, void *b, size_t n), (f, b, n), (f, b, n / 2), f, n)
TRANSFER(READ, pread, (int f, void *b, size_t n, off_t o), (f, b, n, o), (f, b, n / 2, o), f, n)
TRANSFER(READ, pread64, (int f, void *b, size_t n, off64_t o), (f, b, n, o), (f, b, n / 2, o), f, n)
TRANSFER(WRITE, write, (int f, const void *b, size_t n), (f, b, n), (f, b, n / 2), f, n)
TRANSFER(WRITE, pwrite, (int f, const void *b, size_t n, off_t o), (f, b, n, o), (f, b, n / 2, o), f, n)
TRANSFER(WRITE, pwrite64, (int f, const void *b, size_t n, off64_t o), (f, b, n, o), (f, b, n / 2, o), f, n)
TRANSFER(READ, readv, (int f, const struct iovec *v, int n), (f, v, n), (f, v, n / 2), f, n)
TRANSFER(READ, preadv, (int f, const struct iovec *v, int n, off_t o), (f, v, n, o), (f, v, n / 2, o), f, n)
TRANSFER(READ, preadv64, (int f, const struct iovec *v, int n, off64_t o), (f, v, n, o), (f, v, n / 2, o), f, n)
TRANSFER(WRITE, writev, (int f, const struct iovec *v, int n), (f, v, n), (f, v, n / 2), f, n)
TRANSFER(WRITE, pwritev, (int f, const struct iovec *v, int n, off_t o), (f, v, n, o), (f, v, n / 2, o), f, n)
TRANSFER(WRITE, pwritev64, (int f, const struct iovec *v, int n, off64_t o), (f, v, n, o), (f, v, n / 2, o), f, n)
TRANSFER(WRITE, copy_file_range, (int i, off64_t *p, int f, off64_t *q, size_t n, unsigned x), (i, p, f, q, n, x),
  (i, p, f, q, n / 2, x), f, n)
TRANSFER(WRITE, sendfile, (int f, int i, off_t *p, size_t n), (f, i, p, n), (f, i, p, n / 2), f, n)
TRANSFER(WRITE, sendfile64, (int f, int i, off64_t *p, size_t n), (f, i, p, n), (f, i, p, n / 2), f, n)

// What a stream reads is read inside the C library; an error shows as the end.
size_t fread(void *bytes, size_t size, size_t count, FILE *stream) {
  REAL(fread);
  if (fails_on_file(READ, "fread", fileno(stream))) FAIL(0);
  return real(bytes, size, count, stream);
}
// A file that is read line by line counts once: /proc/self/maps, which the runtime looks for the arguments in, has a hundred.
char *fgets(char *line, int count, FILE *stream) {
  REAL(fgets);
  if (ftell(stream) == 0 && fails_on_file(READ, "fgets", fileno(stream))) FAIL(NULL);
  return real(line, count, stream);
}

// Making durable.
ON_FILE(SYNC, int, -1, fsync, (int file), (file), file)
ON_FILE(SYNC, int, -1, fdatasync, (int file), (file), file)
ON_FILE(SYNC, int, -1, syncfs, (int file), (file), file)
ON_FILE(SYNC, int, -1, sync_file_range, (int file, off64_t o, off64_t n, unsigned x), (file, o, n, x), file)
int msync(void *start, size_t count, int flags) {
  REAL(msync);
  if (fails(SYNC, "msync", -1, NULL)) FAIL(-1);
  return real(start, count, flags);
}

// Names.
ON_PATH(RENAME, int, -1, rename, (const char *from, const char *to), (from, to), to)
ON_PATH_AT(RENAME, int, -1, renameat, (int d, const char *from, int e, const char *to), (d, from, e, to), e, to)
ON_PATH_AT(
  RENAME, int, -1, renameat2, (int d, const char *from, int e, const char *to, unsigned x), (d, from, e, to, x), e, to)
ON_PATH(MAKE, int, -1, link, (const char *from, const char *to), (from, to), to)
ON_PATH_AT(MAKE, int, -1, linkat, (int d, const char *from, int e, const char *to, int x), (d, from, e, to, x), e, to)
ON_PATH(MAKE, int, -1, symlink, (const char *target, const char *path), (target, path), path)
ON_PATH_AT(MAKE, int, -1, symlinkat, (const char *target, int d, const char *path), (target, d, path), d, path)
ON_PATH(MAKE, int, -1, mkdir, (const char *path, mode_t mode), (path, mode), path)
ON_PATH_AT(MAKE, int, -1, mkdirat, (int d, const char *path, mode_t mode), (d, path, mode), d, path)
ON_PATH(MAKE, char *, NULL, mkdtemp, (char *path), (path), path)
ON_PATH(REMOVE, int, -1, unlink, (const char *path), (path), path)
ON_PATH_AT(REMOVE, int, -1, unlinkat, (int d, const char *path, int x), (d, path, x), d, path)
ON_PATH(REMOVE, int, -1, rmdir, (const char *path), (path), path)
ON_PATH(REMOVE, int, -1, remove, (const char *path), (path), path)

// Sizes, modes, places, ends.
ON_FILE(RESIZE, int, -1, ftruncate, (int file, off_t size), (file, size), file)
ON_FILE(RESIZE, int, -1, ftruncate64, (int file, off64_t size), (file, size), file)
ON_PATH(RESIZE, int, -1, truncate, (const char *path, off_t size), (path, size), path)
ON_PATH(RESIZE, int, -1, truncate64, (const char *path, off64_t size), (path, size), path)
ON_FILE(RESIZE, int, -1, fallocate, (int file, int mode, off_t o, off_t n), (file, mode, o, n), file)
ON_FILE(RESIZE, int, -1, fallocate64, (int file, int mode, off64_t o, off64_t n), (file, mode, o, n), file)
ON_FILE(RESIZE, int, failing_error, posix_fallocate, (int file, off_t o, off_t n), (file, o, n), file)
ON_FILE(RESIZE, int, failing_error, posix_fallocate64, (int file, off64_t o, off64_t n), (file, o, n), file)
ON_FILE(MODE, int, -1, fchmod, (int file, mode_t mode), (file, mode), file)
ON_PATH(MODE, int, -1, chmod, (const char *path, mode_t mode), (path, mode), path)
ON_PATH_AT(MODE, int, -1, fchmodat, (int d, const char *path, mode_t mode, int x), (d, path, mode, x), d, path)
ON_FILE(MODE, int, -1, fchown, (int file, uid_t user, gid_t group), (file, user, group), file)
ON_FILE(MODE, int, -1, futimens, (int file, const struct timespec times[2]), (file, times), file)
ON_PATH_AT(
  MODE, int, -1, utimensat, (int d, const char *path, const struct timespec t[2], int x), (d, path, t, x), d, path)
ON_FILE(SEEK, off_t, -1, lseek, (int file, off_t o, int whence), (file, o, whence), file)
ON_FILE(SEEK, off64_t, -1, lseek64, (int file, off64_t o, int whence), (file, o, whence), file)
// As Linux does it: the descriptor is closed whatever is said of it.
int close(int file) {
  REAL(close);
  int fail = fails_on_file(CLOSE, "close", file);
  int result = real(file);
  if (fail) FAIL(-1);
  return result;
}

// Looking at what is there.
ON_PATH(STAT, int, -1, stat, (const char *path, struct stat *s), (path, s), path)
ON_PATH(STAT, int, -1, stat64, (const char *path, struct stat64 *s), (path, s), path)
ON_PATH(STAT, int, -1, lstat, (const char *path, struct stat *s), (path, s), path)
ON_PATH(STAT, int, -1, lstat64, (const char *path, struct stat64 *s), (path, s), path)
ON_FILE(STAT, int, -1, fstat, (int file, struct stat *s), (file, s), file)
ON_FILE(STAT, int, -1, fstat64, (int file, struct stat64 *s), (file, s), file)
ON_PATH_AT(STAT, int, -1, fstatat, (int d, const char *path, struct stat *s, int x), (d, path, s, x), d, path)
ON_PATH_AT(STAT, int, -1, fstatat64, (int d, const char *path, struct stat64 *s, int x), (d, path, s, x), d, path)
ON_PATH_AT(
  STAT, int, -1, statx, (int d, const char *path, int x, unsigned mask, struct statx *s), (d, path, x, mask, s), d, path)
// The same by the names that a program for older C libraries has (Scripts/portable).
extern int __xstat(int version, const char *path, struct stat *s);
extern int __lxstat(int version, const char *path, struct stat *s);
extern int __fxstat(int version, int file, struct stat *s);
extern int __fxstatat(int version, int d, const char *path, struct stat *s, int x);
ON_PATH(STAT, int, -1, __xstat, (int version, const char *path, struct stat *s), (version, path, s), path)
ON_PATH(STAT, int, -1, __lxstat, (int version, const char *path, struct stat *s), (version, path, s), path)
ON_FILE(STAT, int, -1, __fxstat, (int version, int file, struct stat *s), (version, file, s), file)
ON_PATH_AT(
  STAT, int, -1, __fxstatat, (int version, int d, const char *path, struct stat *s, int x), (version, d, path, s, x), d,
  path)
ON_PATH(STAT, int, -1, statfs, (const char *path, struct statfs *s), (path, s), path)
ON_PATH(STAT, int, -1, statfs64, (const char *path, struct statfs64 *s), (path, s), path)
ON_FILE(STAT, int, -1, fstatfs, (int file, struct statfs *s), (file, s), file)
ON_FILE(STAT, int, -1, fstatfs64, (int file, struct statfs64 *s), (file, s), file)
ON_PATH(STAT, int, -1, statvfs, (const char *path, struct statvfs *s), (path, s), path)
ON_FILE(STAT, int, -1, fstatvfs, (int file, struct statvfs *s), (file, s), file)
ON_PATH(STAT, int, -1, access, (const char *path, int mode), (path, mode), path)
ON_PATH_AT(STAT, int, -1, faccessat, (int d, const char *path, int mode, int x), (d, path, mode, x), d, path)
ON_PATH(STAT, ssize_t, -1, readlink, (const char *path, char *target, size_t n), (path, target, n), path)
ON_PATH_AT(STAT, ssize_t, -1, readlinkat, (int d, const char *path, char *t, size_t n), (d, path, t, n), d, path)
ON_PATH(STAT, char *, NULL, realpath, (const char *path, char *resolved), (path, resolved), path)

// Listing.
ON_PATH(LIST, DIR *, NULL, opendir, (const char *path), (path), path)
ON_FILE(LIST, DIR *, NULL, fdopendir, (int file), (file), file)
ON_FILE(LIST, struct dirent *, NULL, readdir, (DIR *stream), (stream), dirfd(stream))
ON_FILE(LIST, struct dirent64 *, NULL, readdir64, (DIR *stream), (stream), dirfd(stream))

// Mapping: of files, and of plain memory, which the dispatch library asks for as well.
#define MAPS(name, offset) \
  void *name(void *start, size_t count, int protection, int flags, int file, offset from) { \
    REAL(name); \
    int has_file = !(flags & MAP_ANONYMOUS); \
    if (has_file ? fails_on_file(MAP, #name, file) : fails(ANONYMOUS, #name, -1, NULL)) FAIL(MAP_FAILED); \
    return real(start, count, protection, flags, file, from); \
  }
MAPS(mmap, off_t) MAPS(mmap64, off64_t)
void *mremap(void *start, size_t old, size_t new, int flags, ...) {
  REAL(mremap);
  va_list rest;
  va_start(rest, flags);
  void *to = va_arg(rest, void *);
  va_end(rest);
  if (fails(ANONYMOUS, "mremap", -1, NULL)) FAIL(MAP_FAILED);
  return real(start, old, new, flags, to);
}

// Locking. Releasing a lock does not fail on any file system we know. Of what fcntl does, locks and new
// descriptors can.
int flock(int file, int operation) {
  REAL(flock);
  if (!(operation & LOCK_UN) && fails_on_file(LOCK, "flock", file)) FAIL(-1);
  return real(file, operation);
}
ON_FILE(LOCK, int, -1, lockf, (int file, int command, off_t n), (file, command, n), file)
ON_FILE(LOCK, int, -1, lockf64, (int file, int command, off64_t n), (file, command, n), file)
static int fcntl_fails(const char *name, int file, int command, void *value) {
  switch (command) {
  case F_SETLK: case F_SETLKW: case F_GETLK: case F_OFD_SETLK: case F_OFD_SETLKW: case F_OFD_GETLK:
#if F_SETLK64 != F_SETLK
  case F_SETLK64: case F_SETLKW64: case F_GETLK64:
#endif
    return ((struct flock *)value)->l_type != F_UNLCK && fails_on_file(LOCK, name, file);
  case F_DUPFD: case F_DUPFD_CLOEXEC:
    return fails_on_file(OPEN, name, file);
  default:
    return 0;
  }
}
#define CONTROLS(name) \
  int name(int file, int command, ...) { \
    REAL(name); va_list rest; va_start(rest, command); void *value = va_arg(rest, void *); va_end(rest); \
    if (fcntl_fails(#name, file, command, value)) FAIL(-1); \
    return real(file, command, value); \
  }
CONTROLS(fcntl) CONTROLS(fcntl64)

int pthread_create(
  pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  REAL(pthread_create);
  if (fails(THREAD, "pthread_create", -1, NULL)) return failing_error;
  return real(thread, attributes, body, argument);
}
ssize_t getrandom(void *bytes, size_t count, unsigned flags) {
  REAL(getrandom);
  if (fails(RANDOM, "getrandom", -1, NULL)) { if (is_short && count > 1) return real(bytes, count / 2, flags); FAIL(-1); }
  return real(bytes, count, flags);
}
int getentropy(void *bytes, size_t count) {
  REAL(getentropy);
  if (fails(RANDOM, "getentropy", -1, NULL)) FAIL(-1);
  return real(bytes, count);
}

// Calls of the kernel by their numbers: those that have a kind above. Six arguments are passed on, as many as there can be.
long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long);
  long d = va_arg(rest, long), e = va_arg(rest, long), f = va_arg(rest, long);
  va_end(rest);
  int fail = 0;
  switch (number) {
  case SYS_openat:
#ifdef SYS_openat2
  case SYS_openat2:
#endif
    fail = fails(OPEN, "syscall-openat", (int)a, (const char *)b);
    break;
  case SYS_renameat2: fail = fails(RENAME, "syscall-renameat2", (int)c, (const char *)d); break;
  case SYS_statx: fail = fails(STAT, "syscall-statx", (int)a, (const char *)b); break;
  case SYS_getrandom: fail = fails(RANDOM, "syscall-getrandom", -1, NULL); break;
  case SYS_getdents64: fail = fails_on_file(LIST, "syscall-getdents64", (int)a); break;
  case SYS_copy_file_range: fail = fails_on_file(WRITE, "syscall-copy_file_range", (int)c); break;
  case SYS_memfd_create: fail = fails(OPEN, "syscall-memfd_create", -1, (const char *)a); break;
  default: break;
  }
  if (fail) FAIL(-1);
  return kernel(number, a, b, c, d, e, f);
}
