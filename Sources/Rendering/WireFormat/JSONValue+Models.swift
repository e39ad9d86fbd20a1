package import Cairn
package import JSON

extension JSONValue {
  package static func model(_ entry: ModelEntry) -> JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      ("type", .string("model")), ("name", .string(entry.name)),
      ("aliases", .array(entry.aliases.map { .string($0) })), ("kind", .string(entry.kind.rawValue)),
      ("summary", .string(entry.summary)), ("built_in", .boolean(entry.isBuiltIn)),
      ("installed", .boolean(entry.isInstalled)), ("dimensions", entry.dimensions.map { .integer($0) } ?? .null),
      ("token_limit", entry.tokenLimit.map { .integer($0) } ?? .null),
      ("pooling", entry.pooling.map { .string($0) } ?? .null), ("query_prefix", .string(entry.queryPrefix)),
      ("document_prefix", .string(entry.documentPrefix)), ("licence", entry.licence.map { .string($0) } ?? .null),
      ("source", entry.source.map { .string($0) } ?? .null),
      ("precisions", .array(entry.precisions.map { .string($0) })),
    ]
    if let directory = entry.directory { members += self.members("directory", directory) }
    members.append(
      (
        "files",
        .array(
          entry.files.map { file in
            .object([
              ("path", .string(file.path)), ("bytes", file.byteCount.map { .integer($0) } ?? .null),
              ("sha256", file.sha256.map { .string($0) } ?? .null), ("verified", .boolean(file.isVerified)),
            ])
          })
      ))
    return .object(members)
  }

  package static func modelTest(_ test: ModelTest) -> JSONValue {
    .object([
      ("type", .string("model_test")), ("model", .string(test.modelName)), ("dimensions", .integer(test.dimensions)),
      ("device", test.device.map { .string($0) } ?? .null), ("opening_seconds", .number(test.openingSeconds)),
      ("texts_per_second", .number(test.textsPerSecond)), ("matching_similarity", .number(test.matchingSimilarity)),
      ("other_similarity", .number(test.otherSimilarity)), ("tells_apart", .boolean(test.tellsApart)),
    ])
  }
}
