import HTTP
import JSON
package import Primitives

extension QdrantClient {
  /// The names of all collections that can be named here, ascending. What another program has called otherwise is left
  /// out.
  package func collections(cancellation: Cancellation? = nil) throws(Failure) -> [CollectionName] {
    let what = "list of collections"
    return try call("GET", "collections", nil, what, cancellation: cancellation) { result throws(Failure) in
      guard let list = result["collections"]?.array else { throw wrongShape(what, "no list") }
      var names: [CollectionName] = []
      for entry in list {
        guard let text = entry["name"]?.string else { throw wrongShape(what, "no name") }
        if let name = CollectionName(ofServer: text) { names.append(name) }
      }
      return names.sorted()
    }
  }

  /// Whether there is a collection of that name, or an alias.
  package func exists(_ name: CollectionName, cancellation: Cancellation? = nil) throws(Failure) -> Bool {
    let what = "existence of a collection"
    return try call("GET", "collections/\(name)/exists", nil, what, cancellation: cancellation) {
      result throws(Failure) in
      guard let exists = result["exists"]?.boolean else { throw wrongShape(what, "neither true nor false") }
      return exists
    }
  }

  /// Throws `.refusedByEndpoint` where there is none.
  package func info(of name: CollectionName, cancellation: Cancellation? = nil) throws(Failure) -> CollectionInfo {
    let what = "a collection's state"
    return try call("GET", "collections/\(name)", nil, what, cancellation: cancellation) { result throws(Failure) in
      guard let info = CollectionInfo(result) else { throw wrongShape(what, "no state") }
      return info
    }
  }

  /// Makes a collection. One of that name that is empty and laid out for the same vectors is taken as made: an earlier
  /// attempt may have made it whose answer was lost.
  package func create(_ name: CollectionName, _ plan: CollectionPlan) throws(Failure) {
    let what = "a new collection"
    do throws(Failure) {
      try call("PUT", "collections/\(name)?timeout=\(waitSeconds)", plan.document(for: version), what) {
        result throws(Failure) in
        try confirmed(result, what)
      }
    } catch {
      guard error.code == .refusedByEndpoint, try exists(name) else { throw error }
      let info = try info(of: name)
      guard info.pointCount ?? 0 == 0, info.dimensions == [plan.denseName: plan.dimensions],
        info.sparseNames == [plan.sparseName]
      else { throw error }
    }
  }

  /// Removes a collection with all that it holds; no error if there is none. Its aliases go with it.
  package func delete(_ name: CollectionName) throws(Failure) {
    let what = "removal of a collection"
    try call("DELETE", "collections/\(name)?timeout=\(waitSeconds)", nil, what) { result throws(Failure) in
      // False where there was none.
      guard result.boolean != nil else { throw wrongShape(what, "neither true nor false") }
    }
  }

  /// Changes from how many kilobytes of vectors on a segment gets a graph: 0 leaves all to be scanned, while much is
  /// being written.
  package func setIndexingThreshold(_ kilobytes: Int, of name: CollectionName) throws(Failure) {
    let what = "a collection's settings"
    let body = JSONValue.object([
      .init("optimizers_config", .object([.init("indexing_threshold", .integer(kilobytes))]))
    ])
    try call("PATCH", "collections/\(name)?timeout=\(waitSeconds)", body, what) { result throws(Failure) in
      try confirmed(result, what)
    }
  }

  /// How long the server is to wait for a change of collections, in seconds: less than it is waited for.
  var waitSeconds: Int { max(1, Int(options.timeLimit.components.seconds) * 3 / 4) }

  // MARK: Indexes of payload fields

  /// Has the field indexed; one that is indexed already stays as it is.
  package func index(
    _ field: String, as index: PayloadIndex, in name: CollectionName
  ) throws(Failure) {
    let what = "an index of a payload field"
    let body = JSONValue.object([
      .init("field_name", .string(field)), .init("field_schema", index.schema(for: version)),
    ])
    try call("PUT", "collections/\(name)/index?wait=true", body, what) { result throws(Failure) in
      try finishedUpdate(result, what)
    }
  }

  /// Removes the index of a field.
  package func removeIndex(of field: String, in name: CollectionName) throws(Failure) {
    let what = "removal of an index"
    try call("DELETE", "collections/\(name)/index/\(field)?wait=true", nil, what) { result throws(Failure) in
      try finishedUpdate(result, what)
    }
  }

  // MARK: Aliases

  /// All aliases that can be named here, with what they stand for.
  package func aliases(cancellation: Cancellation? = nil) throws(Failure) -> [CollectionName: CollectionName] {
    let what = "list of aliases"
    return try call("GET", "aliases", nil, what, cancellation: cancellation) { result throws(Failure) in
      guard let list = result["aliases"]?.array else { throw wrongShape(what, "no list") }
      var aliases: [CollectionName: CollectionName] = [:]
      for entry in list {
        guard let alias = entry["alias_name"]?.string, let name = entry["collection_name"]?.string else {
          throw wrongShape(what, "no name")
        }
        if let alias = CollectionName(ofServer: alias), let name = CollectionName(ofServer: name) {
          aliases[alias] = name
        }
      }
      return aliases
    }
  }

  /// Makes all `changes` in one transaction.
  package func change(_ changes: [AliasChange]) throws(Failure) {
    let what = "a change of aliases"
    let body = JSONValue.object([.init("actions", .array(changes.map(\.document)))])
    try call("POST", "collections/aliases?timeout=\(waitSeconds)", body, what) { result throws(Failure) in
      try confirmed(result, what)
    }
  }

  // MARK: Snapshots

  /// Has the server write a snapshot of a collection. Not sent again where the answer is lost: there may be one then.
  package func makeSnapshot(of name: CollectionName) throws(Failure) -> SnapshotEntry {
    let what = "a new snapshot"
    var once = RetryPolicy()
    once.attemptCount = 1
    once.unreachableAttemptCount = 1
    return try call(
      "POST", "collections/\(name)/snapshots?wait=true", nil, what, urgency: (once, options.timeLimit * 10)
    ) { result throws(Failure) in
      guard let entry = SnapshotEntry(result) else { throw wrongShape(what, "no snapshot") }
      return entry
    }
  }

  /// The snapshots of a collection, by name.
  package func snapshots(of name: CollectionName) throws(Failure) -> [SnapshotEntry] {
    let what = "list of snapshots"
    return try call("GET", "collections/\(name)/snapshots", nil, what) { result throws(Failure) in
      guard let list = result.array else { throw wrongShape(what, "no list") }
      var entries: [SnapshotEntry] = []
      for document in list {
        guard let entry = SnapshotEntry(document) else { throw wrongShape(what, "no snapshot") }
        entries.append(entry)
      }
      return entries.sorted { $0.name < $1.name }
    }
  }

  /// Removes a snapshot.
  package func deleteSnapshot(_ snapshot: CollectionName, of name: CollectionName) throws(Failure) {
    let what = "removal of a snapshot"
    try call("DELETE", "collections/\(name)/snapshots/\(snapshot)?wait=true", nil, what) { result throws(Failure) in
      try confirmed(result, what)
    }
  }
}
