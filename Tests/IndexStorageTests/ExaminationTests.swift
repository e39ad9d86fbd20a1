import Catalog
import Chunking
import Corpus
import Disk
import Glibc
import IndexStorage
import Indexing
import Primitives
import Segments
import TestSupport
import Testing

/// Each fault is made through the real files: the examination names it, and mending it with a run gives an index that
/// holds what a new one does.
@Suite struct ExaminationTests {
  let indexed: IndexedTree
  let index: StoredIndex
  var directory: FilePath { indexed.directory }
  var segments: FilePath { directory.appending("segments") }

  /// Two segments: one of three files, one of two.
  init() async throws {
    indexed = try IndexedTree()
    for name in ["alpha", "beta", "gamma"] {
      indexed.put("\(name).txt", (1...40).map { "\(name) word\($0) common\n" }.joined())
    }
    try await indexed.run()
    indexed.put("delta.txt", "delta landmark\n")
    indexed.put("epsilon.txt", "epsilon landmark\n")
    try await indexed.run()
    index = StoredIndex(directory: indexed.directory)
  }

  func examine(_ sample: PostingSample = .all) throws(Failure) -> [CheckResult] {
    try index.examine(CorpusFiles(root: indexed.root, followsLinks: false), sample)
  }

  func findings(_ state: CheckResult.State) throws(Failure) -> [CheckResult] {
    try examine().filter { $0.state == state }
  }

