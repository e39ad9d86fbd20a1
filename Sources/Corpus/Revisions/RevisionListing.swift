import Disk
import Inspection
import Primitives

/// Judges the entries of a commit by the rules of the walk (`DirectoryVisit`) that hold for what git tracks.
struct RevisionListing {
  private let options: WalkOptions
  private let objects: GitObjects
  private let cancellation: Cancellation
  private var listing = CorpusListing(files: [], skipped: [])

  init(_ options: WalkOptions, objects: GitObjects, cancellation: Cancellation) {
    self.options = options
    self.objects = objects
    self.cancellation = cancellation
  }

  /// A directory that waits to be judged: the entries in it and below it.
  private struct Directory {
    var range: Range<Int>
    /// How many bytes of their paths lead to what is in it, its slash included.
    var baseByteCount: Int
    var rules: RuleScope?
    /// Whether `.cairnignore` took it back in by name, or with one around it.
    var isWanted = false
    var includesGenerated = false
  }

  mutating func list(_ entries: inout [GitTreeEntry]) throws(Failure) -> CorpusListing {
    entries.removeAll { !Self.isPossible($0.path) }
    entries.sort { $0.path < $1.path }
    // What was written by hand may have a path twice; git takes the first.
    var kept: FilePath?
    entries.removeAll { entry in
      defer { kept = entry.path }
      return entry.path == kept
    }
    var waiting = [Directory(range: 0..<entries.count, baseByteCount: 0)]
    while let directory = waiting.popLast() {
      try cancellation.check()
      waiting += try judge(directory, entries)
    }
    listing.files.sort { $0.path < $1.path }
    listing.skipped.sort { $0.path < $1.path }
    listing.unread.sort { $0.path < $1.path }
    if options.fileLimit > 0 { listing.keep(options.fileLimit) }
    return listing
  }

  /// Whether a checkout could have such a path: no component is empty, `.`, `..` or git's own, and Cairn's is no part
  /// of any corpus.
  static func isPossible(_ path: FilePath) -> Bool {
    path.isOrdinary
      && path.bytes.split(separator: .slash).allSatisfy { name in
        name.asciiLowercased != Array(".git".utf8) && !name.elementsEqual(FilePath.indexDirectoryName.bytes)
      }
  }

  /// Judges what is in one directory, and gives those in it that are to be judged next.
  private mutating func judge(_ directory: Directory, _ entries: [GitTreeEntry]) throws(Failure) -> [Directory] {
    let base = directory.baseByteCount
    var directory = directory
    let place = base == 0 ? [] : Array(entries[directory.range.lowerBound].path.bytes[..<base])
    func own(_ name: FilePath) -> GitTreeEntry? {
      let path = FilePath(bytes: place + name.bytes)
      let position = Self.position(of: path, in: entries, directory.range)
      return position < directory.range.upperBound && entries[position].path == path ? entries[position] : nil
    }
    func holds(_ name: FilePath) -> Bool {
      if own(name) != nil { return true }
      let inside = place + name.bytes + [.slash]
      let position = Self.position(of: FilePath(bytes: inside), in: entries, directory.range)
      return position < directory.range.upperBound && entries[position].path.bytes.starts(with: inside)
    }
    func blob(_ entry: GitTreeEntry, _ limit: Int) throws(Failure) -> [UInt8] {
      try objects.readBlob(entry.id, limit: limit, cancellation: cancellation)
    }
    if base > 0, !options.includesVendored, !directory.isWanted {
      let path = Array(place.dropLast())
      let isVendored = VendoredDirectory.isVendored(path: path, holds: holds) { name, limit in
        guard let entry = own(name), entry.kind == .file else { return nil }
        return try? blob(entry, limit)
      }
      if isVendored {
        skip(path, .vendored, isDirectory: true)
        return []
      }
    }
    if let entry = own(".cairnignore"), entry.kind == .file {
      let rules: IgnoreRules
      do throws(Failure) {
        rules = IgnoreRules(try blob(entry, GitRepository.ignoreFileByteLimit), foldsCase: false)
      } catch { throw DecidingFile.undecided(error, entry.path) }
      if !rules.isEmpty {
        directory.rules = try RuleScope(rules, base: place.span, outer: directory.rules, path: entry.path)
      }
    }
    var deeper: [Directory] = []
    var position = directory.range.lowerBound
    while position < directory.range.upperBound {
      let path = entries[position].path.bytes
      guard let slash = path[base...].firstIndex(of: .slash) else {
        judgeFile(entries[position], in: directory)
        position += 1
        continue
      }
      var end = position + 1
      while end < directory.range.upperBound, entries[end].path.bytes.starts(with: path[...slash]) { end += 1 }
      if let next = judgeDirectory(Array(path[..<slash]), position..<end, in: directory) { deeper.append(next) }
      position = end
    }
    return deeper
  }

