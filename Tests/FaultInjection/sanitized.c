// Parses the files that `cairn-grammar-fuzzer write` writes to standard input with one grammar, whose scanner and the core of
// tree-sitter are compiled with the address and the undefined-behaviour sanitizer: Scripts/fuzz-grammars --sanitize. What they find goes to
// standard error; at the end a line says how many files there were, how many parses were left and for what, and how many ran out of time.
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tree_sitter/api.h>
#include <unistd.h>

const TSLanguage *CAIRN_LANGUAGE(void);

static jmp_buf way_out;
static char *state;
static double deadline;
enum { STATE_BYTES = 1 << 20, REASON_COUNT = 8 };

// In place of Sources/CFaultGuard: the sanitizer must see the faults itself.
__attribute__((noreturn)) static void leave(int reason) { longjmp(way_out, reason); }
char *cairn_scanner_state(void) { return state; }
void cairn_scanner_has_too_much_state(void) { leave(3); }
// The sanitizers take ten times as long as it is.
__thread long cairn_work_left;
void cairn_work_is_over(void) { leave(4); }
// As Scripts/setup has it: zeros stand behind a state.
const char *cairn_scanner_kept_state(const char *bytes, unsigned length) {
  static char room[2 * STATE_BYTES];
  if (length == 0) return bytes;
  memset(room, 0, 2048);
  return memcpy(room, bytes, length);
}
void cairn_scanner___assert_fail(const char *claim, const char *file, unsigned line, const char *name) { leave(2); }
void cairn_scanner_abort(void) { leave(2); }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static bool is_late(TSParseState *parse) { return now() > deadline; }

typedef struct { const char *bytes; uint32_t count; } Text;
static const char *read_text(void *payload, uint32_t index, TSPoint point, uint32_t *count) {
  Text *text = payload;
  *count = index >= text->count ? 0 : text->count - index < 4096 ? text->count - index : 4096;
  return text->bytes + index;
}

int main(void) {
  state = malloc(STATE_BYTES);
  unsigned files = 0, late = 0, left[REASON_COUNT] = {0};
  double start = now();
  uint32_t count;
  while (fread(&count, 1, sizeof count, stdin) == sizeof count) {
    char *bytes = malloc(count);
    if (fread(bytes, 1, count, stdin) != count) break;
    files++;
    alarm(120);
    deadline = now() + 5;
    cairn_work_left = 20000000 + 160L * count;
    int reason = setjmp(way_out);
    if (reason == 0) {
      Text text = {bytes, count};
      TSParser *parser = ts_parser_new();
      ts_parser_set_language(parser, CAIRN_LANGUAGE());
      TSInput input = {.payload = &text, .read = read_text, .encoding = TSInputEncodingUTF8};
      TSParseOptions options = {.progress_callback = is_late};
      TSTree *tree = ts_parser_parse_with_options(parser, NULL, input, options);
      if (tree == NULL) late++;
      else ts_tree_delete(tree);
      ts_parser_delete(parser);
    } else {
      left[reason < REASON_COUNT ? reason : 0]++;
    }
    free(bytes);
  }
  printf("%u files, %u assertions, %u with too much state, %u with too much work, %u late, %.1f s\n", files, left[2], left[3], left[4], late, now() - start);
  return 0;
}
