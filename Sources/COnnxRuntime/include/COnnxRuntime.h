// ONNX Runtime for Swift, loaded when it is first needed: nothing of it is linked, no header of it is needed.
//
// The library exports one function, OrtGetApiBase, behind which stands a table of functions that is only ever appended
// to: what stands at a place in version 1.17 stands there in every later one. The places used are named in the C file.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The version of the table that is asked for: ONNX Runtime 1.17 and later have it.
#define COR_API_VERSION 17

// Kinds of numbers in a tensor, as the runtime counts them.
enum { COR_FLOAT32 = 1, COR_INT32 = 6, COR_INT64 = 7, COR_FLOAT16 = 10 };

// Why something failed. `code` is the runtime's own (1 and above), or one of these.
enum { COR_NOT_LOADABLE = -1, COR_NOT_A_RUNTIME = -2, COR_TOO_OLD = -3, COR_NO_MEMORY = -4 };
typedef struct {
  int code;  // 0: nothing failed
  char message[1024];
} cor_error;

typedef struct cor_library cor_library;  // never unloaded: the runtime has threads and at-exit code of its own
typedef struct cor_session cor_session;
typedef struct cor_outputs cor_outputs;

// Loads the library at `path` (a name without a slash is searched for in the system's library path). NULL with the
// reason.
cor_library *cor_load(const char *path, cor_error *error);
// "1.31.1"; lives as long as the library.
const char *cor_version(const cor_library *library);
// The providers compiled into the library, best first: "CUDAExecutionProvider". Calls `visit` for each.
void cor_providers(const cor_library *library, void *context, void (*visit)(void *context, const char *name));
// The file that the library was loaded from, or NULL if the system does not tell.
const char *cor_path(const cor_library *library);

// How a provider beside the CPU is asked for.
typedef enum { COR_CPU, COR_CUDA, COR_ROCM, COR_MIGRAPHX, COR_BY_NAME } cor_provider;

typedef struct {
  int threads;             // that one run uses; 1 runs on the calling thread alone
  cor_provider provider;
  const char *name;        // for COR_BY_NAME: "CoreML", "OpenVINO"
  const char *const *keys; // the provider's options
  const char *const *values;
  size_t option_count;
  bool keeps_memory;       // keep freed memory for the next run instead of giving it back
} cor_session_options;

// Opens the model at `path`. NULL with the reason. A session may be used by several threads at once.
cor_session *cor_open(cor_library *library, const char *path, const cor_session_options *options, cor_error *error);
void cor_close(cor_session *session);

size_t cor_input_count(const cor_session *session);
size_t cor_output_count(const cor_session *session);
// Lives as long as the session.
const char *cor_input_name(const cor_session *session, size_t index);
const char *cor_output_name(const cor_session *session, size_t index);
// The kind of numbers, or 0 for what is no tensor; `shape` has room for `capacity` sizes, of which -1 is any.
int cor_input_type(const cor_session *session, size_t index);
int cor_output_type(const cor_session *session, size_t index);
size_t cor_output_shape(const cor_session *session, size_t index, int64_t *shape, size_t capacity);

// A two-dimensional tensor of int64 or int32 that the caller owns; it must stay until cor_run returns.
typedef struct {
  const char *name;
  int type;
  const void *data;
  size_t byte_count;
} cor_input;

// Runs the model once for inputs of `rows` x `columns` and gives the one output of that name. NULL with the reason.
cor_outputs *cor_run(cor_session *session, const cor_input *inputs, size_t input_count, int64_t rows, int64_t columns,
                     const char *output_name, cor_error *error);
int cor_outputs_type(const cor_outputs *outputs);
size_t cor_outputs_shape(const cor_outputs *outputs, int64_t *shape, size_t capacity);
const void *cor_outputs_data(const cor_outputs *outputs);
void cor_outputs_release(cor_outputs *outputs);

// Widens `count` half-precision numbers.
void cor_widen(const uint16_t *half, float *single, size_t count);
