#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// The real functions; the macros of the header that check types would stand in their way.
#undef curl_easy_setopt
#undef curl_easy_getinfo

static struct {
  __typeof__(&curl_global_init) global_init;
  __typeof__(&curl_easy_init) easy_init;
  __typeof__(&curl_easy_reset) easy_reset;
  __typeof__(&curl_easy_cleanup) easy_cleanup;
  __typeof__(&curl_easy_strerror) easy_strerror;
  __typeof__(&curl_easy_setopt) easy_setopt;
  __typeof__(&curl_easy_getinfo) easy_getinfo;
  __typeof__(&curl_slist_append) slist_append;
  __typeof__(&curl_slist_free_all) slist_free_all;
  __typeof__(&curl_multi_init) multi_init;
  __typeof__(&curl_multi_add_handle) multi_add_handle;
  __typeof__(&curl_multi_remove_handle) multi_remove_handle;
  __typeof__(&curl_multi_perform) multi_perform;
  __typeof__(&curl_multi_poll) multi_poll;
  __typeof__(&curl_multi_wakeup) multi_wakeup;
  __typeof__(&curl_multi_info_read) multi_info_read;
  __typeof__(&curl_multi_cleanup) multi_cleanup;
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;
static char problem[256];

// The flavours differ in their TLS library only. The last is macOS's.
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"};

static void load(void) {
  void *handle = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !handle; i++) handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    snprintf(problem, sizeof problem, "%s was not found", names[0]);
    return;
  }
#define FIND(name)                                                                                       \
  if (!(library.name = (__typeof__(library.name))dlsym(handle, "curl_" #name))) {                        \
    snprintf(problem, sizeof problem, "the installed libcurl is too old: it has no curl_%s", #name);     \
    return;                                                                                              \
  }
  FIND(global_init)
  FIND(easy_init)
  FIND(easy_reset)
  FIND(easy_cleanup)
  FIND(easy_strerror)
  FIND(easy_setopt)
  FIND(easy_getinfo)
  FIND(slist_append)
  FIND(slist_free_all)
  FIND(multi_init)
  FIND(multi_add_handle)
  FIND(multi_remove_handle)
  FIND(multi_perform)
  FIND(multi_poll)
  FIND(multi_wakeup)
  FIND(multi_info_read)
  FIND(multi_cleanup)
#undef FIND
  if (library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    snprintf(problem, sizeof problem, "libcurl could not be set up");
    return;
  }
  is_loaded = 1;
}

int ccurl_load(char *reason, size_t size) {
  pthread_once(&once, load);
  if (!is_loaded && size > 0) snprintf(reason, size, "%s", problem);
  return is_loaded ? 0 : 1;
}

CURL *ccurl_easy_init(void) { return library.easy_init(); }
void ccurl_easy_reset(CURL *easy) { library.easy_reset(easy); }
void ccurl_easy_cleanup(CURL *easy) { library.easy_cleanup(easy); }
const char *ccurl_easy_strerror(CURLcode code) { return library.easy_strerror(code); }

int ccurl_set_number(CURL *easy, CURLoption option, long value) { return library.easy_setopt(easy, option, value); }
int ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
  return library.easy_setopt(easy, option, value);
}
int ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
  return library.easy_setopt(easy, option, value);
}
int ccurl_set_pointer(CURL *easy, CURLoption option, void *value) { return library.easy_setopt(easy, option, value); }
int ccurl_set_callback(CURL *easy, CURLoption option, curl_write_callback callback) {
  return library.easy_setopt(easy, option, callback);
}

long ccurl_number(CURL *easy, CURLINFO info) {
  long value = 0;
  return library.easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
curl_off_t ccurl_size(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return library.easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
const char *ccurl_text(CURL *easy, CURLINFO info) {
  const char *value = NULL;
  return library.easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text) {
  return library.slist_append(list, text);
}
void ccurl_list_free(struct curl_slist *list) { library.slist_free_all(list); }

CURLM *ccurl_multi_init(void) { return library.multi_init(); }
int ccurl_multi_add(CURLM *multi, CURL *easy) { return library.multi_add_handle(multi, easy); }
int ccurl_multi_remove(CURLM *multi, CURL *easy) { return library.multi_remove_handle(multi, easy); }
int ccurl_multi_perform(CURLM *multi, int *running) { return library.multi_perform(multi, running); }
int ccurl_multi_poll(CURLM *multi, int milliseconds) {
  return library.multi_poll(multi, NULL, 0, milliseconds, NULL);
}
void ccurl_multi_wakeup(CURLM *multi) { library.multi_wakeup(multi); }
int ccurl_multi_result(CURLM *multi, CURLcode *result) {
  int rest = 0;
  CURLMsg *message;
  while ((message = library.multi_info_read(multi, &rest))) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return 1;
  }
  return 0;
}
void ccurl_multi_cleanup(CURLM *multi) { library.multi_cleanup(multi); }
