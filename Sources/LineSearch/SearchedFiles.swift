package import Corpus
import Disk
package import Inspection
package import Primitives

/// A file that is searched, and what it is called.
package struct SearchedFile: Sendable {
  /// Where it is read: a number of `SearchedFiles.places`; nil for one that the user named.
  package var place: Int?
  /// Inside the place; as it was named where there is none.
  package var path: FilePath
  /// What the user sees.
  package var shown: [UInt8]
  package var byteCount: Int
  /// What it holds, where it is not read: standard input.
  package var content: [UInt8]?

  package init(place: Int?, path: FilePath, shown: [UInt8], byteCount: Int) {
    (self.place, self.path, self.shown, self.byteCount) = (place, path, shown, byteCount)
  }
}

/// The files of a search, in the order in which they are searched: that of the paths that were named, and in each that
/// of the names of files and directories, as a sorted listing of each directory has them.
package struct SearchedFiles: Sendable {
  package var files: [SearchedFile] = []
  /// The directories that were walked, held open.
  package var places: [CorpusFiles] = []
  /// What could not be looked at.
  package var failures: [Failure] = []
  /// Whether what is found needs the name of its file: more than one file was asked for.
  package var areMany = false

  package init() {}

  /// Finds the files by walking. Throws where the directory itself cannot be listed.
  package init(_ wanted: LineSearchFiles) throws(Failure) {
    let operands = wanted.paths.isEmpty ? [[]] : wanted.paths
    let globs = try PathGlobs(wanted.globs)
    areMany = operands.count > 1
    for operand in operands {
      if operand == [0x2D], let input = wanted.standardInput {
        var file = SearchedFile(place: nil, path: "-", shown: Array("<stdin>".utf8), byteCount: input.count)
        file.content = input
        files.append(file)
        continue
      }
      let path = operand.isEmpty ? wanted.directory : wanted.directory.joined(FilePath(bytes: operand))
      let status: FileStatus
      do throws(Failure) { status = try FileStatus(of: path) } catch {
        failures.append(Failure(error.code, error.message, path: FilePath(bytes: operand), cause: error.cause))
        continue
      }
      guard status.kind == .directory else {
        // Named files are searched whatever speaks against them.
        files.append(SearchedFile(place: nil, path: path, shown: operand, byteCount: status.byteCount))
        continue
      }
      areMany = true
      do throws(Failure) { try walk(path, operand, wanted, globs) } catch {
        failures.append(error)
      }
    }
    sort(wanted)
  }

  /// The same where the files below `root` are `known`, so that its directories need no walk; one for which `isKnown`
  /// says no (relative to the root) is walked.
  package init(
    _ wanted: LineSearchFiles, root: FilePath, known: [(path: FilePath, byteCount: Int)], isKnown: (FilePath) -> Bool
  ) throws(Failure) {
    let globs = try PathGlobs(wanted.globs)
    for operand in wanted.paths.isEmpty ? [[]] : wanted.paths {
      let path = operand.isEmpty ? wanted.directory : wanted.directory.joined(FilePath(bytes: operand))
      guard let below = path == root ? "" : path.relative(to: root), below.isEmpty || isKnown(below) else {
        var one = wanted
        one.paths = [operand]
        if operand.isEmpty { one.paths = [] }
        let walked = try SearchedFiles(one)
        let first = places.count
        places += walked.places
        failures += walked.failures
        for var file in walked.files {
          file.place = file.place.map { $0 + first }
          files.append(file)
        }
        continue
      }
      let place = places.count
      places.append(try CorpusFiles(root: path, followsLinks: false))
      let inside =
        below.isEmpty
        ? known
        : known.compactMap { file in
          file.path.relative(to: below).map { ($0, file.byteCount) }
        }
      add(inside, place, operand, path, wanted, globs)
    }
    areMany = true
    sort(wanted)
  }

  /// Brings the files into another order than that in which they were found.
  private mutating func sort(_ wanted: LineSearchFiles) {
    switch wanted.order {
    case .paths:
      if wanted.isReversed { files.sort { $1.shown.precedesAsPath($0.shown) } }
    case .times:
      let times = files.map { file in
        file.content == nil
          ? (try? FileStatus(of: wanted.directory.joined(FilePath(bytes: file.shown))))?.modified : nil
      }
      let positions = files.indices.sorted { a, b in
        let (first, second) = (times[a] ?? .min, times[b] ?? .min)
        if first != second { return (first < second) != wanted.isReversed }
        return a < b
      }
      files = positions.map { files[$0] }
    }
  }

  private mutating func walk(
    _ path: FilePath, _ operand: [UInt8], _ wanted: LineSearchFiles, _ globs: PathGlobs
  ) throws(Failure) {
    let listing = try CorpusWalker(root: path, options: wanted.walkOptions).list()
    let place = places.count
    places.append(try CorpusFiles(root: path, followsLinks: wanted.followsLinks))
    for unread in listing.unread { failures.append(unread.failure) }
    var found = listing.files.map { ($0.path, $0.fingerprint.byteCount) }
    if globs.nameHidden, !wanted.includesHidden {
      var options = wanted.walkOptions
      options.includesHidden = true
      let base = base(of: path, wanted)
      let seen = Set(listing.files.map(\.path))
      for file in try CorpusWalker(root: path, options: options).list().files
      where !seen.contains(file.path) && globs.bringIn(base.isEmpty ? file.path.bytes : base + [0x2F] + file.path.bytes)
      {
        found.append((file.path, file.fingerprint.byteCount))
      }
    }
    add(found, place, operand, path, wanted, globs)
  }

  /// The bytes of a file.
  func bytes(of file: SearchedFile) throws(Failure) -> [UInt8] {
    if let content = file.content { return content }
    guard let place = file.place else {
      // The system's own files have no size, and may be pipes: `<(command)`, /proc/cpuinfo. A pipe that lies in a tree
      // is not waited for.
      return file.path.isOfSystem ? try readStream(file.path) : try readFile(file.path).bytes
    }
    return try places[place].readFile(file.path).bytes
  }

  /// The language of a file, by its name and all of its content, as the index and a search of its lines have it.
  package func language(of file: SearchedFile) -> Language {
    Self.language(of: (try? bytes(of: file)) ?? [], file.path)
  }

  /// The same of a file that was read.
  static func language(of bytes: [UInt8], _ path: FilePath) -> Language {
    ContentInspector().language(of: bytes.span, path: path)
  }

  /// The path of a directory from where globs are meant.
  private func base(of path: FilePath, _ wanted: LineSearchFiles) -> [UInt8] {
    let directory = wanted.globRoot.map { wanted.directory.joined(FilePath(bytes: $0)) } ?? wanted.directory
    return path == directory ? [] : path.relative(to: directory)?.bytes ?? []
  }

  /// Adds files of a place in the order of their names.
  mutating func add(
    _ found: [(path: FilePath, byteCount: Int)], _ place: Int, _ operand: [UInt8], _ path: FilePath,
    _ wanted: LineSearchFiles, _ globs: PathGlobs
  ) {
    let base = base(of: path, wanted)
    var prefix = operand
    if !prefix.isEmpty, prefix.last != 0x2F { prefix.append(0x2F) }
    let sorted = found.sorted { $0.path.bytes.precedesAsPath($1.path.bytes) }
    files.reserveCapacity(files.count + sorted.count)
    for file in sorted {
      if let limit = wanted.byteCountLimit, file.byteCount > limit { continue }
      if let limit = wanted.depthLimit, file.path.bytes.count(where: { $0 == 0x2F }) >= limit { continue }
      if !globs.isEmpty, !globs.includes(base.isEmpty ? file.path.bytes : base + [0x2F] + file.path.bytes) { continue }
      files.append(
        SearchedFile(place: place, path: file.path, shown: prefix + file.path.bytes, byteCount: file.byteCount))
    }
  }
}

