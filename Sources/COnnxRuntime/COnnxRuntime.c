#define _GNU_SOURCE
#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Places in the table of functions. Checked against the assertions that the runtime's own source makes about its table:
// ReleaseCustomOpDomain 101, ReleaseModelMetadata 118, AddFreeDimensionOverrideByName 124, ReleaseAvailableProviders
// 126, SetGlobalSpinControl 149, ReleaseArenaCfg 157, GetCurrentGpuDeviceId 161.
enum {
  GET_ERROR_CODE = 1,
  GET_ERROR_MESSAGE = 2,
  CREATE_ENV = 3,
  CREATE_SESSION = 7,
  RUN = 9,
  CREATE_SESSION_OPTIONS = 10,
  DISABLE_MEM_PATTERN = 17,
  DISABLE_CPU_MEM_ARENA = 19,
  SET_GRAPH_OPTIMIZATION_LEVEL = 23,
  SET_INTRA_OP_THREADS = 24,
  SET_INTER_OP_THREADS = 25,
  SESSION_GET_INPUT_COUNT = 30,
  SESSION_GET_OUTPUT_COUNT = 31,
  SESSION_GET_INPUT_TYPE = 33,
  SESSION_GET_OUTPUT_TYPE = 34,
  SESSION_GET_INPUT_NAME = 36,
  SESSION_GET_OUTPUT_NAME = 37,
  CREATE_TENSOR_WITH_DATA = 49,
  GET_TENSOR_MUTABLE_DATA = 51,
  CAST_TYPE_TO_TENSOR = 55,
  GET_TENSOR_ELEMENT_TYPE = 60,
  GET_DIMENSIONS_COUNT = 61,
  GET_DIMENSIONS = 62,
  GET_TENSOR_TYPE_AND_SHAPE = 65,
  CREATE_CPU_MEMORY_INFO = 69,
  ALLOCATOR_FREE = 76,
  GET_DEFAULT_ALLOCATOR = 78,
  RELEASE_ENV = 92,
  RELEASE_STATUS = 93,
  RELEASE_MEMORY_INFO = 94,
  RELEASE_SESSION = 95,
  RELEASE_VALUE = 96,
  RELEASE_TYPE_INFO = 98,
  RELEASE_TENSOR_TYPE_AND_SHAPE = 99,
  RELEASE_SESSION_OPTIONS = 100,
  GET_AVAILABLE_PROVIDERS = 125,
  RELEASE_AVAILABLE_PROVIDERS = 126,
  ADD_SESSION_CONFIG_ENTRY = 130,
  APPEND_ROCM = 153,
  APPEND_CUDA_V2 = 204,
  CREATE_CUDA_OPTIONS = 205,
  UPDATE_CUDA_OPTIONS = 206,
  RELEASE_CUDA_OPTIONS = 208,
  APPEND_PROVIDER = 216,
  CREATE_ROCM_OPTIONS = 255,
  UPDATE_ROCM_OPTIONS = 256,
  RELEASE_ROCM_OPTIONS = 258,
};

typedef struct {
  const void *(*get_api)(uint32_t version);
  const char *(*get_version)(void);
} api_base;

struct cor_library {
  void *handle;
  void *const *api;
  const char *version;
  const char *path;
  void *environment;
  void *allocator;
  void *memory;
};

typedef struct {
  char *name;
  int type;
  size_t rank;
  int64_t shape[8];
} description;

struct cor_session {
  cor_library *library;
  void *session;
  size_t input_count, output_count;
  description *inputs, *outputs;
};

struct cor_outputs {
  cor_library *library;
  void *value;
  int type;
  size_t rank;
  int64_t shape[8];
  void *data;
};

// The function at a place, which returns a status (NULL: it worked) and takes what is written behind the place.
#define CALL(library, place, parameters, ...) ((void *(*)parameters)(library)->api[place])(__VA_ARGS__)
#define RELEASE(library, place, object) ((void (*)(void *))(library)->api[place])(object)

static void set(cor_error *error, int code, const char *message) {
  error->code = code;
  snprintf(error->message, sizeof error->message, "%s", message ? message : "it does not say why");
}

// Whether `status` is a failure, which is then told in `error`.
static bool failed(const cor_library *library, void *status, cor_error *error) {
  if (!status) return false;
  int code = ((int (*)(const void *))library->api[GET_ERROR_CODE])(status);
  set(error, code > 0 ? code : 1, ((const char *(*)(const void *))library->api[GET_ERROR_MESSAGE])(status));
  RELEASE(library, RELEASE_STATUS, status);
  return true;
}

