import Catalog
import Chunking
import Corpus
import Disk
import Embedding
import Inspection
package import Primitives
import Segments

/// What reading one file came to.
struct PreparedOutcome: Sendable {
  enum Content: Sendable {
    case indexed(PreparedFile)
    /// The content is what the index has; only the fingerprint may differ.
    case unchanged
    /// A segment has it as it is, tombstoned at this path.
    case revived(segment: SegmentID, number: Int, chunkCount: Int)
    /// Skipped because of its content, which is remembered.
    case skippedAfterReading(SkipReason)
    /// Not read, because of what it has become since the walk.
    case unread(SkipReason)
    /// Not read, because that could not be done.
    case unreadable(Failure)
    /// Gone since the walk.
    case vanished
    /// Not read, for lack of something that the next run may have: what the index has of it stays.
    case postponed(Failure)
    /// The embedder does not work: no fault of this file, and none of the next would fare better.
    case embedderFailed(Failure)
  }
  var content: Content
  /// As it is to be stored.
  var fingerprint: Fingerprint
  var contentHash = ContentHash(high: 0, low: 0)
  /// What the embedder is to be shown of the chunks, whose vectors are missing: only where it takes many texts at once.
  var texts: [DocumentText] = []
  /// Whether its chunks were not cut but taken from a file with the same content.
  var reusesChunks = false
  /// What the user should know of a file that is indexed all the same.
  var remark: Failure?
  /// Where it is cut without its syntax.
  var gap: SyntaxGap?
  var meter: StageMeter
}

/// The stages that one file passes by itself: read, inspect, chunk, analyse, embed. Pure but for the reading, so that
/// the same file gives the same outcome on any thread. A `BatchEmbedder` is left to the caller that gathers the
/// outcomes of many files.
struct FilePreparer: Sendable {
  private let root: OpenDirectory
  /// The same, to read files below it.
  private let tree: CorpusFiles
  private let followsLinks: Bool
  /// What is read in place of the directory.
  let revision: RevisionFiles?
  private let cancellation: Cancellation
  let embedder: any Embedder
  let batchEmbedder: (any BatchEmbedder)?
  let chunker: Chunker
  let maximumFileByteCount: Int
  /// Whether the n-grams of a file's bytes are kept.
  let storesGrams: Bool
  /// What is read in place of files of the root, in the index of a history.
  private let removals: RemovalCorpus?
  let wallClock: @Sendable () -> Int64
  /// What is not made again; nil where everything is.
  var stored: StoredContents?
  /// What was made elsewhere of the files; nil where nothing was.
  var elsewhere: (any PreparedSource)?

  private let inspector = ContentInspector()
  private let analyzer = Analyzer()

  init(
    root: FilePath, revision: RevisionFiles?, followsLinks: Bool, embedder: any Embedder, chunker: Chunker,
    maximumFileByteCount: Int, storesGrams: Bool, removals: RemovalCorpus?, cancellation: Cancellation,
    wallClock: @escaping @Sendable () -> Int64
  ) throws(Failure) {
    self.root = try OpenDirectory(root)
    self.revision = revision
    self.cancellation = cancellation
    tree = try CorpusFiles(root: root, followsLinks: followsLinks)
    self.followsLinks = followsLinks
    self.embedder = embedder
    batchEmbedder = embedder.batch
    self.chunker = chunker
    self.maximumFileByteCount = maximumFileByteCount
    // Nobody searches what commits removed for patterns.
    self.storesGrams = storesGrams && removals == nil
    self.removals = removals
    self.wallClock = wallClock
  }

  /// - Parameters:
  ///   - limit: bytes that the file's syntax may take; what takes more is cut by its looks.
  ///   - thread: is told how far the file is.
  func prepare(
    _ work: CorpusDiff.FileToRead, syntaxByteCount limit: Int, _ underWay: UnderWay, _ thread: UnderWay.Thread,
    _ meter: StageMeter
  ) -> PreparedOutcome {
    let path = work.file.path
    var outcome = PreparedOutcome(content: .vanished, fingerprint: work.file.fingerprint, meter: meter)
    let wanted = MemoryBudget.leastByteCount(ofFile: work.file.fingerprint.byteCount)
    guard SystemMemory.hasRoom(for: wanted) else {
      outcome.content = .postponed(
        Failure(
          .outOfMemory, "there was no memory for it (\(wanted >> 20) MB); it is left for the next run", path: path))
      return outcome
    }
    if let removals {
      readRemoval(removals, work, limit, underWay, thread, &outcome)
      return outcome
    }
    let content: [UInt8]
    do {
      // The time is taken before the reading: a change during it then shows in the file's times.
      let readAt = wallClock()
      let file = try outcome.meter.measure(.read, byteCount: work.file.fingerprint.byteCount) {
        () throws(Failure) in try read(work.file, at: readAt)
      }
      outcome.fingerprint = file.fingerprint
      content = file.bytes
    } catch {
      outcome.content = unread(path, error)
      return outcome
    }
    inspect(content, work, limit, underWay, thread, &outcome)
    return outcome
  }

