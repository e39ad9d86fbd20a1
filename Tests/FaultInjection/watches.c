// Loaded before the C library: this user has as many queues of file events as the system allows
// (fs.inotify.max_user_instances).

#include <errno.h>

int inotify_init1(int flags) {
  (void)flags;
  errno = EMFILE;
  return -1;
}
