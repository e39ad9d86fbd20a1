import Catalog
import Corpus
import Disk
import Inspection
import Primitives
import Segments

/// How much of the text behind an index is analysed again: enough files for an error in how a segment was built to
/// show, spread evenly over all of them.
package struct PostingSample: Hashable, Sendable {
  /// Bytes of files, about.
  package var byteCount: Int
  /// About two seconds of one core.
  package static let usual = PostingSample(byteCount: 64 << 20)
  package static let all = PostingSample(byteCount: .max)
  package init(byteCount: Int) { self.byteCount = byteCount }
}

/// Compares posting lists with the text that they were made of: a segment whose checksums are right and whose postings
/// are wrong, as an error of the program or of a memory leaves it, is seen by nothing else.
struct PostingCheck {
  private struct File {
    var segment: SegmentID
    var number: Int
    var path: FilePath
    var byteCount: Int
    var contentHash: ContentHash
  }

  private var files: [File] = []
  private var comparedCount = 0
  private var changedCount = 0
  /// Segments that were found damaged before, and their files.
  private var leftOutCount = 0
  private var damagedSegments: Set<SegmentID> = []
  private var analysedByteCount = 0
  /// By segment, the files that differ: how many, and the first with its lines.
  private var wrong: [SegmentID: (count: Int, first: FilePath, lines: ClosedRange<Int>)] = [:]
  private var unbounded: [SegmentID] = []

  /// Reads every posting list of the live segments, which were verified, and the files of the sample. Costs about what
  /// `checkChecksums` does, and 30 ms for each megabyte of the sample; 100 bytes of memory for each file and 8 for each
  /// chunk of one segment.
  ///
  /// - Parameter tree: the files as they are now; one whose content is not that which was indexed is not compared.
  static func results(
    _ index: IndexDirectory, _ catalog: IndexCatalog, _ checked: CheckedSegments, _ tree: CorpusFiles,
    _ sample: PostingSample, _ cancellation: Cancellation
  ) throws(Failure) -> [CheckResult] {
    guard let identity = try catalog.snapshot().identity, !checked.live.isEmpty else {
      return [CheckResult(.postings, .notChecked, "there is no segment to compare")]
    }
    guard identity.analyzerVersion == Analyzer.version else {
      return [
        CheckResult(
          .postings, .notChecked, "another version of Cairn analysed the text; the next run builds the index anew",
          remedy: .index)
      ]
    }
    var check = PostingCheck()
    try check.choose(catalog, checked, sample)
    try check.compare(checked, tree, cancellation)
    return check.results(index)
  }

  /// What posting lists say by themselves, without the text that they were made of: whether the blocks of each one in
  /// the live segments, which were verified, hold to their metadata. Costs about what `checkChecksums` does.
  static func results(
    withoutText index: IndexDirectory, _ checked: CheckedSegments, _ cancellation: Cancellation
  ) throws(Failure) -> [CheckResult] {
    var check = PostingCheck()
    for (record, segment) in checked.live {
      try cancellation.check()
      if !PostingComparison(of: segment).isWithinBounds { check.unbounded.append(record.id) }
      segment.releasePages()
    }
    let wrong = check.wrongSegments(index)
    if !wrong.isEmpty { return wrong }
    let count = counted(checked.live.count, "segment")
    return [CheckResult(.postings, .good, "the blocks of \(count) hold to their metadata; no text was compared")]
  }

  /// Every so-manieth file, so that all of them have about the bytes of the sample.
  private mutating func choose(
    _ catalog: IndexCatalog, _ checked: CheckedSegments, _ sample: PostingSample
  ) throws(Failure) {
    let live = Set(checked.live.map(\.record.id))
    var total = 0
    try catalog.forEachFile { (file) throws(Failure) in
      guard case .indexed(let segment, let number) = file.state else { return }
      guard live.contains(segment) else {
        leftOutCount += 1
        damagedSegments.insert(segment)
        return
      }
      total += file.fingerprint.byteCount
      files.append(
        File(
          segment: segment, number: number, path: file.path, byteCount: file.fingerprint.byteCount,
          contentHash: file.contentHash))
    }
    let step = max(1, total / max(1, sample.byteCount))
    if step > 1 { files = stride(from: 0, to: files.count, by: step).map { files[$0] } }
    files.sort { ($0.segment, $0.number) < ($1.segment, $1.number) }
  }

  private mutating func compare(
    _ checked: CheckedSegments, _ tree: CorpusFiles, _ cancellation: Cancellation
  ) throws(Failure) {
    let analyzer = Analyzer()
    var next = 0
    for (record, segment) in checked.live.sorted(by: { $0.record.id < $1.record.id }) {
      let comparison = PostingComparison(of: segment)
      defer { segment.releasePages() }
      if !comparison.isWithinBounds { unbounded.append(record.id) }
      while next < files.count, files[next].segment == record.id {
        try cancellation.check()
        compare(files[next], comparison, tree, analyzer)
        next += 1
      }
    }
  }

  private mutating func compare(
    _ file: File, _ comparison: PostingComparison, _ tree: CorpusFiles, _ analyzer: Analyzer
  ) {
    guard let content = try? tree.readFile(file.path, limit: max(file.byteCount, 1)).bytes,
      ContentHash(of: content.span) == file.contentHash
    else {
      changedCount += 1
      return
    }
    comparedCount += 1
    analysedByteCount += content.count
    var text = SourceBytes.text(content)
    if NotebookText.isNotebook(file.path), let notebook = NotebookText(text.span) { text = notebook.text }
    guard case .differs(let lines) = comparison.compare(file: file.number, with: text.span, analyzer) else { return }
    let first = wrong[file.segment].map { ($0.first, $0.lines) } ?? (file.path, lines)
    wrong[file.segment] = ((wrong[file.segment]?.count ?? 0) + 1, first.0, first.1)
  }

  private func wrongSegments(_ index: IndexDirectory) -> [CheckResult] {
    var results: [CheckResult] = []
    for segment in Set(wrong.keys).union(unbounded).sorted() {
      let file = index.path.appending(IndexDirectory.segmentsName).appending(SegmentRecord.fileName(segment))
      let what =
        wrong[segment].map { found in
          "its words are not those of the text: \(counted(found.count, "file")) of those that were compared, the first "
            + "\(found.first), lines \(found.lines.lowerBound) to \(found.lines.upperBound)"
        } ?? "a block of its words promises less than is in it"
      results.append(
        CheckResult(
          .postings, .bad, "\(what), so that searches miss places or find wrong ones, although its checksums are right",
          path: file, repair: .reread(segment: segment)))
    }
    return results
  }

  private func results(_ index: IndexDirectory) -> [CheckResult] {
    var results = wrongSegments(index)
    let changed = changedCount > 0 ? "; \(counted(changedCount, "file")) changed since and cannot be compared" : ""
    let compared = "\(counted(comparedCount, "file")), \(analysedByteCount) bytes, analysed again"
    var left = ""
    if leftOutCount > 0 {
      let segments = counted(damagedSegments.count, "damaged segment")
      left = "; \(counted(leftOutCount, "file")) of \(segments) could not be compared"
    }
    if results.isEmpty, comparedCount == 0 {
      let reason =
        changedCount > 0 ? "every file of the sample changed since it was indexed" : "there was no file to compare"
      return [CheckResult(.postings, .notChecked, reason + left)]
    }
    if results.isEmpty {
      results.append(CheckResult(.postings, .good, "\(compared): all as indexed\(changed)\(left)"))
    }
    return results
  }
}