  /// The same for what a commit removed, whose version before is read from git.
  private func readRemoval(
    _ removals: RemovalCorpus, _ work: CorpusDiff.FileToRead, _ limit: Int, _ underWay: UnderWay,
    _ thread: UnderWay.Thread, _ outcome: inout PreparedOutcome
  ) {
    do throws(Failure) {
      let content = try outcome.meter.measure(.read, byteCount: work.file.fingerprint.byteCount) {
        () throws(Failure) in try removals.content(of: work.file.path, limit: maximumFileByteCount)
      }
      inspect(content, work, limit, underWay, thread, &outcome)
    } catch {
      switch error.code {
      // What a clone does not have it will not have by itself.
      case .notFound, .notRegular: outcome.content = .skippedAfterReading(.unreadable)
      case .tooLarge: outcome.content = .skippedAfterReading(.tooLarge)
      default: outcome.content = .embedderFailed(error)
      }
    }
  }

  /// The path by which a file is judged, in the tree that it is or was in.
  private func shownPath(_ path: FilePath) -> FilePath {
    removals == nil ? path : RemovalPath(path)?.path ?? path
  }

  private func inspect(
    _ content: [UInt8], _ work: CorpusDiff.FileToRead, _ limit: Int, _ underWay: UnderWay,
    _ thread: UnderWay.Thread, _ outcome: inout PreparedOutcome
  ) {
    let path = shownPath(work.file.path)
    // What tells of changes are the bytes of the file; all else is told of its text.
    let hash = outcome.meter.measure(.read) { ContentHash(of: content.span) }
    outcome.contentHash = hash
    if let known = work.known, !work.retriesSyntax, Self.isAsKnown(work, outcome) {
      if known.fingerprint.isOfSecret { outcome.fingerprint.markAsSecret() }
      if known.fingerprint.isOfBulk { outcome.fingerprint.markAsBulk() }
      outcome.content = .unchanged
      return
    }
    let text = outcome.meter.measure(.read) { SourceBytes.text(content) }
    // A notebook is indexed as the text of its cells, a place in which is a place in the file.
    if NotebookText.isNotebook(path), let notebook = outcome.meter.measure(.read, { NotebookText(text.span) }) {
      var layout = SourceLayout(
        parts: notebook.regions.map { SourceLayout.Part(bytes: $0.bytes, language: $0.language) }, spans: notebook.spans
      )
      layout.breaks = notebook.breaks
      layout.omittedKinds = [.variable]
      judge(notebook.text.span, work, in: notebook.language, layout, limit, underWay, thread, &outcome)
    } else {
      // One that is no JSON, with the marks of a merge in it perhaps, is text: its pictures make nothing of it
      // minified.
      judge(
        text.span, work, in: NotebookText.isNotebook(path) ? .plainText : nil, nil, limit, underWay, thread, &outcome)
    }
    if storesGrams, case .indexed(var file) = outcome.content {
      file.grams = outcome.meter.measure(.analyse) { FileGrams(of: content.span) }
      outcome.content = .indexed(file)
    }
  }

  /// Whether the index has this very content, as the file is to be taken now, and nobody wants it indexed anew.
  private static func isAsKnown(_ work: CorpusDiff.FileToRead, _ outcome: PreparedOutcome) -> Bool {
    guard let known = work.known, !work.isReread else { return false }
    return known.contentHash == outcome.contentHash && known.fingerprint.byteCount == outcome.fingerprint.byteCount
      && known.mayStay(as: work.file)
  }

