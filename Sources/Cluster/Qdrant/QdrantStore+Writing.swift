import Embedding
import HTTP
import JSON
package import Primitives
import Qdrant

extension QdrantStore {
  package func files(
    of collection: StoreCollection, _ context: SearchContext
  ) throws(Failure) -> [StoreFileEntry] {
    try Self.asking { () throws(Failure) in
      try readFiles(of: Self.realName(of: collection), context).map(\.entry)
    }
  }

  /// The points of all files, in the order of paths.
  func readFiles(of name: CollectionName, _ context: SearchContext) throws(Failure) -> [QdrantView.File] {
    var files: [QdrantView.File] = []
    let host = client.host
    try client.forEachPoint(
      of: name, .equals(PointField.kind, "file"), fields: PointField.ofFile + [PointField.file], context
    ) { point throws(Failure) in
      guard let (key, entry) = PointReader.file(point.payload), key == point.id else {
        throw PointReader(host: host, dimensions: 0).notOurs
      }
      files.append(QdrantView.File(key: point.id, entry: entry))
    }
    files.sort {
      $0.entry.path == $1.entry.path
        ? $0.key.description < $1.key.description : $0.entry.path.bytes.lexicographicallyPrecedes($1.entry.path.bytes)
    }
    // A path is there twice while it is being replaced.
    var single: [QdrantView.File] = []
    for file in files where single.last?.entry.path != file.entry.path { single.append(file) }
    for i in single.indices { single[i].entry.id = Int64(i) + 1 }
    return single
  }

  /// All of `files` or, where the server fails in the middle, some: the same again finishes it. A file's point comes
  /// after its chunks, so that a file which is listed is whole.
  package func write(_ files: [StoreFile], to collection: StoreCollection) throws(Failure) {
    try Self.asking { () throws(Failure) in
      if files.isEmpty { return }
      let name = try Self.realName(of: collection)
      try changeGeneration(of: collection, in: name)
      let points = files.map { FilePoints($0, of: collection.name) }
      var batch = PointBatch(limit: layout.batchSize ?? layout.template.batchSize)
      for file in points {
        for point in file.ofChunks {
          guard let full = batch.add(point) else { continue }
          try client.upsert(full, to: name)
          try signPush(in: name)
        }
      }
      try client.upsert(batch.takeAll(), to: name)
      for file in points {
        if let full = batch.add(file.ofFile) { try client.upsert(full, to: name) }
      }
      try client.upsert(batch.takeAll(), to: name)
      let paths = files.map { PointField.text(of: $0.path) }
      try client.deletePoints(
        .all([
          .isAny(PointField.path, paths),
          .not(.isAny(PointField.file, points.map(\.key.description))),
        ]), of: name)
      try changeGeneration(of: collection, in: name)
    }
  }

  package func remove(_ paths: [FilePath], from collection: StoreCollection) throws(Failure) {
    try Self.asking { () throws(Failure) in
      if paths.isEmpty { return }
      let name = try Self.realName(of: collection)
      try changeGeneration(of: collection, in: name)
      for start in stride(from: 0, to: paths.count, by: 1000) {
        let some = paths[start..<min(paths.count, start + 1000)]
        try client.deletePoints(.isAny(PointField.path, some.map(PointField.text)), of: name)
      }
      try changeGeneration(of: collection, in: name)
    }
  }

  /// Adds up what searches need to know of the whole. The server builds its graph by itself, in the background.
  package func optimise(_ collection: StoreCollection) throws(Failure) {
    try Self.asking { () throws(Failure) in
      let name = try Self.realName(of: collection)
      guard let record = try record(of: name) else { return }
      _ = try currentTotals(of: name, record, SearchContext())
    }
  }

  package func read(
    _ paths: [FilePath], of collection: StoreCollection, _ context: SearchContext
  ) throws(Failure) -> [StoreFile] {
    try Self.asking { () throws(Failure) in
      let name = try Self.realName(of: collection)
      let reader = PointReader(host: client.host, dimensions: collection.identity.model.dimensions)
      var files: [StoreFile] = []
      for start in stride(from: 0, to: paths.count, by: 25) {
        let some = paths[start..<min(paths.count, start + 25)]
        var assembled = FileAssembly(reader)
        try client.forEachPoint(
          of: name, .isAny(PointField.path, some.map(PointField.text)), pageSize: 200, fields: PointField.whole, context
        ) { point throws(Failure) in try assembled.add(point) }
        let wanted = Set(some)
        files += try assembled.files().filter { wanted.contains($0.path) }
      }
      return files.sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    }
  }
}

