#include "CPostgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef cpostgres_connection conn;
typedef cpostgres_result result;

static struct {
  cpostgres_option *(*conninfoParse)(const char *, char **);
  void (*conninfoFree)(cpostgres_option *);
  conn *(*connectStartParams)(const char *const *, const char *const *, int);
  int (*connectPoll)(conn *);
  void (*finish)(conn *);
  int (*status)(const conn *);
  char *(*errorMessage)(const conn *);
  const char *(*parameterStatus)(const conn *, const char *);
  int (*serverVersion)(const conn *);
  int (*socket)(const conn *);
  int (*connectionNeedsPassword)(const conn *);
  int (*setnonblocking)(conn *, int);
  int (*sendQueryParams)(
    conn *, const char *, int, const unsigned *, const char *const *, const int *, const int *, int);
  int (*sendPrepare)(conn *, const char *, const char *, int, const unsigned *);
  int (*sendQueryPrepared)(conn *, const char *, int, const char *const *, const int *, const int *, int);
  int (*enterPipelineMode)(conn *);
  int (*exitPipelineMode)(conn *);
  int (*pipelineSync)(conn *);
  int (*flush)(conn *);
  int (*consumeInput)(conn *);
  int (*isBusy)(conn *);
  result *(*getResult)(conn *);
  int (*resultStatus)(const result *);
  char *(*resultErrorField)(const result *, int);
  int (*ntuples)(const result *);
  char *(*getvalue)(const result *, int, int);
  int (*getlength)(const result *, int, int);
  int (*getisnull)(const result *, int, int);
  char *(*cmdTuples)(result *);
  void (*clear)(result *);
  int (*putCopyData)(conn *, const char *, int);
  int (*putCopyEnd)(conn *, const char *);
  void (*freemem)(void *);
  cpostgres_notice *(*notifies)(conn *);
  cpostgres_cancel *(*getCancel)(conn *);
  int (*cancel)(cpostgres_cancel *, char *, int);
  void (*freeCancel)(cpostgres_cancel *);
  void *(*setNoticeReceiver)(conn *, void (*)(void *, const result *), void *);
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;
static char problem[256];

// The last is macOS's.
static const char *const names[] = {"libpq.so.5", "libpq.5.dylib"};

static void load(void) {
  void *handle = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !handle; i++) handle = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
  if (!handle) {
    snprintf(problem, sizeof problem, "%s was not found", names[0]);
    return;
  }
#define FIND(name)                                                                                      \
  if (!(library.name = (__typeof__(library.name))dlsym(handle, "PQ" #name))) {                          \
    snprintf(problem, sizeof problem, "the installed libpq is older than version 14: no PQ%s", #name);  \
    return;                                                                                             \
  }
  FIND(conninfoParse)
  FIND(conninfoFree)
  FIND(connectStartParams)
  FIND(connectPoll)
  FIND(finish)
  FIND(status)
  FIND(errorMessage)
  FIND(parameterStatus)
  FIND(serverVersion)
  FIND(socket)
  FIND(connectionNeedsPassword)
  FIND(setnonblocking)
  FIND(sendQueryParams)
  FIND(sendPrepare)
  FIND(sendQueryPrepared)
  FIND(enterPipelineMode)
  FIND(exitPipelineMode)
  FIND(pipelineSync)
  FIND(flush)
  FIND(consumeInput)
  FIND(isBusy)
  FIND(getResult)
  FIND(resultStatus)
  FIND(resultErrorField)
  FIND(ntuples)
  FIND(getvalue)
  FIND(getlength)
  FIND(getisnull)
  FIND(cmdTuples)
  FIND(clear)
  FIND(putCopyData)
  FIND(putCopyEnd)
  FIND(freemem)
  FIND(notifies)
  FIND(getCancel)
  FIND(cancel)
  FIND(freeCancel)
  FIND(setNoticeReceiver)
#undef FIND
  is_loaded = 1;
}

int cpostgres_load(char *reason, size_t size) {
  pthread_once(&once, load);
  if (!is_loaded && size > 0) snprintf(reason, size, "%s", problem);
  return is_loaded ? 0 : 1;
}

// Notices (an extension that is there already, a table that is not) are for people at a terminal of the database.
static void ignore(void *context, const result *notice) {}

cpostgres_option *cpostgres_parse(const char *text, char **error) { return library.conninfoParse(text, error); }
void cpostgres_free_options(cpostgres_option *options) { library.conninfoFree(options); }

conn *cpostgres_connect(const char *const *keywords, const char *const *values) {
  conn *connection = library.connectStartParams(keywords, values, 0);
  if (connection) library.setNoticeReceiver(connection, ignore, NULL);
  return connection;
}
int cpostgres_connect_poll(conn *connection) {
  // PGRES_POLLING_FAILED 0, READING 1, WRITING 2, OK 3
  return library.connectPoll(connection);
}
void cpostgres_close(conn *connection) { library.finish(connection); }
// CONNECTION_OK is 0, CONNECTION_BAD 1.
int cpostgres_is_failed(conn *connection) { return library.status(connection) == 1; }
const char *cpostgres_error(conn *connection) { return library.errorMessage(connection); }
const char *cpostgres_parameter(conn *connection, const char *name) {
  return library.parameterStatus(connection, name);
}
int cpostgres_server_version(conn *connection) { return library.serverVersion(connection); }
int cpostgres_socket(conn *connection) { return library.socket(connection); }
int cpostgres_wants_password(conn *connection) { return library.connectionNeedsPassword(connection); }

int cpostgres_set_nonblocking(conn *connection) { return library.setnonblocking(connection, 1) == 0; }
int cpostgres_send(
  conn *connection, const char *sql, int count, const unsigned *types, const char *const *values, const int *lengths,
  const int *formats) {
  return library.sendQueryParams(connection, sql, count, types, values, lengths, formats, 1);
}
int cpostgres_send_prepare(conn *connection, const char *name, const char *sql, int count, const unsigned *types) {
  return library.sendPrepare(connection, name, sql, count, types);
}
int cpostgres_send_prepared(
  conn *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats) {
  return library.sendQueryPrepared(connection, name, count, values, lengths, formats, 1);
}
int cpostgres_enter_pipeline(conn *connection) { return library.enterPipelineMode(connection); }
int cpostgres_leave_pipeline(conn *connection) { return library.exitPipelineMode(connection); }
int cpostgres_sync(conn *connection) { return library.pipelineSync(connection); }
int cpostgres_flush(conn *connection) { return library.flush(connection); }

int cpostgres_consume(conn *connection) { return library.consumeInput(connection); }
int cpostgres_is_busy(conn *connection) { return library.isBusy(connection); }
result *cpostgres_next(conn *connection) { return library.getResult(connection); }
int cpostgres_status(const result *result) { return library.resultStatus(result); }
const char *cpostgres_result_field(const result *result, int field) { return library.resultErrorField(result, field); }
int cpostgres_rows(const result *result) { return library.ntuples(result); }
const char *cpostgres_value(const result *result, int row, int column) {
  return library.getvalue(result, row, column);
}
int cpostgres_length(const result *result, int row, int column) { return library.getlength(result, row, column); }
int cpostgres_is_null(const result *result, int row, int column) { return library.getisnull(result, row, column); }
const char *cpostgres_touched(result *result) { return library.cmdTuples(result); }
void cpostgres_clear(result *result) { library.clear(result); }

int cpostgres_put(conn *connection, const char *bytes, int count) {
  return library.putCopyData(connection, bytes, count);
}
int cpostgres_put_end(conn *connection, const char *error) { return library.putCopyEnd(connection, error); }
void cpostgres_free(void *memory) { library.freemem(memory); }

cpostgres_notice *cpostgres_next_notice(conn *connection) { return library.notifies(connection); }

static void *cancel_statement(void *cancel) {
  char error[256];
  library.cancel(cancel, error, sizeof error);
  library.freeCancel(cancel);
  return NULL;
}

// By a thread of its own: it connects anew, which takes minutes where the network drops packets.
void cpostgres_cancel_running(conn *connection) {
  cpostgres_cancel *cancel = library.getCancel(connection);
  if (!cancel) return;
  pthread_t thread;
  if (pthread_create(&thread, NULL, cancel_statement, cancel) == 0)
    pthread_detach(thread);
  else
    library.freeCancel(cancel);
}