cor_library *cor_load(const char *path, cor_error *error) {
  set(error, 0, "");
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    set(error, COR_NOT_LOADABLE, dlerror());
    return NULL;
  }
  const api_base *(*get_base)(void) = (const api_base *(*)(void))dlsym(handle, "OrtGetApiBase");
  if (!get_base) {
    set(error, COR_NOT_A_RUNTIME, "it has no function OrtGetApiBase");
    dlclose(handle);
    return NULL;
  }
  const api_base *base = get_base();
  void *const *api = base->get_api(COR_API_VERSION);
  if (!api) {
    set(error, COR_TOO_OLD, base->get_version());
    return NULL;
  }
  cor_library *library = calloc(1, sizeof *library);
  if (!library) {
    set(error, COR_NO_MEMORY, "no memory");
    return NULL;
  }
  library->handle = handle;
  library->api = api;
  library->version = base->get_version();
  Dl_info where;
  if (dladdr((void *)get_base, &where) && where.dli_fname) library->path = where.dli_fname;
  // 4: of its messages on the terminal only the fatal ones; failures are told by statuses.
  if (failed(library, CALL(library, CREATE_ENV, (int, const char *, void **), 4, "cairn", &library->environment), error) ||
      failed(library, CALL(library, GET_DEFAULT_ALLOCATOR, (void **), &library->allocator), error) ||
      failed(library, CALL(library, CREATE_CPU_MEMORY_INFO, (int, int, void **), 1, 0, &library->memory), error)) {
    free(library);
    return NULL;
  }
  return library;
}

const char *cor_version(const cor_library *library) { return library->version; }
const char *cor_path(const cor_library *library) { return library->path; }

void cor_providers(const cor_library *library, void *context, void (*visit)(void *, const char *)) {
  char **names = NULL;
  int count = 0;
  cor_error ignored;
  if (failed(library, CALL(library, GET_AVAILABLE_PROVIDERS, (char ***, int *), &names, &count), &ignored)) return;
  for (int i = 0; i < count; i++) visit(context, names[i]);
  failed(library, CALL(library, RELEASE_AVAILABLE_PROVIDERS, (char **, int), names, count), &ignored);
}

// Describes one input or output. The name is a copy.
static bool describe(cor_session *s, int name_place, int type_place, size_t index, description *out, cor_error *error) {
  cor_library *library = s->library;
  char *name = NULL;
  if (failed(library, CALL(library, name_place, (void *, size_t, void *, char **), s->session, index, library->allocator, &name),
             error))
    return false;
  out->name = strdup(name);
  cor_error ignored;
  failed(library, CALL(library, ALLOCATOR_FREE, (void *, void *), library->allocator, name), &ignored);
  if (!out->name) {
    set(error, COR_NO_MEMORY, "no memory");
    return false;
  }
  void *type = NULL;
  if (failed(library, CALL(library, type_place, (void *, size_t, void **), s->session, index, &type), error)) return false;
  const void *tensor = NULL;  // belongs to `type`
  bool worked = !failed(library, CALL(library, CAST_TYPE_TO_TENSOR, (void *, const void **), type, &tensor), error);
  if (worked && tensor) {
    size_t rank = 0;
    worked = !failed(library, CALL(library, GET_TENSOR_ELEMENT_TYPE, (const void *, int *), tensor, &out->type), error) &&
             !failed(library, CALL(library, GET_DIMENSIONS_COUNT, (const void *, size_t *), tensor, &rank), error);
    out->rank = rank < 8 ? rank : 8;
    worked = worked &&
             !failed(library, CALL(library, GET_DIMENSIONS, (const void *, int64_t *, size_t), tensor, out->shape, out->rank), error);
  }
  RELEASE(library, RELEASE_TYPE_INFO, type);
  return worked;
}

