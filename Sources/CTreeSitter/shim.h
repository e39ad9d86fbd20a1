#include <setjmp.h>
#include <tree_sitter/api.h>
#include <cairn_grammars.h>

// Tree-sitter does not look whether it got memory. A parse that gets none is left here: `*escape` holds the way out while the
// parse runs, and is null otherwise. What the parse had made is then as it was in the middle of it, and must not be touched.
__attribute__((noinline)) static TSTree *cairn_guarded_parse(TSParser *parser, TSInput input, TSParseOptions options,
                                                             void **escape) {
  jmp_buf place;
  TSTree *tree = 0;
  if (setjmp(place) == 0) {
    *escape = &place;
    tree = ts_parser_parse_with_options(parser, 0, input, options);
  }
  *escape = 0;
  return tree;
}

// Leaves the parse. Between here and there lie frames of tree-sitter, and one of whoever calls this, which must hold nothing.
__attribute__((noinline, noreturn)) static void cairn_leave_parse(void *escape) { longjmp(*(jmp_buf *)escape, 1); }
