#include <tree_sitter/api.h>
#include <cairn_grammars.h>
