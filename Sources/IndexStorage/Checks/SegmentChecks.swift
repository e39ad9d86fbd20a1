import Catalog
import Disk
import Primitives
import Segments

// The segments against the catalog, and against their own checksums.

/// The segments of an index that are what the catalog says, opened.
struct CheckedSegments {
  var live: [(record: SegmentRecord, segment: Segment)] = []
  var staged: [(record: SegmentRecord, segment: Segment)] = []
  var all: [(record: SegmentRecord, segment: Segment)] { live + staged }
}

extension IndexDirectory {
  /// Whether each segment is there, opens, and is what the catalog says: size, counts, checksum, and for each file of
  /// the catalog its path and its content at the number that the catalog has of it. Reads the footers, the paths and
  /// the table of files, about a microsecond for each file. Segments that cannot be opened are marked.
  func checkSegments(_ catalog: IndexCatalog, _ checked: inout CheckedSegments) throws(Failure) -> [CheckResult] {
    var results: [CheckResult] = []
    for build in [IndexBuild.live, .staged] {
      for record in try catalog.snapshot(of: build).segments {
        do throws(Failure) {
          let segment = try open(record)
          if build == .live { checked.live.append((record, segment)) } else { checked.staged.append((record, segment)) }
        } catch {
          if let result = try result(.segments, error, of: record, build, catalog) { results.append(result) }
        }
      }
      let segments = Dictionary(
        (build == .live ? checked.live : checked.staged).map { ($0.record.id, $0.segment) },
        uniquingKeysWith: { first, _ in first })
      var wrong: [SegmentID: (count: Int, first: FilePath)] = [:]
      try catalog.forEachFile(of: build) { (file) throws(Failure) in
        guard case .indexed(let id, let number) = file.state, let segment = segments[id] else { return }
        let stored = segment.file(number)
        if stored.path == file.path, stored.contentHash == file.contentHash { return }
        wrong[id] = ((wrong[id]?.count ?? 0) + 1, wrong[id]?.first ?? file.path)
      }
      for (id, files) in wrong.sorted(by: { $0.key < $1.key }) {
        // What is read of a damaged segment is told as damage.
        if segments[id]?.damage != nil { continue }
        results.append(
          CheckResult(
            .segments, .bad,
            "\(counted(files.count, "file")) of the catalog \(files.count == 1 ? "is another" : "are others") in this "
              + "segment, the first \(files.first), so that places are found under wrong names",
            path: segmentPath(id), repair: .reread(segment: id)))
      }
    }
    if results.isEmpty {
      let count = checked.all.count
      results.append(
        CheckResult(.segments, .good, "\(counted(count, "segment")), as the catalog has \(count == 1 ? "it" : "them")")
      )
    }
    return results
  }

  /// Reads every byte of the segments and holds it against its checksums, and their structures against each other.
  /// Takes as long as reading them from the disk. Those that are damaged are marked.
  func checkChecksums(_ catalog: IndexCatalog, _ checked: inout CheckedSegments) throws(Failure) -> [CheckResult] {
    var results: [CheckResult] = []
    var damaged: Set<SegmentID> = []
    var byteCount = 0
    for (build, segments) in [(IndexBuild.live, checked.live), (.staged, checked.staged)] {
      for (record, segment) in segments {
        do throws(Failure) {
          try segment.verify()
          byteCount += segment.byteCount
        } catch {
          damaged.insert(record.id)
          if let result = try result(.checksums, error, of: record, build, catalog) { results.append(result) }
        }
        segment.releasePages()
      }
    }
    checked.live.removeAll { damaged.contains($0.record.id) }
    checked.staged.removeAll { damaged.contains($0.record.id) }
    if results.isEmpty {
      results.append(
        CheckResult(.checksums, .good, "every byte is as it was written: \(byteCount) bytes of segments"))
    }
    return results
  }

  /// What to say of a segment that could not be opened or verified, which is marked; nil where a merge or a rebuild
  /// took it away meanwhile.
  private func result(
    _ check: IndexCheck, _ error: Failure, of record: SegmentRecord, _ build: IndexBuild, _ catalog: IndexCatalog
  ) throws(Failure) -> CheckResult? {
    guard let problem = try problem(error, of: record, build, catalog) else { return nil }
    let isMendable = problem.code != .inputOutput && problem.code != .permissionDenied
    return CheckResult(check, .bad, problem, repair: isMendable ? .run : nil)
  }

  private func segmentPath(_ id: SegmentID) -> FilePath {
    path.appending(Self.segmentsName).appending(SegmentRecord.fileName(id))
  }

  /// What a failure to open or to verify the segment of `record` is, in the words of a problem of the index, marked so
  /// that the next run reads its files again where that helps; nil where the segment is not live any more.
  func problem(
    _ error: Failure, of record: SegmentRecord, _ build: IndexBuild, _ catalog: IndexCatalog
  ) throws(Failure) -> Failure? {
    // A merge or a rebuild may have taken it away meanwhile.
    guard try catalog.snapshot(of: build).segments.contains(where: { $0.id == record.id }) else { return nil }
    var problem = error.code == .notFound ? .missingSegment(error) : error
    if problem.code == .damaged, problem.remedy == nil { problem.remedy = .index }
    if error.code != .inputOutput, error.code != .permissionDenied { markDamaged(record.id) }
    return problem
  }
}