static bool append_provider(cor_library *library, void *options, const cor_session_options *wanted, cor_error *error) {
  size_t count = wanted->option_count;
  typedef void *(*updater)(void *, const char *const *, const char *const *, size_t);
  switch (wanted->provider) {
    case COR_CPU:
      return true;
    case COR_CUDA: {
      void *cuda = NULL;
      if (failed(library, CALL(library, CREATE_CUDA_OPTIONS, (void **), &cuda), error)) return false;
      bool worked =
          !failed(library, ((updater)library->api[UPDATE_CUDA_OPTIONS])(cuda, wanted->keys, wanted->values, count), error) &&
          !failed(library, CALL(library, APPEND_CUDA_V2, (void *, const void *), options, cuda), error);
      RELEASE(library, RELEASE_CUDA_OPTIONS, cuda);
      return worked;
    }
    case COR_ROCM: {
      void *rocm = NULL;
      if (failed(library, CALL(library, CREATE_ROCM_OPTIONS, (void **), &rocm), error)) return false;
      bool worked =
          !failed(library, ((updater)library->api[UPDATE_ROCM_OPTIONS])(rocm, wanted->keys, wanted->values, count), error) &&
          !failed(library, CALL(library, APPEND_ROCM, (void *, const void *), options, rocm), error);
      RELEASE(library, RELEASE_ROCM_OPTIONS, rocm);
      return worked;
    }
    case COR_MIGRAPHX: {
      // Its options are a structure that changed between versions; this function, which builds with MIGraphX export,
      // takes the number of the device alone.
      void *(*append)(void *, int) =
          (void *(*)(void *, int))dlsym(library->handle, "OrtSessionOptionsAppendExecutionProvider_MIGraphX");
      if (!append) {
        set(error, COR_NOT_A_RUNTIME, "this build of ONNX Runtime has no MIGraphX");
        return false;
      }
      return !failed(library, append(options, 0), error);
    }
    case COR_BY_NAME:
      return !failed(library,
                     CALL(library, APPEND_PROVIDER, (void *, const char *, const char *const *, const char *const *, size_t),
                          options, wanted->name, wanted->keys, wanted->values, count),
                     error);
  }
  set(error, COR_NOT_A_RUNTIME, "no such provider");
  return false;
}

static bool configure(cor_library *library, void *options, const cor_session_options *wanted, cor_error *error) {
  // 99: every optimisation of the graph. Shapes differ from run to run, so that a plan of the memory for each is no
  // use.
  return !failed(library, CALL(library, SET_GRAPH_OPTIMIZATION_LEVEL, (void *, int), options, 99), error) &&
         !failed(library, CALL(library, SET_INTRA_OP_THREADS, (void *, int), options, wanted->threads), error) &&
         !failed(library, CALL(library, SET_INTER_OP_THREADS, (void *, int), options, 1), error) &&
         !failed(library, CALL(library, DISABLE_MEM_PATTERN, (void *), options), error) &&
         (wanted->keeps_memory || !failed(library, CALL(library, DISABLE_CPU_MEM_ARENA, (void *), options), error)) &&
         // Threads that wait sleep: a core is for work.
         !failed(library,
                 CALL(library, ADD_SESSION_CONFIG_ENTRY, (void *, const char *, const char *), options,
                      "session.intra_op.allow_spinning", "0"),
                 error) &&
         append_provider(library, options, wanted, error);
}

cor_session *cor_open(cor_library *library, const char *path, const cor_session_options *wanted, cor_error *error) {
  set(error, 0, "");
  void *options = NULL;
  if (failed(library, CALL(library, CREATE_SESSION_OPTIONS, (void **), &options), error)) return NULL;
  cor_session *s = calloc(1, sizeof *s);
  if (!s) set(error, COR_NO_MEMORY, "no memory");
  bool worked =
      s && configure(library, options, wanted, error) &&
      !failed(library,
              CALL(library, CREATE_SESSION, (void *, const char *, const void *, void **), library->environment, path, options, &s->session),
              error);
  RELEASE(library, RELEASE_SESSION_OPTIONS, options);
  if (!worked) {
    free(s);
    return NULL;
  }
  s->library = library;
  size_t inputs = 0, outputs = 0;
  worked = !failed(library, CALL(library, SESSION_GET_INPUT_COUNT, (void *, size_t *), s->session, &inputs), error) &&
           !failed(library, CALL(library, SESSION_GET_OUTPUT_COUNT, (void *, size_t *), s->session, &outputs), error);
  if (worked) {
    s->inputs = calloc(inputs + 1, sizeof *s->inputs);
    s->outputs = calloc(outputs + 1, sizeof *s->outputs);
    if (!s->inputs || !s->outputs) {
      set(error, COR_NO_MEMORY, "no memory");
      worked = false;
    }
  }
  if (worked) {
    s->input_count = inputs;
    s->output_count = outputs;
    for (size_t i = 0; worked && i < inputs; i++)
      worked = describe(s, SESSION_GET_INPUT_NAME, SESSION_GET_INPUT_TYPE, i, &s->inputs[i], error);
    for (size_t i = 0; worked && i < outputs; i++)
      worked = describe(s, SESSION_GET_OUTPUT_NAME, SESSION_GET_OUTPUT_TYPE, i, &s->outputs[i], error);
  }
  if (worked) return s;
  cor_close(s);
  return NULL;
}

void cor_close(cor_session *s) {
  if (!s) return;
  for (size_t i = 0; i < s->input_count; i++) free(s->inputs[i].name);
  for (size_t i = 0; i < s->output_count; i++) free(s->outputs[i].name);
  free(s->inputs);
  free(s->outputs);
  if (s->session) RELEASE(s->library, RELEASE_SESSION, s->session);
  free(s);
}