extension LineSearchFiles {
  /// What a walk takes in: every file that is neither ignored nor hidden, whatever an index makes of it.
  package var walkOptions: WalkOptions {
    var options = WalkOptions()
    options.maximumFileByteCount = .max
    options.includesHidden = includesHidden
    options.includesVendored = true
    options.includesGenerated = true
    options.includesSecrets = true
    options.obeysGitIgnore = obeysIgnoreFiles
    options.followsLinks = followsLinks
    return options
  }
}

extension [UInt8] {
  /// The order of names, component by component.
  package func precedesAsPath(_ other: [UInt8]) -> Bool {
    let shared = Swift.min(count, other.count)
    var i = 0
    while i < shared, self[i] == other[i] { i += 1 }
    if i == shared { return count < other.count }
    if self[i] == 0x2F { return true }
    return other[i] != 0x2F && self[i] < other[i]
  }
}

extension FilePath {
  fileprivate func joined(_ other: FilePath) -> FilePath {
    if other.isAbsolute { return other }
    var bytes = other.bytes
    while bytes.starts(with: [0x2E, 0x2F]) {
      bytes.removeFirst(2)
      while bytes.first == 0x2F { bytes.removeFirst() }
    }
    while bytes.last == 0x2F { bytes.removeLast() }
    return bytes.isEmpty || bytes == [0x2E] ? self : appending(FilePath(bytes: bytes))
  }
}

extension LineSearchFiles {
  /// The names of languages, and of the files that are of each.
  package static var languageNames: [(names: [String], files: [String])] { Language.descriptions }

  /// The directories and files that are named, absolute.
  package var directories: [FilePath] {
    paths.isEmpty ? [directory] : paths.map { directory.joined(FilePath(bytes: $0)) }
  }

  /// Whether a glob takes in hidden files, which else are not searched.
  package var takesInHidden: Bool { !includesHidden && globs.contains { PathGlobs.namesHidden($0.glob) } }

  /// Whether more than one file may be searched: the paths are several, or one is a directory.
  package var mayBeMany: Bool {
    if paths.count != 1 { return true }
    if paths[0] == [0x2D], standardInput != nil { return false }
    return (try? FileStatus(of: directory.joined(FilePath(bytes: paths[0]))).kind) == .directory
  }
}

extension FilePath {
  /// Whether it is below one of the directories in which the system shows itself.
  fileprivate var isOfSystem: Bool { ["/dev", "/proc", "/sys"].contains { relative(to: $0) != nil } }
}
