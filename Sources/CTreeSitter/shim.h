#include <tree_sitter/api.h>
#include <cairn_grammars.h>

// One parse from its beginning to its tree, for a guard that may leave it in its middle: all between here and there is
// C, but for the callbacks of `input` and `options`, which must hold nothing.
typedef struct {
  const TSLanguage *language;
  TSInput input;
  TSParseOptions options;
  // Whether the parser goes when the parse is done. Otherwise its memory must be thrown away.
  bool ends_parser;
  TSTree *tree;
} cairn_parse;

__attribute__((noinline)) static void cairn_perform_parse(void *context) {
  cairn_parse *parse = (cairn_parse *)context;
  TSParser *parser = ts_parser_new();
  if (ts_parser_set_language(parser, parse->language))
    parse->tree = ts_parser_parse_with_options(parser, 0, parse->input, parse->options);
  if (parse->ends_parser) ts_parser_delete(parser);
}
