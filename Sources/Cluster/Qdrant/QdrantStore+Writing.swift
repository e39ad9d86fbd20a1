import Embedding
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
          if let full = batch.add(point) { try client.upsert(full, to: name) }
        }
      }
      try client.upsert(batch.takeAll(), to: name)
      for file in points {
        if let full = batch.add(file.ofFile) { try client.upsert(full, to: name) }
      }
      try client.upsert(batch.takeAll(), to: name)
      let paths = files.map { String(decoding: $0.path.bytes, as: UTF8.self) }
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
        try client.deletePoints(
          .isAny(PointField.path, some.map { String(decoding: $0.bytes, as: UTF8.self) }), of: name)
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
          of: name, .isAny(PointField.path, some.map { String(decoding: $0.bytes, as: UTF8.self) }), pageSize: 200,
          fields: PointField.whole, context
        ) { point throws(Failure) in try assembled.add(point) }
        let wanted = Set(some)
        files += try assembled.files().filter { wanted.contains($0.path) }
      }
      return files.sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
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
