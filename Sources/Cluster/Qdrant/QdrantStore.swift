import Embedding
package import HTTP
import JSON
package import Primitives
package import Qdrant

/// A shared index in a Qdrant server: a collection for each project, `NAME-1`, behind the alias `NAME`, so that one
/// that is made anew takes its place at once.
///
/// Each chunk is a point with a dense vector, a sparse one of its terms (BM25 without the inverse document frequency,
/// which the server adds), and all that is known of it; each file is a point without vectors. Numbers of points are
/// made of paths and contents, so that what is there already is known. A server has no transactions: the new points of
/// a file are added before its old ones are removed, and a search that comes in between finds both.
package final class QdrantStore: SharedStore {
  /// How collections are made and filled; what is nil is the template's.
  package struct Layout: Hashable, Sendable {
    package var template = CollectionPlan.Template.medium
    package var quantisation = CollectionPlan.Quantisation.automatic
    /// Points of one request.
    package var batchSize: Int?
    package var shardCount: Int?
    package var replicaCount = 1
    package init() {}
  }

  private(set) var client: QdrantClient
  let layout: Layout
  let clock: any WaitingClock
  /// Names this one among the pushes into a collection, and says when it has last said that it is at work.
  let pusher = UInt64.random(in: 0...UInt64.max)
  var lastSignOfPush: Int64?
  /// The list of files that was read last.
  var knownFiles: (key: Int64, generation: Int64, files: [QdrantView.File])?

  /// Asks the server for its version. Throws `.storeUnavailable`, `.storeRefused`, `.unsupportedVersion`.
  package init(
    _ options: QdrantOptions, layout: Layout = Layout(), environment: [String: [UInt8]],
    context: SearchContext = SearchContext(), client: HTTPClient = HTTPClient(), retries: RetryPolicy = RetryPolicy(),
    clock: any WaitingClock = SystemClock()
  ) throws(Failure) {
    self.layout = layout
    self.clock = clock
    self.context = context
    do throws(Failure) {
      self.client = try QdrantClient(
        options, environment: environment, cancellation: context.cancellation,
        waiting: context.deadline == nil ? nil : context, client: client, retries: retries, clock: clock)
    } catch { throw Self.stored(error) }
  }

  package var context: SearchContext {
    didSet { client = client.waited(for: context.deadline == nil ? nil : context) }
  }

  package var description: String { "qdrant \(client.address)" }
  /// The version of the server.
  package var version: QdrantVersion { client.version }
  /// What went over the network so far.
  package var counts: Endpoint.Counts { client.counts }

  /// A failure of a request as one of a store.
  static func stored(_ failure: Failure) -> Failure {
    var failure = failure
    switch failure.code {
    case .unreachable, .interrupted, .serverError, .rateLimited, .timedOut, .notTrusted, .badAnswer:
      failure.code = .storeUnavailable
    case .unauthorized, .refusedByEndpoint: failure.code = .storeRefused
    default: break
    }
    return failure
  }

  /// Runs requests, and gives their failures as those of a store.
  static func asking<Value>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    do throws(Failure) { return try body() } catch { throw stored(error) }
  }

  // MARK: Collections

  package func collections() throws(Failure) -> [StoreCollection] {
    try Self.asking { () throws(Failure) in
      var found: [StoreCollection] = []
      for (alias, name) in try client.aliases().sorted(by: { $0.key < $1.key }) {
        guard let key = Self.key(of: name, alias), let record = try record(of: name), record.name == alias.text else {
          continue
        }
        found.append(try collection(record, key: key, in: name))
      }
      return found
    }
  }

  package func collection(named name: String) throws(Failure) -> StoreCollection? {
    try Self.asking { () throws(Failure) in
      let alias = try CollectionName(name)
      guard let real = try client.aliases()[alias] else {
        if try client.exists(alias) { throw foreign(name) }
        return nil
      }
      guard let key = Self.key(of: real, alias), let record = try record(of: real) else { throw foreign(name) }
      return try collection(record, key: key, in: real)
    }
  }

  private func foreign(_ name: String) -> Failure {
    Failure(
      .storeRefused,
      "\(client.host) has a collection \(name) that is none of Cairn's, and it is left alone: choose "
        + "another name")
  }

  private func collection(
    _ record: CollectionRecord, key: Int64, in name: CollectionName
  ) throws(Failure) -> StoreCollection {
    let totals = try totals(of: name)
    var counts = (files: totals?.fileCount ?? 0, chunks: totals?.chunkCount ?? 0)
    if totals?.generation != record.generation {
      counts.files = try client.count(name, .equals(PointField.kind, "file"))
      counts.chunks = try client.count(name, .equals(PointField.kind, "chunk"))
    }
    return StoreCollection(
      name: record.name, identity: record.identity, key: key, generation: record.generation, fileCount: counts.files,
      chunkCount: counts.chunks)
  }

  package func makeCollection(named name: String, of identity: StoreIdentity) throws(Failure) -> StoreCollection {
    guard let known = try collection(named: name) else {
      let made = try stage(named: name, of: identity)
      try publish(made)
      return made
    }
    guard known.identity == identity else {
      let (there, here) = (known.identity.model.name, identity.model.name)
      throw Failure(
        .modelMismatch,
        there == here
          ? "the collection \(name) was made by another version of Cairn: what is found in it would be ranked wrongly"
          : "the collection \(name) was made with the model \(there), and this index with \(here)",
        remedy: .rebuild)
    }
    return known
  }

  /// Makes an empty collection that nobody finds yet: filled, it is to take the place of the one of that name
  /// (`publish`).
  package func stage(named name: String, of identity: StoreIdentity) throws(Failure) -> StoreCollection {
    try Self.asking { () throws(Failure) in
      let alias = try CollectionName(name)
      let keys = try client.collections().compactMap { Self.key(of: $0, alias) }
      let key = (keys.max() ?? 0) + 1
      let real = try CollectionName("\(name)-\(key)")
      var plan = CollectionPlan(
        dimensions: identity.model.dimensions, denseName: PointField.denseVector, sparseName: PointField.sparseVector)
      plan.template = layout.template
      plan.quantisation = layout.quantisation
      plan.shardCount = layout.shardCount
      plan.replicaCount = layout.replicaCount
      try client.create(real, plan)
      for field in [PointField.kind, PointField.path, PointField.file, PointField.language, PointField.symbolKinds] {
        try client.index(field, as: .keyword, in: real)
      }
      try client.index(PointField.terms, as: .tokens(scores: true), in: real)
      let record = CollectionRecord(
        name: name, identity: identity, generation: newGeneration(after: 0),
        quantisation: layout.quantisation.available(in: version))
      try client.upsert([record.point], to: real)
      return try collection(record, key: key, in: real)
    }
  }

  /// Has `collection` found by its name from now on, in place of the one before it, which is removed.
  package func publish(_ collection: StoreCollection) throws(Failure) {
    try Self.asking { () throws(Failure) in
      let alias = try CollectionName(collection.name)
      let real = try Self.realName(of: collection)
      let before = try client.aliases()[alias]
      if before == real { return }
      try client.change((before == nil ? [] : [.delete(alias)]) + [.point(alias, to: real)])
      if let before, Self.key(of: before, alias) != nil { try client.delete(before) }
    }
  }

  package func removeCollection(named name: String) throws(Failure) {
    try Self.asking { () throws(Failure) in
      let alias = try CollectionName(name)
      // Those that were staged and never published too.
      for real in try client.collections() where Self.key(of: real, alias) != nil {
        guard let record = try record(of: real), record.name == name else { continue }
        try client.delete(real)
      }
    }
  }

  // MARK: Names and states

  static func realName(of collection: StoreCollection) throws(Failure) -> CollectionName {
    try CollectionName("\(collection.name)-\(collection.key)")
  }

  /// The number at the end of a collection's name behind that of its alias; nil where it has none.
  private static func key(of name: CollectionName, _ alias: CollectionName) -> Int64? {
    guard name.text.hasPrefix(alias.text + "-"), let key = Int64(name.text.dropFirst(alias.text.utf8.count + 1)),
      key > 0, name.text == "\(alias)-\(key)"
    else { return nil }
    return key
  }

  /// A generation is a second with a fraction by chance, so that two writers do not give two states the same.
  private func newGeneration(after last: Int64) -> Int64 {
    max(last + 1, Int64(clock.secondsSince1970) * 1_000_000_000 + Int64.random(in: 0..<1_000_000_000))
  }

  func record(of name: CollectionName) throws(Failure) -> CollectionRecord? {
    let points = try client.retrieve([CollectionRecord.id], of: name, fields: CollectionRecord.fields)
    return points.first.flatMap { CollectionRecord($0.payload) }
  }

  func totals(of name: CollectionName) throws(Failure) -> CollectionTotals? {
    let points = try client.retrieve([CollectionRecord.totalsID], of: name, fields: CollectionTotals.fields)
    return points.first.flatMap { CollectionTotals($0.payload) }
  }

  /// The sums of the collection in its newest state: added up where something was written since they were.
  func currentTotals(
    of name: CollectionName, _ record: CollectionRecord, _ context: SearchContext
  ) throws(Failure) -> CollectionTotals {
    if let known = try totals(of: name), known.generation == record.generation { return known }
    var sums = CollectionTotals(generation: record.generation)
    try client.forEachPoint(
      of: name, .equals(PointField.kind, "file"), fields: [PointField.chunkCount, PointField.totalLength], context
    ) { point throws(Failure) in
      sums.fileCount += 1
      sums.chunkCount += max(0, point.payload[PointField.chunkCount]?.integer ?? 0)
      sums.totalLength += max(0, point.payload[PointField.totalLength]?.integer ?? 0)
    }
    try client.upsert([sums.point], to: name, cancellation: context.cancellation)
    return sums
  }

  /// Says that the collection is in another state. Before a write and after it, so that no sums are taken for those of
  /// what came after them.
  func changeGeneration(of collection: StoreCollection, in name: CollectionName) throws(Failure) {
    guard var record = try record(of: name) else {
      throw Failure(
        .storeRefused,
        "the collection \(collection.name) is gone from \(client.host): another one has taken its place, "
          + "or it was removed; try again")
    }
    record.generation = newGeneration(after: record.generation)
    try client.upsert([record.point], to: name)
  }
}
