package import Cairn
package import JSON
package import Savings

// The objects of `cairn savings --json`, which `Docs/JSON.md` describes.

extension JSONValue {
  package static func savings(_ totals: SavingsTotals, isOn: Bool, file: Path) -> JSONValue {
    let rows = totals.byTool()
    return .object(
      [("type", .string("savings")), ("on", .boolean(isOn))] + members("file", file) + [
        ("since", totals.firstDay.map { .string(History.day(Int64($0) * 86_400)) } ?? .null),
        ("tools", .array(rows.map { .object([("tool", .string($0.tool))] + sums($0)) })),
        ("all", .object(sums(SavingsTotals.sum(rows)))),
      ])
  }

  package static func savingsCleared(_ wasThere: Bool, file: Path) -> JSONValue {
    .object([("type", .string("savings_cleared")), ("cleared", .boolean(wasThere))] + members("file", file))
  }

  private static func sums(_ row: SavingsTotals.Row) -> [(name: String, value: JSONValue)] {
    [
      ("calls", .integer(row.callCount)), ("empty", .integer(row.emptyCount)), ("tokens", .integer(row.tokens)),
      ("files", .integer(row.fileCount)), ("file_tokens", .integer(row.fileTokens)),
    ]
  }
}
