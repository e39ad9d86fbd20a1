import JSON

/// A change of what an alias stands for. Several in one request happen at once.
package enum AliasChange: Hashable, Sendable {
  case point(CollectionName, to: CollectionName)
  case delete(CollectionName)

  var document: JSONValue {
    switch self {
    case .point(let alias, let collection):
      .object([
        .init(
          "create_alias",
          .object([
            .init("collection_name", .string(collection.text)), .init("alias_name", .string(alias.text)),
          ]))
      ])
    case .delete(let alias):
      .object([.init("delete_alias", .object([.init("alias_name", .string(alias.text))]))])
    }
  }
}
