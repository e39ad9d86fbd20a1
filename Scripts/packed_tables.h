// How the tree-sitter core reads parse tables that Scripts/pack-tables has packed; the formats stand there.
// Scripts/mend-grammars has it included by the core's language.h, Scripts/setup compiles with CAIRN_PACKED_TABLES.
#ifndef CAIRN_PACKED_TABLES_H
#define CAIRN_PACKED_TABLES_H

static inline const uint16_t *cairn_packed_part(const uint16_t *table, unsigned part) {
  return table + (table[2 * part] | (uint32_t)table[2 * part + 1] << 16);
}

static inline bool cairn_packed_set_has(const uint16_t *table, uint16_t set, TSSymbol symbol) {
  if (set & 0x8000) return (set & 0x7fff) == symbol;
  const uint16_t *symbols = table + set;
  for (unsigned count = *symbols++; count > 0; count--, symbols++)
    if (*symbols == symbol) return true;
  return false;
}

// The value at a state and a symbol, as ts_language_lookup has it of tables that are not packed.
static inline uint16_t cairn_packed_lookup(const TSLanguage *self, TSStateId state, TSSymbol symbol) {
  if (state < self->large_state_count) {
    const uint16_t *table = self->parse_table;
    unsigned column = table[4 + symbol];
    const uint16_t *row = table + 4 + self->symbol_count + state * ((self->symbol_count + 31) >> 5);
    uint16_t block = cairn_packed_part(table, 0)[row[column >> 5] * 8u + (column >> 2 & 7)];
    return cairn_packed_part(table, 1)[block * 4u + (column & 3)];
  }
  const uint16_t *table = self->small_parse_table;
  const uint16_t *pairs = cairn_packed_part(table, 0);
  const uint16_t *list = table + self->small_parse_table_map[state - self->large_state_count];
  for (unsigned count = *list++; count > 0; count--, list++) {
    const uint16_t *two = pairs + *list * 4u;
    if (cairn_packed_set_has(table, two[1], symbol)) return two[0];
    if (cairn_packed_set_has(table, two[3], symbol)) return two[2];
  }
  return 0;
}

#endif