  /// Mends what is found, runs, and holds the index against a new one.
  ///
  /// - Parameter kept: what somebody put in the place of a segment: it is named, and theirs to remove.
  func expectMended(naming kept: FilePath? = nil) async throws {
    _ = try index.mend(try examine())
    try await indexed.run()
    _ = try? index.vacuum()
    index.forget()
    let left = try examine().filter { $0.state != .good }
    #expect(left.map(\.path) == (kept.map { [$0] } ?? []), "\(left)")
    #expect(left.allSatisfy { $0.check == .orphans && $0.state == .note }, "\(left)")
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  func segmentFiles() throws(Failure) -> [FilePath] {
    try listDirectory(segments).map { segments.appending($0.name) }.sorted()
  }

  /// Writes the file in place; its inode stays.
  func overwrite(_ path: FilePath, _ content: [UInt8]) throws {
    guard let file = unsafe fopen(path.description, "w") else {
      Issue.record("\(path) cannot be written")
      return
    }
    defer { unsafe fclose(file) }
    unsafe fwrite(content, 1, content.count, file)
  }

  @Test func `of a sound index every check is good, and nothing is written`() throws {
    let before = try diskState(directory)
    let results = try examine()
    #expect(results.allSatisfy { $0.state == .good }, "\(results.filter { $0.state != .good })")
    let expected = IndexCheck.allCases.prefix { $0 != .freshness }
    #expect(results.map(\.check) == Array(expected))
    #expect(try diskState(directory) == before)
    #expect(try index.mend(results).isEmpty)
  }

  @Test func `without an index that is what is bad, and nothing is made`() throws {
    let empty = StoredIndex(directory: indexed.root.appending("none"))
    let results = try empty.examine(CorpusFiles(root: indexed.root, followsLinks: false))
    #expect(results.first?.check == .index && results.first?.state == .bad)
    #expect(results.dropFirst().allSatisfy { $0.state == .notChecked })
    #expect(!fileExists(empty.path))
  }

  // MARK: Segments

  @Test(arguments: 0..<24)
  func `a byte of a segment that flips is found wherever it is`(_ place: Int) async throws {
    let file = try segmentFiles()[0]
    var bytes = try readFileBytes(file)
    bytes[min(bytes.count - 1, bytes.count * place / 23)] ^= 1
    try overwrite(file, bytes)
    let bad = try findings(.bad)
    #expect(bad.count == 1 && bad[0].path == file && bad[0].repair == .run, "\(bad)")
    #expect(index.hasMarkedSegments())
    try await expectMended()
  }

  @Test func `segments whose files are swapped are both found`() async throws {
    let files = try segmentFiles()
    let contents = try files.map { (file) throws(Failure) in try readFileBytes(file) }
    try overwrite(files[0], contents[1])
    try overwrite(files[1], contents[0])
    #expect(Set(try findings(.bad).map(\.path)) == Set(files))
    try await expectMended()
  }

  @Test(arguments: ["gone", "cut", "empty", "link", "directory"])
  func `a segment that is not there, or is something else, is found`(_ fault: String) async throws {
    let file = try segmentFiles()[0]
    let content = try readFileBytes(file)
    if fault != "cut", fault != "empty" { removeTree(file) }
    switch fault {
    case "cut": try overwrite(file, Array(content.prefix(content.count / 2)))
    case "empty": try overwrite(file, [])
    case "link": makeLink(file, to: "/etc/passwd")
    case "directory": try makeDirectory(file)
    default: break
    }
    let bad = try findings(.bad)
    #expect(bad.count == 1 && bad[0].check == .segments && bad[0].path == file, "\(bad)")
    try await expectMended(naming: ["link", "directory"].contains(fault) ? file : nil)
  }

  @Test func `files of the catalog that are others in the segment are found, whatever their checksums say`()
    async throws
  {
    do {
      let catalog = try IndexCatalog(directory: directory, mode: .writing)
      var change = CatalogChange(isComplete: true)
      let files = try catalog.files()
      let alpha = try #require(files.first { $0.path == "alpha.txt" })
      let beta = try #require(files.first { $0.path == "beta.txt" })
      var (first, second) = (alpha, beta)
      (first.state, second.state) = (beta.state, alpha.state)
      change.upsertedFiles = [first, second]
      _ = try catalog.commit(change)
    }
    #expect(try index.verify().problems.isEmpty)
    let bad = try findings(.bad)
    // The words at those numbers are of other text, too.
    #expect(bad.map(\.check) == [.segments, .postings] && bad[0].message.contains("alpha.txt"), "\(bad)")
    try await expectMended()
  }

  // MARK: Postings

  /// Puts a segment in the place of the first one with the same files and chunks, whose terms `change` decides.
  private func rebuildFirstSegment(_ change: (inout [(term: Term, frequency: UInt8)], _ chunk: Int) -> Void) throws {
    let catalog = try IndexCatalog(directory: directory, mode: .writing)
    let record = try catalog.snapshot().segments[0]
    let old = try Segment(opening: segments.appending(record.fileName))
    var builder = SegmentBuilder(dimensions: old.dimensions)
    let analyzer = Analyzer()
    for number in 0..<old.fileCount {
      let file = old.file(number)
      let stored = file.chunks.map { old.chunk($0).chunk }
      let text = try readFileBytes(indexed.root.appending(file.path))
      let right = analyzer.terms(of: stored, in: text.span, path: file.path)
      let terms = FileTerms(
        stored.indices.map { chunk in
          var list: [(term: Term, frequency: UInt8)] = []
          right.visit(chunk: chunk) { list.append(($0, $1)) }
          change(&list, file.chunks.lowerBound + chunk)
          return (list, right.lengths[chunk])
        })
      let chunks = stored.enumerated().map { i, chunk in
        PreparedChunk(
          chunk: chunk, contentHash: ContentHash(of: text.span.extracting(chunk.bytes)),
          vector: QuantisedVector(old.vector(ofChunk: file.chunks.lowerBound + i)[...]))
      }
      _ = builder.add(
        PreparedFile(
          path: file.path, language: file.language, contentHash: file.contentHash, chunks: chunks, terms: terms))
    }
    let id = try catalog.reserveSegmentID { _ in false }
    let path = segments.appending(SegmentRecord.fileName(id))
    let byteCount = try builder.write(to: HeldName(path))
    let new = try Segment(opening: path)
    var replacement = CatalogChange(isComplete: true)
    replacement.addedSegments = [
      SegmentRecord(
        id: id, fileCount: new.fileCount, chunkCount: new.chunkCount, byteCount: byteCount, checksum: new.checksum,
        tombstones: record.tombstones)
    ]
    replacement.removedSegments = [record.id]
    for file in try catalog.files() {
      guard case .indexed(let segment, let number) = file.state, segment == record.id else { continue }
      replacement.movedFiles.append(MovedFile(path: file.path, segment: id, number: number))
    }
    _ = try catalog.commit(replacement)
  }

  enum Error: String, CaseIterable { case missing, tooMany, frequency }

  @Test(arguments: Error.allCases)
  func `postings that are wrong under checksums that are right are found`(_ error: Error) async throws {
    try rebuildFirstSegment { terms, chunk in
      guard chunk == 1 else { return }
      switch error {
      case .missing: terms.removeFirst()
      case .tooMany: terms.append((Term(field: .word, bytes: Array("nowhere".utf8)), 1))
      case .frequency: terms[0].frequency = terms[0].frequency > 8 ? 1 : 20
      }
    }
    #expect(try index.verify().problems.isEmpty)
    let bad = try findings(.bad)
    #expect(bad.count == 1 && bad[0].check == .postings && bad[0].message.contains("alpha.txt"), "\(bad)")
    try await expectMended()
  }

  @Test func `a segment that is written again as it was is sound, and files that changed are not compared`() throws {
    try rebuildFirstSegment { _, _ in }
    #expect(try findings(.bad).isEmpty)
    indexed.put("alpha.txt", "something else\n")
    let result = try #require(try examine().first { $0.check == .postings })
    #expect(result.state == .good && result.message.contains("1 file changed"), "\(result)")
  }

  @Test func `long lines, other encodings, scripts and notebooks are analysed as they were indexed`() async throws {
    var random = SeededRandom(seed: 7)
    let words = (0..<150_000).map { _ in "w\(random.next() % 5_000)" }
    indexed.put("long.txt", "short\n" + words.joined(separator: " ") + "\nend\n")
    indexed.put("scripts.txt", "한국어 검색 中文分词 日本語のテキスト créer Straße ǅ ﬁne\n")
    indexed.put(
      "cells.ipynb",
      #"{"cells":[{"cell_type":"code","source":["def parse(x):\n","    return x\n"],"outputs":[],"metadata":{}}],"#
        + #""metadata":{"language_info":{"name":"python"}},"nbformat":4,"nbformat_minor":5}"#)
    let wide = Array("\u{FEFF}wide words of a file\r\nand more\r\n".utf16).flatMap {
      [UInt8($0 & 255), UInt8($0 >> 8)]
    }
    try indexed.tree.write("wide.txt", wide)
    try await indexed.run()
    let result = try #require(try examine().first { $0.check == .postings })
    #expect(result.state == .good && result.message.hasPrefix("9 files"), "\(result)")
  }

  @Test func `a sample is spread over all files`() throws {
    let result = try #require(try examine(PostingSample(byteCount: 700)).first { $0.check == .postings })
    #expect(result.state == .good && !result.message.hasPrefix("5 files"), "\(result)")
  }

  @Test func `a disk that is full, read-only or elsewhere is told`() throws {
    var status = try FileSystemStatus(of: OpenDirectory(directory))
    status.networkName = nil
    status.isReadOnly = false
    status.freeByteCount = 1 << 30
    func states(_ status: FileSystemStatus) -> [CheckResult.State] {
      IndexDirectory.results(of: status, path: directory, neededByteCount: 1 << 28).map(\.state)
    }
    #expect(states(status) == [.good])
    status.freeByteCount = 1 << 27
    #expect(states(status) == [.note])
    status.freeByteCount = 1 << 20
    #expect(states(status) == [.bad])
    status.networkName = "NFS"
    #expect(states(status) == [.bad, .note])
    status.isReadOnly = true
    #expect(states(status) == [.note, .note])
  }

  // MARK: The indexes of commits and of the history

  /// An index inside the directory of the tree's, as that of a history is.
  func history() async throws -> StoredIndex {
    let inner = StoredIndex(index.site.inner([IndexDirectory.historyName]))
    _ = try inner.site.make()
    var options = IndexingOptions()
    options.excludedDirectory = directory
    _ = try await indexed.writer(options, directory: inner.path).run()
    return inner
  }

  func examine(_ history: StoredIndex) throws(Failure) -> [CheckResult] {
    try history.examine(asIndexOf: "the history", madeBy: Remedy(.indexHistory))
  }

  @Test func `a sound index of a history is one line, whatever has become of the files`() async throws {
    let history = try await history()
    indexed.put("alpha.txt", "something else\n")
    let results = try examine(history)
    #expect(results.count == 1 && results[0].state == .good && results[0].check == .index, "\(results)")
    #expect(results[0].path == history.path && results[0].message.contains("the history"))
    let none = StoredIndex(index.site.inner(["revisions", "none"]))
    #expect(try examine(none).isEmpty)
  }

  @Test func `a damaged segment of a history names what makes that again`() async throws {
    let history = try await history()
    let file = try history.snapshot().segments[0].segment.path
    var bytes = try readFileBytes(file)
    bytes[bytes.count / 2] ^= 1
    // Another inode: the tree's index has the old one.
    removeTree(file)
    try overwrite(file, bytes)
    let bad = try examine(history).filter { $0.state == .bad }
    #expect(bad.count == 1 && bad[0].path == file && bad[0].repair == nil, "\(bad)")
    #expect(bad[0].remedy == Remedy(.indexHistory) && history.hasMarkedSegments())
    #expect(try findings(.bad).isEmpty)
  }

  @Test func `a damaged catalog of a history is removed, and all else of it can be mended`() async throws {
    let history = try await history()
    let file = history.path.appending(IndexCatalog.fileName)
    try overwrite(file, Array("no catalog at all".utf8))
    indexed.put(".cairn/history/catalog.newest-0123456789abcdef.tmp", "x")
    unsafe chmod(history.path.appending("segments").description, 0o755)
    let found = try examine(history)
    let catalog = try #require(found.first { $0.check == .catalog })
    #expect(catalog.state == .bad && catalog.repair == .removeCatalog, "\(catalog)")
    #expect(catalog.remedy == Remedy(.indexHistory))
    #expect(found.contains { $0.check == .permissions && $0.repair == .restrict }, "\(found)")
    #expect(try !history.mend(found).isEmpty)
    #expect(!fileExists(file))
    #expect(try FileStatus(of: history.path.appending("segments")).permissions == 0o700)
    // It is missing now, which a run makes good and no repair.
    let left = try examine(history).filter { $0.state == .bad }
    #expect(left.count == 1 && left[0].repair == nil && left[0].remedy == Remedy(.indexHistory), "\(left)")
  }

  @Test func `a list of commits that is not what was written is bad`() async throws {
    let history = try await history()
    indexed.put(".cairn/history/commits", "CAIRNHL1 and no more than that")
    let bad = try examine(history).filter { $0.state == .bad }
    #expect(bad.count == 1 && bad[0].path == history.path.appending("commits"), "\(bad)")
    #expect(bad[0].remedy == Remedy(.indexHistory))
  }

  @Test(arguments: ["catalog", "segments", "gone"])
  func `whatever becomes of the history, the index of the tree answers and is brought up to date`(
    _ fault: String
  ) async throws {
    let history = try await history()
    switch fault {
    case "catalog": try overwrite(history.path.appending(IndexCatalog.fileName), [])
    case "segments": removeTree(history.path.appending("segments"))
    default:
      removeTree(history.path)
      makeLink(history.path, to: "/nowhere")
    }
    #expect(try index.snapshot().segments.count == 2)
    indexed.put("zeta.txt", "zeta landmark\n")
    #expect(try await indexed.run().filesIndexed == 1)
    #expect(try index.verify().problems.isEmpty)
  }

  // MARK: The directory

  @Test func `leftovers are counted and removed, and what somebody else put there stays`() async throws {
    for name in ["segments/000099.segment", "segments/000098.damaged", "catalog.newest-0123456789abcdef.tmp"] {
      indexed.put(".cairn/\(name)", "x")
    }
    indexed.put(".cairn/segments/notes.txt", "somebody's\n")
    let notes = try findings(.note).filter { $0.check == .orphans }
    #expect(notes.count == 2 && notes[0].message.hasPrefix("3 files of 3 bytes") && notes[0].repair == .vacuum)
    #expect(notes[1].path == segments.appending("notes.txt") && notes[1].repair == nil)
    #expect(try index.vacuum() == 3)
    #expect(fileExists(segments.appending("notes.txt")))
  }

  @Test func `modes that are open to others are closed, of Cairn's own files alone`() throws {
    indexed.put(".cairn/notes.txt", "somebody's\n")
    let other = directory.appending("notes.txt")
    let file = try segmentFiles()[0]
    for path in [file, other, directory.appending("catalog.newest")] { unsafe chmod(path.description, 0o644) }
    unsafe chmod(segments.description, 0o755)
    let found = try examine().filter { $0.check == .permissions }
    #expect(found.count == 1 && found[0].message.hasPrefix("3 ") && found[0].repair == .restrict, "\(found)")
    #expect(try index.mend(found).count == 1)
    #expect(try FileStatus(of: file).permissions == 0o600 && FileStatus(of: segments).permissions == 0o700)
    #expect(try FileStatus(of: other).permissions == 0o644)
    #expect(try examine().first { $0.check == .permissions }?.state == .good)
  }

  @Test func `a directory in place of the newest mark, the lock or the options is named, and stays`() throws {
    for (name, check) in [
      ("catalog.newest", IndexCheck.mark), ("writer.lock", .lock), ("options", .options),
    ] {
      removeTree(directory.appending(FilePath(name)))
      indexed.put(".cairn/\(name)/mine.txt", "mine\n")
      let result = try #require(try examine().first { $0.check == check })
      #expect(result.state == .bad && result.repair == nil && result.remedy?.action != .repair, "\(result)")
      #expect(result.message.contains("move") && result.path == directory.appending(FilePath(name)), "\(result)")
    }
    #expect(throws: Failure.self) { try index.mend([CheckResult(.options, .bad, "", repair: .forgetOptions)]) }
    #expect(fileExists(directory.appending("writer.lock/mine.txt")))
  }

  @Test(arguments: ["history", "revisions", "models", "requests"])
  func `what is no directory where one of the index's own belongs is bad, and goes where it holds nothing`(
    _ name: String
  ) throws {
    let path = directory.appending(FilePath(name))
    indexed.put(".cairn/\(name)", "mine\n")
    let full = try findings(.bad)
    #expect(full.count == 1 && full[0].check == .permissions && full[0].path == path, "\(full)")
    #expect(full[0].repair == nil && full[0].message.contains("where a directory of the index belongs"), "\(full)")
    removeTree(path)
    makeLink(path, to: "/etc")
    let link = try findings(.bad)
    #expect(link.count == 1 && link[0].repair == .removeObstacles, "\(link)")
    _ = try index.mend(link)
    #expect(!fileExists(path) && fileExists("/etc"))
    #expect(try findings(.bad).isEmpty)
  }

  @Test(arguments: ["", "no journal at all"])
  func `a rollback journal is named and removed, and the index answers again`(_ content: String) async throws {
    indexed.put(".cairn/catalog.sqlite-journal", content)
    let bad = try findings(.bad)
    #expect(bad.count == 1 && bad[0].check == .journal && bad[0].repair == .removeJournal, "\(bad)")
    try await expectMended()
  }

  @Test func `options that are not what was written are named and forgotten`() async throws {
    indexed.put(".cairn/options", "file_limit = 3\n# 0\n")
    let bad = try findings(.bad)
    #expect(bad.count == 1 && bad[0].check == .options && bad[0].repair == .forgetOptions, "\(bad)")
    try await expectMended()
  }

  @Test func `who holds the lock is told, and nobody is kept from it`() throws {
    guard let lock = try FileLock(directory.appending("writer.lock")) else {
      Issue.record("the lock is held")
      return
    }
    defer { withExtendedLifetime(lock) {} }
    let results = try examine()
    let held = try #require(results.first { $0.check == .lock })
    #expect(held.state == .note && held.message.contains("\(getpid())"), "\(held)")
    #expect(results.first { $0.check == .orphans }?.state == .notChecked)
  }

  // MARK: Removal

  @Test func `removing takes all that is Cairn's, and follows no link`() throws {
    let kept = try TemporaryTree(inMemory: true)
    try kept.write("precious.txt", "precious\n")
    let removal = try index.remove()
    #expect(removal.left.isEmpty && removal.fileCount > 5 && removal.byteCount > 0, "\(removal)")
    #expect(removal.directories == [directory] && !fileExists(directory))
    #expect(failure { () throws(Failure) in try index.remove() }?.code == .notFound)
    #expect(fileExists(indexed.root.appending("alpha.txt")))
  }

  @Test func `what is not Cairn's stays, and is named`() async throws {
    let kept = try TemporaryTree(inMemory: true)
    try kept.write("000001.segment", "precious\n")
    indexed.put(".cairn/notes.txt", "somebody's\n")
    makeLink(segments.appending("000077.segment"), to: kept.root.appending("000001.segment"))
    makeLink(directory.appending("underway"), to: kept.root.appending("000001.segment"))
    let removal = try index.remove()
    #expect(
      Set(removal.left.map(\.path)) == [
        directory.appending("notes.txt"), directory.appending("underway"), segments.appending("000077.segment"),
      ], "\(removal.left)")
    #expect(try readFileBytes(kept.root.appending("000001.segment")) == Array("precious\n".utf8))
    #expect(try listDirectory(directory).map(\.name.description).sorted() == ["notes.txt", "segments", "underway"])
    try await indexed.run()
    #expect(try indexed.chunks() == (try await indexed.freshChunks()))
  }

  @Test func `a segment that two of the removed indexes share is counted once`() async throws {
    let history = try await history()
    let file = try history.snapshot().segments[0].segment.path
    let shared = try #require(try segmentFiles().first)
    removeTree(file)
    let (from, to) = (try OpenDirectory(segments), try OpenDirectory(history.path.appending("segments")))
    #expect(try to.link(shared.lastComponent, of: from, as: file.lastComponent))
    let paths = try listDirectory(directory).filter { $0.kind == .file }.map { directory.appending($0.name) }
    let inner = try listDirectory(history.path).filter { $0.kind == .file }.map { history.path.appending($0.name) }
    let byteCount = try (paths + inner + (try segmentFiles())).reduce(0) { try $0 + FileStatus(of: $1).byteCount }
    let removal = try index.remove()
    #expect(removal.left.isEmpty && removal.byteCount == byteCount, "\(removal)")
    #expect(!fileExists(directory))
  }

  @Test(arguments: ["used", "writer.lock"])
  func `a file that Cairn keeps empty is not Cairn's where it holds something`(_ name: String) throws {
    indexed.put(".cairn/\(name)", "precious\n")
    let removal = try index.remove()
    #expect(removal.left.map(\.path) == [directory.appending(FilePath(name))], "\(removal.left)")
    #expect(try readFileBytes(directory.appending(FilePath(name))) == Array("precious\n".utf8))
  }

  @Test func `a link in place of the segments leads nowhere`() throws {
    let kept = try TemporaryTree(inMemory: true)
    try kept.write("000001.segment", "precious\n")
    removeTree(segments)
    makeLink(segments, to: kept.root)
    #expect(try findings(.bad).contains { $0.check == .permissions || $0.check == .segments })
    let removal = try index.remove()
    #expect(removal.left.map(\.path) == [segments])
    #expect(fileExists(kept.root.appending("000001.segment")) && fileExists(segments))
  }

  @Test func `while a writer is at work nothing is removed or mended`() throws {
    guard let lock = try FileLock(directory.appending("writer.lock")) else {
      Issue.record("the lock is held")
      return
    }
    defer { withExtendedLifetime(lock) {} }
    let before = try diskState(directory)
    #expect(failure { () throws(Failure) in try index.remove() }?.code == .locked)
    let options = CheckResult(.options, .bad, "", repair: .forgetOptions)
    #expect(failure { () throws(Failure) in try index.mend([options]) }?.code == .locked)
    #expect(try diskState(directory) == before)
  }
}