static size_t copy_shape(size_t rank, const int64_t *shape, int64_t *out, size_t capacity) {
  for (size_t i = 0; i < rank && i < capacity; i++) out[i] = shape[i];
  return rank;
}

size_t cor_input_count(const cor_session *s) { return s->input_count; }
size_t cor_output_count(const cor_session *s) { return s->output_count; }
const char *cor_input_name(const cor_session *s, size_t i) { return s->inputs[i].name; }
const char *cor_output_name(const cor_session *s, size_t i) { return s->outputs[i].name; }
int cor_input_type(const cor_session *s, size_t i) { return s->inputs[i].type; }
int cor_output_type(const cor_session *s, size_t i) { return s->outputs[i].type; }
size_t cor_output_shape(const cor_session *s, size_t i, int64_t *shape, size_t capacity) {
  return copy_shape(s->outputs[i].rank, s->outputs[i].shape, shape, capacity);
}

cor_outputs *cor_run(cor_session *s, const cor_input *inputs, size_t input_count, int64_t rows, int64_t columns,
                     const char *output_name, cor_error *error) {
  set(error, 0, "");
  cor_library *library = s->library;
  enum { MOST_INPUTS = 8 };
  void *values[MOST_INPUTS] = {0};
  const char *names[MOST_INPUTS] = {0};
  if (input_count > MOST_INPUTS) {
    set(error, 2, "too many inputs");
    return NULL;
  }
  cor_outputs *out = calloc(1, sizeof *out);
  if (!out) {
    set(error, COR_NO_MEMORY, "no memory");
    return NULL;
  }
  out->library = library;
  const int64_t shape[2] = {rows, columns};
  bool worked = true;
  for (size_t i = 0; worked && i < input_count; i++) {
    names[i] = inputs[i].name;
    worked = !failed(library,
                     CALL(library, CREATE_TENSOR_WITH_DATA,
                          (const void *, void *, size_t, const int64_t *, size_t, int, void **), library->memory,
                          (void *)inputs[i].data, inputs[i].byte_count, shape, 2, inputs[i].type, &values[i]),
                     error);
  }
  worked = worked &&
           !failed(library,
                   CALL(library, RUN,
                        (void *, const void *, const char *const *, void *const *, size_t, const char *const *, size_t, void **),
                        s->session, NULL, names, values, input_count, &output_name, 1, &out->value),
                   error);
  for (size_t i = 0; i < input_count; i++)
    if (values[i]) RELEASE(library, RELEASE_VALUE, values[i]);
  void *info = NULL;
  worked = worked && !failed(library, CALL(library, GET_TENSOR_TYPE_AND_SHAPE, (const void *, void **), out->value, &info), error);
  if (worked) {
    size_t rank = 0;
    worked = !failed(library, CALL(library, GET_TENSOR_ELEMENT_TYPE, (const void *, int *), info, &out->type), error) &&
             !failed(library, CALL(library, GET_DIMENSIONS_COUNT, (const void *, size_t *), info, &rank), error);
    out->rank = rank < 8 ? rank : 8;
    worked = worked &&
             !failed(library, CALL(library, GET_DIMENSIONS, (const void *, int64_t *, size_t), info, out->shape, out->rank), error) &&
             !failed(library, CALL(library, GET_TENSOR_MUTABLE_DATA, (void *, void **), out->value, &out->data), error);
    RELEASE(library, RELEASE_TENSOR_TYPE_AND_SHAPE, info);
  }
  if (worked) return out;
  cor_outputs_release(out);
  return NULL;
}

int cor_outputs_type(const cor_outputs *out) { return out->type; }
size_t cor_outputs_shape(const cor_outputs *out, int64_t *shape, size_t capacity) {
  return copy_shape(out->rank, out->shape, shape, capacity);
}
const void *cor_outputs_data(const cor_outputs *out) { return out->data; }
void cor_outputs_release(cor_outputs *out) {
  if (!out) return;
  if (out->value) RELEASE(out->library, RELEASE_VALUE, out->value);
  free(out);
}

void cor_widen(const uint16_t *half, float *single, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t sign = (uint32_t)(half[i] >> 15) << 31, exponent = half[i] >> 10 & 31, fraction = half[i] & 1023, bits;
    if (exponent == 31) {
      bits = sign | 0x7F800000u | fraction << 13;  // infinity, or not a number
    } else if (exponent) {
      bits = sign | (exponent + 112) << 23 | fraction << 13;
    } else {
      float tiny = (float)fraction / 16777216.0f;  // subnormal: fraction times 2 to the -24
      memcpy(&bits, &tiny, sizeof bits);
      bits |= sign;
    }
    memcpy(&single[i], &bits, sizeof bits);
  }
}
