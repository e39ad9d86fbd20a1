// What the program and the libraries inside it call of the C library that glibc 2.28 does not have, made of what it has.
// Scripts/portable links each of these only where it is called.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
enum { stat_version = 1 };
#else
enum { stat_version = 0 };
#endif

extern int __xstat(int version, const char *path, struct stat *status);
extern int __lxstat(int version, const char *path, struct stat *status);
extern int __fxstat(int version, int descriptor, struct stat *status);
extern int __fxstatat(int version, int directory, const char *path, struct stat *status, int flags);

// glibc 2.33; before, a header made calls of the functions above of them.
int stat(const char *path, struct stat *status) { return __xstat(stat_version, path, status); }
int lstat(const char *path, struct stat *status) { return __lxstat(stat_version, path, status); }
int fstat(int descriptor, struct stat *status) { return __fxstat(stat_version, descriptor, status); }
int fstatat(int directory, const char *path, struct stat *status, int flags) {
  return __fxstatat(stat_version, directory, path, status, flags);
}
int stat64(const char *path, struct stat64 *status) { return __xstat(stat_version, path, (struct stat *)status); }
int lstat64(const char *path, struct stat64 *status) { return __lxstat(stat_version, path, (struct stat *)status); }
int fstat64(int descriptor, struct stat64 *status) {
  return __fxstat(stat_version, descriptor, (struct stat *)status);
}

// glibc 2.30.
pid_t gettid(void) { return (pid_t)syscall(SYS_gettid); }

// The next two are in glibc 2.28 itself, but Ubuntu 18.04 has 2.27, and is the nearest to it that the gate can install.
int statx(int directory, const char *restrict path, int flags, unsigned mask, struct statx *restrict status) {
  return (int)syscall(SYS_statx, directory, path, flags, mask, status);
}

int fcntl64(int descriptor, int command, ...) {
  va_list values;
  va_start(values, command);
  void *value = va_arg(values, void *);
  va_end(values);
  return fcntl(descriptor, command, value);
}

// glibc 2.29 and 2.34: of the C library where it has them. Without the first, what calls it goes another way; without the
// second, files that this process has open stay open in the one that it starts, unless they are marked.
typedef int add_directory(posix_spawn_file_actions_t *, const char *);
typedef int add_number(posix_spawn_file_actions_t *, int);

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions, const char *restrict path) {
  add_directory *found = (add_directory *)dlsym(RTLD_NEXT, "posix_spawn_file_actions_addchdir_np");
  return found ? found(actions, path) : ENOSYS;
}

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first) {
  add_number *found = (add_number *)dlsym(RTLD_NEXT, "posix_spawn_file_actions_addclosefrom_np");
  return found ? found(actions, first) : 0;
}

// glibc 2.32. What asks is told that there may be other threads, which is always safe.
char __libc_single_threaded = 0;

typedef void initialiser(int, char **, char **);
extern initialiser *__init_array_start[] __attribute__((visibility("hidden")));
extern initialiser *__init_array_end[] __attribute__((visibility("hidden")));
extern void _init(void);

static void initialise(int count, char **arguments, char **environment) {
  _init();
  for (initialiser **next = __init_array_start; next < __init_array_end; next++) (*next)(count, arguments, environment);
}

// glibc 2.35. What unwinds a stack asks it for the tables of the code at an address; before, it walked the list itself.
static int find_object(struct dl_phdr_info *object, size_t size, void *wanted) {
  struct dl_find_object *result = wanted;
  ElfW(Addr) address = (ElfW(Addr))result->dlfo_eh_frame;
  const ElfW(Phdr) *tables = NULL;
  int is_inside = 0;
  (void)size;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    ElfW(Addr) start = object->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_GNU_EH_FRAME) tables = part;
    if (part->p_type != PT_LOAD || address < start || address >= start + part->p_memsz) continue;
    is_inside = 1;
    result->dlfo_map_start = (void *)start;
    result->dlfo_map_end = (void *)(start + part->p_memsz);
  }
  if (!is_inside || tables == NULL) return 0;
  result->dlfo_eh_frame = (void *)(object->dlpi_addr + tables->p_vaddr);
  return 1;
}

int _dl_find_object(void *address, struct dl_find_object *result) {
  struct dl_find_object found = {.dlfo_eh_frame = address};
  if (dl_iterate_phdr(find_object, &found) != 1) return -1;
  *result = found;
  return 0;
}

typedef int main_function(int, char **, char **);
extern int __real___libc_start_main(
    main_function *, int, char **, void (*)(int, char **, char **), void (*)(void), void (*)(void), void *);

// Since glibc 2.34 the C library runs the program's initialisers where it is given none to run; the older version of the
// function, which is what is linked, expects them of the program.
int __wrap___libc_start_main(main_function *program, int count, char **arguments,
                             void (*initialisers)(int, char **, char **), void (*finalisers)(void),
                             void (*end_of_loader)(void), void *stack) {
  return __real___libc_start_main(program, count, arguments, initialisers ? initialisers : initialise, finalisers,
                                  end_of_loader, stack);
}
