// TOML for Swift: a C face over toml++ (Debian's libtomlplusplus-dev), because C++ exceptions must not cross into
// Swift.
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

enum ctoml_kind {
  CTOML_STRING = 0,
  CTOML_INTEGER = 1,
  CTOML_FLOAT = 2,
  CTOML_BOOLEAN = 3,
  CTOML_OTHER = 4,
  CTOML_ARRAY = 5,
  CTOML_TABLE = 6
};

// Called once for each value, depth first; `key` is dotted ("index.max_file_bytes"). An array and a table are told
// before what is in them, so that an empty one is told too. An element of an array has the key of its array, so a list
// of strings is several calls with one key. `line` counts from 1.
typedef void (*ctoml_visitor)(void *context, const char *key, int kind, const char *value, uint32_t line);

// Parses `text`. Returns 0, or 1 with the reason in `error` (cut to `error_size`) and its place in `line` and `column`.
int ctoml_parse(const char *text, size_t length, void *context, ctoml_visitor visit, char *error, size_t error_size,
                uint32_t *line, uint32_t *column);

#ifdef __cplusplus
}
#endif