  /// Of the first entry in `range` whose path is not before `path`; the range's end if there is none.
  private static func position(of path: FilePath, in entries: [GitTreeEntry], _ range: Range<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func judgeDirectory(
    _ path: [UInt8], _ range: Range<Int>, in directory: Directory
  ) -> Directory? {
    let verdict = directory.rules?.verdict(path: path.span, nameStart: directory.baseByteCount, isDirectory: true)
    let isWanted = verdict == .included
    if verdict == .ignored {
      skip(path, .ignored, isDirectory: true)
      return nil
    }
    if !isWanted, !options.includesVendored, VendoredDirectory.isVendored(name: path) {
      skip(path, .vendored, isDirectory: true)
      return nil
    }
    if path.count >= CorpusWalker.pathByteLimit {
      let shown = FilePath(bytes: path)
      listing.leaveUnread(
        shown, .directory,
        Failure(
          .inputOutput, "its path has \(path.count) bytes, more than can be indexed: nothing in it is", path: shown))
      return nil
    }
    return Directory(
      range: range, baseByteCount: path.count + 1, rules: directory.rules, isWanted: isWanted,
      includesGenerated: directory.includesGenerated || isWanted)
  }

  private mutating func judgeFile(_ entry: GitTreeEntry, in directory: Directory) {
    let path = entry.path.bytes
    switch entry.kind {
    case .symbolicLink: return skip(path, .symbolicLink, isDirectory: false)
    // What is in a submodule is in another repository.
    case .repository: return skip(path, .notRegular, isDirectory: true)
    case .file: break
    }
    let verdict = directory.rules?.verdict(path: path.span, nameStart: directory.baseByteCount, isDirectory: false)
    let isWanted = verdict == .included
    if verdict == .ignored { return skip(path, .ignored, isDirectory: false) }
    guard let byteCount = entry.byteCount else {
      return listing.leaveUnread(
        entry.path, .file,
        Failure(
          .notFound, "this clone does not have its content: fetch it with git, such as by checking it out once",
          path: entry.path))
    }
    let fingerprint = Fingerprint(blob: entry.id, byteCount: byteCount)
    if byteCount > options.maximumFileByteCount { return skip(path, .tooLarge, isDirectory: false, fingerprint) }
    var file = SourceFile(path: entry.path, fingerprint: fingerprint)
    file.includesSecrets = options.includesSecrets || isWanted && options.ignoreFilesIncludeSecrets
    file.includesGenerated = options.includesGenerated || isWanted || directory.includesGenerated
    let name = Array(path[directory.baseByteCount...])
    if !file.includesSecrets, SecretName.isSecret(name.span) {
      return skip(path, .secret, isDirectory: false, fingerprint)
    }
    listing.files.append(file)
  }

  private mutating func skip(
    _ path: [UInt8], _ reason: SkipReason, isDirectory: Bool, _ fingerprint: Fingerprint? = nil
  ) {
    listing.skipped.append(
      SkippedEntry(path: FilePath(bytes: path), reason: reason, isDirectory: isDirectory, fingerprint: fingerprint))
  }
}
