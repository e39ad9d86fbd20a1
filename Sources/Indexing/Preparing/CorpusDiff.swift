package import Catalog
package import Corpus
package import Inspection
package import Primitives

/// What must be done to bring an index up to date with a listing of its corpus. Beside the listing it holds 4 bytes for
/// each file to read, and a record for each that the index knows already.
package struct CorpusDiff: Sendable {
  package struct FileToRead: Hashable, Sendable {
    package var file: SourceFile
    /// What the index has of it.
    package var known: FileRecord?
    /// Whether it is to be indexed anew although its content is what the index has.
    package var isReread: Bool
    /// Whether its syntax, which the index does not have for lack of memory, is to be read again.
    package var retriesSyntax: Bool
    package init(file: SourceFile, known: FileRecord?, isReread: Bool = false, retriesSyntax: Bool = false) {
      self.file = file
      self.known = known
      self.isReread = isReread
      self.retriesSyntax = retriesSyntax
    }
  }
  /// Files that the index knows and the listing does not have.
  package var gone: [FileRecord] = []
  /// Files with the stored fingerprint that are indexed, and those that were skipped after being read.
  package var unchangedCount = 0
  package var unchangedSkipped: [SkipReason: Int] = [:]

  private let files: [SourceFile]
  private var position = 0
  /// Positions in `files` of those to read, and what is known of some of them.
  private var positions: [UInt32] = []
  private var known: [UInt32: FileRecord] = [:]
  /// Hashes of the paths of files to index anew, changed or not.
  private let reread: Set<ContentHash>
  private let retried: Set<FilePath>

  /// Begins a comparison with `files`, in the order of their paths. Then `add` every known file in that order, then
  /// `finish`: one pass over two sorted lists.
  ///
  /// - Parameter retried: files whose syntax is to be read again.
  package init(
    of files: [SourceFile], rereading reread: Set<ContentHash> = [], retryingSyntaxOf retried: Set<FilePath> = []
  ) {
    self.files = files
    self.reread = reread
    self.retried = retried
  }

  package mutating func add(_ known: FileRecord) {
    while position < files.count, files[position].path < known.path { readNext() }
    guard position < files.count, files[position].path == known.path else {
      gone.append(known)
      return
    }
    // What was left out for a secret that may come in now is read again.
    let file = files[position]
    var isReadAgain = file.includesSecrets && known.state == .skipped(.secret)
    // So is bulk that may come in now, and bulk that was taken in and is not wanted any more.
    if case .skipped(let reason) = known.state, reason.isOfBulk { isReadAgain = file.includesGenerated }
    if known.fingerprint.isOfBulk, !file.includesGenerated { isReadAgain = true }
    if file.fingerprint != known.fingerprint.withoutBulkMark || isReadAgain || isReread(file)
      || retriesSyntax(file)
    {
      self.known[UInt32(position)] = known
      readNext()
      return
    }
    position += 1
    if case .skipped(let reason) = known.state {
      unchangedSkipped[reason, default: 0] += 1
    } else {
      unchangedCount += 1
    }
  }

  package mutating func finish() {
    positions.reserveCapacity(positions.count + files.count - position)
    while position < files.count { readNext() }
  }

  private func isReread(_ file: SourceFile) -> Bool {
    !reread.isEmpty && reread.contains(ContentHash(of: file.path.bytes.span))
  }

  private func retriesSyntax(_ file: SourceFile) -> Bool { !retried.isEmpty && retried.contains(file.path) }

  private mutating func readNext() {
    positions.append(UInt32(position))
    position += 1
  }

  // MARK: New files and those whose fingerprint is not the stored one, in the order of their paths

  package var readCount: Int { positions.count }

  package func fileToRead(_ number: Int) -> FileToRead {
    let position = positions[number]
    let file = files[Int(position)]
    return FileToRead(
      file: file, known: known[position], isReread: isReread(file), retriesSyntax: retriesSyntax(file))
  }

  package func byteCountToRead(_ number: Int) -> Int { files[Int(positions[number])].fingerprint.byteCount }
}
