#include <jansson.h>

// json_decref is an inline function with atomics that Swift cannot import.
static inline void cjansson_release(json_t *value) { json_decref(value); }