  /// Goes on with the text of a file, and with its language and its layout where these do not follow from name and
  /// text.
  private func judge(
    _ source: Span<UInt8>, _ work: CorpusDiff.FileToRead, in language: Language?, _ layout: SourceLayout?,
    _ limit: Int, _ underWay: UnderWay, _ thread: UnderWay.Thread, _ outcome: inout PreparedOutcome
  ) {
    let path = shownPath(work.file.path)
    let judgement = outcome.meter.measure(.read) {
      inspector.judge(source, path: path, language: language, includesGenerated: work.file.includesGenerated)
    }
    let reason = judgement.reason
    if judgement.isBulk { outcome.fingerprint.markAsBulk() }
    if reason == .secret, work.file.includesSecrets { outcome.fingerprint.markAsSecret() }
    if let reason, !(reason == .secret && work.file.includesSecrets) {
      outcome.content = .skippedAfterReading(reason)
      return
    }
    let subject = UnderWay.Subject(path: ContentHash(of: work.file.path.bytes.span), content: outcome.contentHash)
    let verdict = underWay.verdict(on: subject)
    if verdict == .analysis {
      outcome.content = .postponed(
        Failure(
          .endedRun,
          "an earlier run ended while it was being indexed, so it is left out: it is tried again when it changes, or "
            + "with another version of Cairn", path: work.file.path, remedy: .rebuild))
      return
    }
    thread.begin(.syntax, of: subject)
    defer { thread.end() }
    var language = language ?? outcome.meter.measure(.read) { inspector.language(of: source, path: path) }
    if judgement.isGenerated { language = language.generated }
    if let revived = revived(work, language, holdsSecret: reason == .secret, outcome.contentHash) {
      outcome.content = revived
      return
    }
    if verdict == nil, let made = preparedElsewhere(work, language, source, outcome.contentHash) {
      outcome.content = .indexed(made)
      return
    }
    let chunks = verdict == nil ? storedChunks(work, language, source, outcome.contentHash) : nil
    outcome.reusesChunks = chunks != nil
    do {
      let file = try prepare(
        source, work.file.path, language, layout, limit, cutAs: chunks, readsSyntax: verdict == nil,
        staysCut: work.retriesSyntax && Self.isAsKnown(work, outcome), thread, &outcome)
      outcome.content = file.map { .indexed($0) } ?? .unchanged
    } catch {
      outcome.content = .embedderFailed(error)
    }
  }

  /// A symbolic link that took the place of the file, or of a directory on the way, since the walk is not followed: it
  /// may lead out of the root.
  ///
  /// - Parameter readAt: the time before it is read.
  /// - Returns: besides its content, its fingerprint as it is to be stored.
  private func read(_ file: SourceFile, at readAt: Int64) throws(Failure) -> (bytes: [UInt8], fingerprint: Fingerprint)
  {
    let path = file.path
    // A segment keeps no longer path, and no program could be given one.
    guard path.bytes.count < CorpusWalker.pathByteLimit else {
      throw Failure(.inputOutput, "its path has \(path.bytes.count) bytes, more than can be indexed", path: path)
    }
    // A blob never changes.
    if let revision {
      let bytes = try revision.read(file, limit: maximumFileByteCount, cancellation: cancellation)
      return (bytes, file.fingerprint)
    }
    let (bytes, status) = try tree.readFile(path, limit: maximumFileByteCount)
    return (bytes, Fingerprint(status).stored(readAt: readAt))
  }

  /// Whether there is a file at the path that cannot be opened for lack of rights or for a fault of the disk.
  func isUnreadable(_ path: FilePath) -> Bool {
    do throws(Failure) { _ = try tree.openFile(path) } catch {
      return error.code == .permissionDenied || error.code == .inputOutput
    }
    return false
  }

  private func unread(_ path: FilePath, _ failure: Failure) -> PreparedOutcome.Content {
    // The commit has the file: what git does not have of it is not gone.
    if revision != nil { return failure.code == .tooLarge ? .unread(.tooLarge) : .unreadable(failure) }
    if failure.code == .notFound { return .vanished }
    if failure.code == .tooLarge { return .unread(.tooLarge) }
    // Behind a link that is followed there may be a file that cannot be read.
    let isLinked = followsLinks && failure.code != .notRegular
    if !isLinked, let status = try? root.status(of: path), status.kind != .file {
      return .unread(status.kind == .symbolicLink ? .symbolicLink : .notRegular)
    }
    if failure.code == .notRegular { return .unread(.symbolicLink) }
    // In the report a file goes by its path inside the corpus.
    var failure = failure
    failure.path = path
    return .unreadable(failure)
  }

