import Catalog
import Disk
import IndexStorage
import Inspection
import Primitives
import Segments

// An index that was taken over from that of another work tree may hold words of files that its own tree never had. They
// are tombstoned by its first run, and stay on the disk until a merge. Where such a file becomes a secret, only the
// index over there learns it, and is purged; this one asks that one, so that it is purged too.

/// An index from which another one was taken over, by way of others or directly.
struct AdoptedIndex: Hashable {
  var directory: FilePath
  /// What was committed there when its secrets were last asked for.
  var stamp: String
}

extension IndexRun {
  /// Notes down that this index was taken over from `source`, and from those from which that one was.
  func noteAdoption(from source: IndexDirectory, _ stamp: GenerationStamp?) throws(Failure) {
    var indexes = [AdoptedIndex(directory: source.path, stamp: stamp?.text ?? "0")]
    // What these were last asked for over there was not asked for here.
    for other in Self.adoptedIndexes(of: source) where !indexes.contains(where: { $0.directory == other.directory }) {
      indexes.append(AdoptedIndex(directory: other.directory, stamp: "0"))
    }
    try write(indexes)
  }

  /// Adds to `secretPaths` what the indexes that this one was taken over from leave out as secrets, where something was
  /// committed to them since they were last asked. Gives what is to be noted down once no word of that is left; nil
  /// where nothing is. An index that cannot be read now is asked by the next run.
  ///
  /// Costs the opening of a file that is not there, as a rule; else a look at a catalog, and where that has changed the
  /// opening of segments with tombstones, and a look-up for each.
  func gatherSecretsOfAdopted(_ catalog: IndexCatalog) throws(Failure) -> [AdoptedIndex]? {
    let known = Self.adoptedIndexes(of: directory)
    if known.isEmpty { return nil }
    // What was merged away is gone for good.
    let records = try catalog.snapshot().segments.filter { !$0.tombstones.isEmpty }
    if records.isEmpty { return [] }
    var asked = known
    var paths: [FilePath]?
    for i in asked.indices {
      try cancellation.checkRun()
      var secrets: Set<FilePath> = []
      do throws(Failure) {
        let other = try IndexSite(asked[i].directory, trust: trust).open().catalog(.reading)
        let stamp = try other.newestStamp()?.text ?? "0"
        if stamp == asked[i].stamp { continue }
        if paths == nil { paths = try tombstonedPaths(records) }
        try other.forEachFile(of: .live, at: paths ?? []) { file in
          if file.state == .skipped(.secret) { secrets.insert(file.path) }
        }
        asked[i].stamp = stamp
      } catch { continue }
      secretPaths.formUnion(secrets)
    }
    return asked == known ? nil : asked
  }

  /// The paths of tombstoned files, in the order of their bytes.
  private func tombstonedPaths(_ records: [SegmentRecord]) throws(Failure) -> [FilePath] {
    var paths: Set<FilePath> = []
    for record in records {
      let segment = try directory.open(record)
      for number in record.tombstones.members { paths.insert(segment.file(number).path) }
      if let damage = segment.damage { throw damage }
    }
    return paths.sorted()
  }

  /// Notes down `indexes`; nothing is kept of none.
  func write(_ indexes: [AdoptedIndex]) throws(Failure) {
    if indexes.isEmpty { return try directory.held.remove(IndexDirectory.adoptedName) }
    var records: [UInt8] = []
    for index in indexes { records += Array("\(index.stamp) ".utf8) + index.directory.bytes + [0] }
    try directory.write(records, to: IndexDirectory.adoptedName)
  }

  /// What was noted down in `directory`; a record that makes no sense is none.
  private static func adoptedIndexes(of directory: IndexDirectory) -> [AdoptedIndex] {
    let bytes = directory.content(of: IndexDirectory.adoptedName, limit: recordsByteLimit) ?? []
    return bytes.split(separator: 0).compactMap { record in
      guard let blank = record.firstIndex(of: UInt8(ascii: " ")) else { return nil }
      let path = FilePath(bytes: Array(record[(blank + 1)...]))
      guard path.isAbsolute else { return nil }
      return AdoptedIndex(directory: path, stamp: String(decoding: record[..<blank], as: UTF8.self))
    }
  }

  private static let recordsByteLimit = 1 << 17
}
