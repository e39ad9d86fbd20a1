// libcurl for Swift. Its headers (Debian's libcurl4-openssl-dev) are needed to build; the library itself (libcurl4) is
// loaded by ccurl_load when the first request is made, so that a program that makes none neither links nor loads it.
// Every other function here may be called only after ccurl_load gave 0.
#pragma once
#include <curl/curl.h>
#include <stddef.h>

// Loads the library; later calls give what the first one did. 0, or 1 with the reason in `reason` (cut to `size`).
// Thread-safe.
int ccurl_load(char *reason, size_t size);

CURL *ccurl_easy_init(void);
void ccurl_easy_reset(CURL *easy);
void ccurl_easy_cleanup(CURL *easy);
const char *ccurl_easy_strerror(CURLcode code);

// curl_easy_setopt is variadic; each of these is it with one type of argument. 0, or the library's error.
int ccurl_set_number(CURL *easy, CURLoption option, long value);
int ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value);
int ccurl_set_text(CURL *easy, CURLoption option, const char *value);
int ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
int ccurl_set_callback(CURL *easy, CURLoption option, curl_write_callback callback);

// curl_easy_getinfo is variadic too. Values that are not known are 0 and NULL; a text is the library's own.
long ccurl_number(CURL *easy, CURLINFO info);
curl_off_t ccurl_size(CURL *easy, CURLINFO info);
const char *ccurl_text(CURL *easy, CURLINFO info);

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text);
void ccurl_list_free(struct curl_slist *list);

CURLM *ccurl_multi_init(void);
int ccurl_multi_add(CURLM *multi, CURL *easy);
int ccurl_multi_remove(CURLM *multi, CURL *easy);
int ccurl_multi_perform(CURLM *multi, int *running);
int ccurl_multi_poll(CURLM *multi, int milliseconds);
// The only function that another thread may call while the handle is in use.
void ccurl_multi_wakeup(CURLM *multi);
// 1 when a transfer has ended, with its result in `result`.
int ccurl_multi_result(CURLM *multi, CURLcode *result);
void ccurl_multi_cleanup(CURLM *multi);