// MARK: Pushes

/// A server has no locks. A push puts a point of its own into the collection and looks at those of others then: of two
/// that begin at once one at least sees the other, and leaves. The point of a push that was stopped stays until one has
/// ended, and says so.
extension QdrantStore {
  /// Seconds after which a push that has not said that it is at work is not.
  private static let pushLimit: Int64 = 120

  /// What says that pushes into the collection are at work or were stopped: for each the second of its last sign.
  func pushes(into name: CollectionName) throws(Failure) -> [(pusher: String, seen: Int64)] {
    var found: [(pusher: String, seen: Int64)] = []
    let bound = context
    try client.forEachPoint(
      of: name, .equals(PointField.kind, "push"), fields: [PointField.pusher, PointField.seen], bound
    ) { point throws(Failure) in
      guard let pusher = point.payload[PointField.pusher]?.string else { return }
      found.append((pusher, Int64(point.payload[PointField.seen]?.integer ?? 0)))
    }
    return found
  }

  private func isAnotherAtWork(in name: CollectionName) throws(Failure) -> Bool {
    let now = Int64(clock.secondsSince1970)
    return try pushes(into: name).contains { $0.pusher != "\(pusher)" && now - $0.seen < Self.pushLimit }
  }

  private func putSign(_ seen: Int64, in name: CollectionName) throws(Failure) {
    lastSignOfPush = seen
    let point = QdrantPoint(
      id: PointID(of: Array("push\0\(pusher)".utf8).span),
      payload: [
        .init(PointField.kind, "push"), .init(PointField.pusher, .string("\(pusher)")),
        .init(PointField.seen, .integer(Int(seen))),
      ])
    try client.upsert([point], to: name)
  }

  /// Says again that this push is at work, where it has not just said so.
  func signPush(in name: CollectionName) throws(Failure) {
    let now = Int64(clock.secondsSince1970)
    guard let last = lastSignOfPush, now - last > Self.pushLimit / 8 else { return }
    try putSign(now, in: name)
  }

  package func beginPush(into collection: StoreCollection) throws(Failure) -> Bool {
    try Self.asking { () throws(Failure) in
      let name = try Self.realName(of: collection)
      if try isAnotherAtWork(in: name) { return false }
      try putSign(Int64(clock.secondsSince1970), in: name)
      guard try isAnotherAtWork(in: name) else { return true }
      // The other one takes it away at its end.
      try putSign(0, in: name)
      lastSignOfPush = nil
      return false
    }
  }

  package func endPush(into collection: StoreCollection, isWhole: Bool) throws(Failure) {
    try Self.asking { () throws(Failure) in
      let name = try Self.realName(of: collection)
      // Those of pushes that were stopped too: what they have not sent was sent now.
      if isWhole {
        try client.deletePoints(.equals(PointField.kind, "push"), of: name)
      } else {
        try putSign(0, in: name)
      }
      lastSignOfPush = nil
    }
  }
}

/// Points on their way, in requests of a bounded size.
private struct PointBatch {
  /// A server takes 32 MB at once.
  private static let byteLimit = 8 << 20
  private let limit: Int
  private var points: [QdrantPoint] = []
  private var byteCount = 0

  init(limit: Int) { self.limit = max(1, limit) }

  /// Gives the points before this one where there is no room for it.
  mutating func add(_ point: QdrantPoint) -> [QdrantPoint]? {
    // A component takes some four bytes, a weight some twenty; the rest of a payload is text.
    let size =
      point.payload.reduce(0) { $0 + ($1.value.string?.utf8.count ?? 64) }
      + point.dense.reduce(0) { $0 + 4 * $1.value.count } + point.sparse.reduce(0) { $0 + 24 * $1.value.indices.count }
    var full: [QdrantPoint]?
    if !points.isEmpty, points.count == limit || byteCount + size > Self.byteLimit { full = takeAll() }
    points.append(point)
    byteCount += size
    return full
  }

  mutating func takeAll() -> [QdrantPoint] {
    defer { (points, byteCount) = ([], 0) }
    return points
  }
}