  /// - Parameters:
  ///   - known: its chunks, where they are known.
  ///   - staysCut: the index has the file as it is without its syntax; the result is nil if it still has none.
  private func prepare(
    _ source: Span<UInt8>, _ name: FilePath, _ language: Language, _ layout: SourceLayout?, _ limit: Int,
    cutAs known: [Chunk]?, readsSyntax: Bool, staysCut: Bool, _ thread: UnderWay.Thread,
    _ outcome: inout PreparedOutcome
  ) throws(Failure) -> PreparedFile? {
    let byteCount = source.count
    let path = shownPath(name)
    let (cut, shortage, failure) = outcome.meter.measure(.chunk, byteCount: byteCount) {
      () -> (chunks: [Chunk], shortage: MemoryShortage?, failure: ParserFailure?) in
      if let known { return (known, nil, nil) }
      return (readsSyntax ? chunker : chunker.withoutParser).cut(
        source, in: language, layout: layout, memoryLimit: limit)
    }
    thread.reached(.analysis)
    let chunks = try removals?.gonePieces(of: cut, in: source, name) ?? cut
    if !readsSyntax {
      outcome.gap = SyntaxGap(path: name, reason: .endedRun, byteLimit: 0)
      outcome.remark = Failure(
        .endedRun,
        "an earlier run ended while its syntax was being read; it was cut by its lines and its symbols are not known: "
          + "it is tried again when it changes, or with another version of Cairn", path: path, remedy: .rebuild)
    }
    if let failure {
      outcome.gap = SyntaxGap(path: name, reason: .parser(failure), byteLimit: 0)
      let what = failure.isBound ? "was left at" : "failed at"
      outcome.remark = Failure(
        .parserFailed,
        "the parser of its language (\(language.name)) \(what) it (\(failure.rawValue)); it was cut by its lines, and "
          + "its symbols, or those of the part in question, are not known: nothing need be done; if it is not made to "
          + "break parsers, please report it", path: path)
    }
    // Last, since this alone may be mended by another run.
    if let shortage {
      let gap = SyntaxGap(path: name, reason: shortage == .system ? .noMemory : .memoryLimit, byteLimit: limit)
      outcome.gap = gap
      outcome.remark = Failure(.outOfMemory, gap.message, path: path, remedy: .index)
    }
    if staysCut, outcome.gap?.reason.isOfMemory == true { return nil }
    var vectors: [QuantisedVector] = []
    if batchEmbedder != nil {
      outcome.texts = outcome.meter.measure(.embed) {
        chunks.map { DocumentText(source.extracting($0.bytes), path: path) }
      }
    } else {
      vectors.reserveCapacity(chunks.count)
      try outcome.meter.measure(.embed, byteCount: byteCount) { () throws(Failure) in
        for first in stride(from: 0, to: chunks.count, by: Self.embeddedChunkCount) {
          let pieces = chunks[first..<min(chunks.count, first + Self.embeddedChunkCount)].map(\.bytes)
          let floats = try embedder.embed(source, pieces: pieces, path: path)
          vectors += try QuantisedVector.vectors(of: pieces.count, in: floats, embedder.identity, path: path)
        }
      }
    }
    // Last, so that the terms of a large file and what its embedding takes are not there at once.
    var terms = outcome.meter.measure(.analyse, byteCount: byteCount) {
      analyzer.parts(of: chunks, in: source, path: path)
    }
    let prepared = chunks.indices.map { i in
      PreparedChunk(
        chunk: chunks[i], contentHash: ContentHash(of: source.extracting(chunks[i].bytes)),
        vector: vectors.isEmpty ? QuantisedVector([]) : vectors[i])
    }
    let first = terms.isEmpty ? FileTerms() : terms.removeFirst()
    var file = PreparedFile(
      path: name, language: language, contentHash: outcome.contentHash, chunks: prepared, terms: first)
    if !terms.isEmpty { file.laterTerms = LaterTerms(terms) }
    return file
  }

  /// Chunks embedded at once: a vector takes 1 KB before it is quantised.
  private static let embeddedChunkCount = 1024
}

extension Failure.Code {
  /// The parser of a file's language failed at it.
  package static let parserFailed = Self(rawValue: "parser-failed")
  /// A file is still without the syntax that an earlier run had no memory for.
  package static let withoutSyntax = Self(rawValue: "without-syntax")
  /// The process held more memory than it was to stay under.
  package static let memoryCeiling = Self(rawValue: "memory-ceiling")
  /// An earlier run ended while it was at the file.
  package static let endedRun = Self(rawValue: "ended-a-run")
}

extension SyntaxGap.Reason {
  /// An earlier run ended while the syntax was being read.
  static let endedRun = Self(rawValue: "ended-a-run")

  /// The parser was left at the file, or failed.
  static func parser(_ failure: ParserFailure) -> Self { Self(rawValue: "parser-\(failure)") }
}

extension SyntaxGap {
  /// What to say of one for lack of memory, to which the remedy is another run.
  package var message: String {
    let what =
      reason == .noMemory
      ? "the system had no memory for its syntax"
      : "its syntax takes more than the \(byteLimit >> 20) MB that it was given"
    let remedy =
      reason == .noMemory
      ? "free memory, or give the process more (ulimit -v, ulimit -d)"
      : "raise max_memory_mb, or free memory"
    return "\(what), so it was cut by its lines, and its symbols, or those of a part of it, are not known: \(remedy)"
  }
}

extension QuantisedVector {
  /// Cuts what an embedder gave for `count` chunks; throws where it is not as much as it should be.
  static func vectors(
    of count: Int, in floats: [Float], _ identity: ModelIdentity, path: FilePath? = nil
  ) throws(Failure) -> [QuantisedVector] {
    let dimensions = identity.dimensions
    guard floats.count == count * dimensions else {
      throw Failure(
        .damaged, "the model \(identity.name) gave \(floats.count) numbers for \(count) chunks of \(dimensions)",
        path: path)
    }
    return (0..<count).map { QuantisedVector(floats[($0 * dimensions)..<(($0 + 1) * dimensions)]) }
  }
}
