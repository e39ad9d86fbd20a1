// PostgreSQL's C library for Swift: what of libpq is used, declared here, so that nothing of PostgreSQL is needed to
// build. The library (Debian's libpq5, version 14 or newer) is loaded by cpostgres_load when the first connection is
// made; a program that makes none neither links nor loads it. Every other function here may be called only after
// cpostgres_load gave 0. https://www.postgresql.org/docs/18/libpq.html
#pragma once
#include <stddef.h>

typedef struct cpostgres_connection cpostgres_connection;
typedef struct cpostgres_result cpostgres_result;
typedef struct cpostgres_cancel cpostgres_cancel;

// PQconninfoOption, whose first four members libpq has had since it has it.
typedef struct {
  char *keyword;
  char *envvar;
  char *compiled;
  char *value;
  char *label;
  char *dispchar;
  int dispsize;
} cpostgres_option;

// PGnotify
typedef struct cpostgres_notice {
  char *channel;
  int process;
  char *payload;
  struct cpostgres_notice *next;
} cpostgres_notice;

// Of ExecStatusType; the numbers are part of libpq's interface.
enum {
  CPOSTGRES_COPY_IN = 4,
  CPOSTGRES_BAD_RESPONSE = 5,
  CPOSTGRES_ERROR = 7,
  CPOSTGRES_PIPELINE_ABORTED = 11,
};

// PG_DIAG_SQLSTATE, PG_DIAG_MESSAGE_PRIMARY, PG_DIAG_MESSAGE_HINT
enum {
  CPOSTGRES_SQLSTATE = 'C',
  CPOSTGRES_PRIMARY = 'M',
  CPOSTGRES_HINT = 'H',
};

// Loads the library; later calls give what the first one did. 0, or 1 with the reason in `reason` (cut to `size`).
// Thread-safe.
int cpostgres_load(char *reason, size_t size);

// PQconninfoParse; NULL with a message of its own in `error`, to be freed with cpostgres_free.
cpostgres_option *cpostgres_parse(const char *text, char **error);
void cpostgres_free_options(cpostgres_option *options);

// PQconnectStartParams and PQconnectPoll: the latter gives 1 to wait for reading, 2 for writing, 3 when it is done, 0
// when it failed.
cpostgres_connection *cpostgres_connect(const char *const *keywords, const char *const *values);
int cpostgres_connect_poll(cpostgres_connection *connection);
void cpostgres_close(cpostgres_connection *connection);
// 1 where it failed before anything was sent.
int cpostgres_is_failed(cpostgres_connection *connection);
// The library's own text, valid until the next call.
const char *cpostgres_error(cpostgres_connection *connection);
// A parameter that the server reports: server_version, in_hot_standby. NULL where it does not.
const char *cpostgres_parameter(cpostgres_connection *connection, const char *name);
int cpostgres_server_version(cpostgres_connection *connection);
int cpostgres_socket(cpostgres_connection *connection);
// 1 where a password was needed and there was none.
int cpostgres_wants_password(cpostgres_connection *connection);

// Sending: 1, or 0 with the reason in cpostgres_error. The connection does not block.
int cpostgres_set_nonblocking(cpostgres_connection *connection);
int cpostgres_send(
  cpostgres_connection *connection, const char *sql, int count, const unsigned *types, const char *const *values,
  const int *lengths, const int *formats);
int cpostgres_send_prepare(
  cpostgres_connection *connection, const char *name, const char *sql, int count, const unsigned *types);
int cpostgres_send_prepared(
  cpostgres_connection *connection, const char *name, int count, const char *const *values, const int *lengths,
  const int *formats);
int cpostgres_enter_pipeline(cpostgres_connection *connection);
int cpostgres_leave_pipeline(cpostgres_connection *connection);
int cpostgres_sync(cpostgres_connection *connection);
// 0 when all was sent, 1 when some was not yet, -1 for an error.
int cpostgres_flush(cpostgres_connection *connection);

// Receiving.
int cpostgres_consume(cpostgres_connection *connection);
// 1 where the next result is not there yet.
int cpostgres_is_busy(cpostgres_connection *connection);
// NULL after the last result of a command.
cpostgres_result *cpostgres_next(cpostgres_connection *connection);
int cpostgres_status(const cpostgres_result *result);
const char *cpostgres_result_field(const cpostgres_result *result, int field);
int cpostgres_rows(const cpostgres_result *result);
const char *cpostgres_value(const cpostgres_result *result, int row, int column);
int cpostgres_length(const cpostgres_result *result, int row, int column);
int cpostgres_is_null(const cpostgres_result *result, int row, int column);
// How many rows a command touched, as digits.
const char *cpostgres_touched(cpostgres_result *result);
void cpostgres_clear(cpostgres_result *result);

// COPY: 1 when it was taken, 0 when it would block, -1 for an error.
int cpostgres_put(cpostgres_connection *connection, const char *bytes, int count);
int cpostgres_put_end(cpostgres_connection *connection, const char *error);
void cpostgres_free(void *memory);

// NOTIFY: NULL where there is none; free it with cpostgres_free.
cpostgres_notice *cpostgres_next_notice(cpostgres_connection *connection);

// Asks the server to end what it does for `connection`, and does not wait for that.
void cpostgres_cancel_running(cpostgres_connection *connection);
