import Corpus
import Disk
import Inspection
import Primitives
import QueryLanguage
import Retrieval
import Segments

// Files that a query names, and that are left out or are not there.

extension SearchNotes {
  private static let shownLeftOutCount = 3
  /// Of directories that are left out no more are looked into for a file that is named.
  private static let enteredDirectoryCount = 256
  /// More words of a query are not looked up in the tree.
  static let namedWordCount = 4
  /// A query of more terms is searched for at the root and in the current directory alone.
  private static let typedTermCount = 8
  /// In more directories nobody looks for a name; the shortest paths come first.
  private static let probedDirectoryCount = 2048

  /// What to say where a query names files that are left out and none that is indexed, or a file that is nowhere: a
  /// line for each of the first. Of `told` it was said already.
  func leftOutNotes(
    _ parsed: ParsedQuery, _ results: inout SearchResults,
    told: FilePath?
  ) -> [Failure] {
    // A filter that some hit passed names indexed files. A name that a hit bears was found.
    let paths = results.results.map(\.path)
    let unmatched = Set(
      results.filterProblems.compactMap { if case .unmatchedPath(let pattern, _) = $0 { pattern } else { nil } })
    let globs = (parsed.filters.paths + parsed.filters.extensions).filter {
      paths.isEmpty || unmatched.contains($0.pattern)
    }
    var named: [FilePath] = []
    if parsed.shape == .path, !parsed.hasPlaceBeside, let fragment = parsed.pathFragments.first {
      let readings = NamedPath.readings(of: NamedPath.typed(fragment, in: parsed))
      if !paths.contains(where: { path in readings.contains { NamedPath.isNamed(path, $0) } }) { named = readings }
    }
    let files = parsed.isPasted ? [] : fileNames(parsed, hits: paths)
    var present = namedInTree(files, parsed)
    let own = present.filter(\.isNeverIndexed)
    present.removeAll { path in own.contains(path) || isIndexed(path) }
    var notes = own.prefix(Self.shownLeftOutCount).map { path in
      Failure(.leftOut, "this is git's or Cairn's own, which is never indexed", path: path)
    }
    // What an index that is not complete does not have need not be left out.
    let absent = snapshot.isComplete ? absentNames(parsed, results) : []
    // A name that is searched for nowhere else: in directories of which nothing is indexed.
    let isAbsent = results.absences.contains { $0.kind == .name } && parsed.terms.count <= Self.typedTermCount
    let names = named + (isAbsent ? files : [])
    if globs.isEmpty, names.isEmpty, present.isEmpty, absent.isEmpty { return notes }
    var found: [SkippedEntry] = []
    var directories: [SkippedEntry] = []
    var count = 0
    var said: Set<String> = []
    try? source.forEach(in: nil) { entry in
      let path = entry.path
      if entry.isDirectory, !names.isEmpty, directories.count < Self.enteredDirectoryCount { directories.append(entry) }
      let meant = globs.filter { $0.matches(path) || entry.isDirectory && NamedPath.leads(path, to: $0.pattern) }
      let isMeant =
        !meant.isEmpty
        || names.contains {
          NamedPath.isNamed(path, $0) || entry.isDirectory && NamedPath.leads(path, to: $0.description, inAnyCase: true)
        }
        || present.contains { $0 == path || entry.isDirectory && $0.relative(to: path) != nil }
        || !absent.isEmpty && NamedPath.bears(path, absent)
      guard isMeant else { return }
      said.formUnion(meant.map(\.pattern))
      if path == told { return }
      count += 1
      if found.count < Self.shownLeftOutCount { found.append(entry) }
    }
    results.filterProblems.removeAll {
      if case .unmatchedPath(let pattern, _) = $0 { said.contains(pattern) || told != nil } else { false }
    }
    notes += found.map { $0.note(root: root) }
    if count > found.count {
      notes.append(
        Failure(
          .leftOut, "\(count - found.count) more that the query names are not", remedy: .listLeftOut))
    }
    if count == 0, told == nil, present.isEmpty, own.isEmpty, !names.isEmpty,
      results.absences.contains(where: { $0.kind == .file || $0.kind == .name })
    {
      notes += notesInside(directories, names)
    }
    let isTold = told != nil || results.absences.contains { $0.kind == .file }
    if count == 0, !isTold, let name = named.first, named.allSatisfy(NamedPath.isNameOfFile), present.isEmpty,
      own.isEmpty,
      !holdsFile(where: { path in named.contains { NamedPath.isNamed(path, $0) } })
    {
      notes.append(Failure(.notFound, "no indexed file is called so", path: name))
    }
    return notes
  }

  /// What to say of files called like one of `names` that lie in directories which are left out whole. Looks into the
  /// first of them, follows no link.
  private func notesInside(_ leftOut: [SkippedEntry], _ names: [FilePath]) -> [Failure] {
    if !isOnDisk { return [] }
    var notes: [Failure] = []
    var enteredCount = 0
    // What lies least deep comes first, of all of them.
    var level = leftOut.map { (entry: $0, path: $0.path) }
    while !level.isEmpty {
      var next: [(entry: SkippedEntry, path: FilePath)] = []
      for (entry, directory) in level {
        if enteredCount == Self.enteredDirectoryCount { return notes }
        enteredCount += 1
        let inside = (try? listDirectory(root.appending(directory))) ?? []
        for item in inside.sorted(by: { $0.name < $1.name }) {
          let path = directory.appending(item.name)
          if item.kind == .directory {
            if !path.isNeverIndexed { next.append((entry, path)) }
          } else if names.contains(where: { NamedPath.isNamed(path, $0) }) {
            let remedy = entry.remedy.map { ": \($0)" } ?? ""
            notes.append(
              Failure(
                .leftOut,
                "this file is not indexed, since \(entry.path)/ is left out (\(entry.reason.rawValue))\(remedy)",
                path: path))
            if notes.count == Self.shownLeftOutCount { return notes }
          }
        }
      }
      level = next
    }
    return notes
  }

  /// Names in a short query that no indexed file holds, in small letters: each may be that of a file which is left out.
  private func absentNames(_ parsed: ParsedQuery, _ results: SearchResults) -> Set<[UInt8]> {
    guard parsed.terms.count <= Self.typedTermCount else { return [] }
    // Of `prod.env` both parts may be nowhere, and neither is meant.
    let tokens = Set(
      parsed.written.split(whereSeparator: \.isWhitespace).map { token in
        token.utf8.asciiLowercased.drop { ",;:!?\"'`([{<".utf8.contains($0) }.reversed()
          .drop { ",;:!?\"'`)]}>.".utf8.contains($0) }.reversed()
      })
    let names = results.absences.filter { absence in
      (absence.kind == .name || results.isAbsent && (absence.kind == .word || absence.kind == .text))
        && tokens.contains(absence.text.utf8.asciiLowercased)
    }
    return Set(names.prefix(Self.namedWordCount).map { $0.text.utf8.asciiLowercased })
  }

  /// The names of files in a typed query that no hit bears.
  private func fileNames(_ parsed: ParsedQuery, hits: [FilePath]) -> [FilePath] {
    let names = parsed.written.split(whereSeparator: \.isWhitespace).lazy.compactMap(NamedPath.fileName)
      .filter { name in !hits.contains { NamedPath.isNamed($0, name) } }
    return Array(names.prefix(Self.namedWordCount))
  }

  /// What `names` are in the tree as it is: searched for at the root, in the current directory, and,
  /// of a name alone, in directories of which something is indexed. Follows no link.
  private func namedInTree(
    _ names: [FilePath], _ parsed: ParsedQuery
  ) -> [FilePath] {
    if !isOnDisk { return [] }
    let slash = UInt8(ascii: "/")
    var directories: [FilePath]?
    var found: [FilePath] = []
    for name in names {
      if let path = firstPresent(name) {
        found.append(path)
      } else if parsed.terms.count <= Self.typedTermCount, !name.bytes.contains(slash) {
        let all = directories ?? indexedDirectories()
        directories = all
        if let directory = all.first(where: { fileExists(root.appending($0).appending(name)) }) {
          found.append(directory.appending(name))
        }
      }
    }
    return found
  }

  /// `name` below the root or below where one stands, up to the first link on the way; nil if it is in neither.
  private func firstPresent(_ name: FilePath) -> FilePath? {
    var starts: [FilePath] = [""]
    if let directory, !directory.isEmpty { starts.insert(directory, at: 0) }
    for start in starts {
      var path = start
      var isPresent = true
      for component in name.bytes.split(separator: UInt8(ascii: "/")) where !component.elementsEqual(".".utf8) {
        path = path.isEmpty ? FilePath(bytes: Array(component)) : path.appending(FilePath(bytes: Array(component)))
        guard let status = try? FileStatus(of: root.appending(path), followsLinks: false) else {
          isPresent = false
          break
        }
        if status.kind == .symbolicLink { break }
      }
      if isPresent, path != start { return path }
    }
    return nil
  }

  /// The directories in which a file is indexed, the shortest paths first.
  private func indexedDirectories() -> [FilePath] {
    var seen: Set<FilePath> = []
    var last: [UInt8] = []
    var isFirst = true
    snapshot.forEachPath { path in
      var end = path.count
      while end > 0, path[end - 1] != UInt8(ascii: "/") { end -= 1 }
      let count = max(0, end - 1)
      // Most files lie where the one before does.
      if !isFirst, count == last.count, (0..<count).allSatisfy({ path[$0] == last[$0] }) { return }
      isFirst = false
      last = (0..<count).map { path[$0] }
      seen.insert(FilePath(bytes: last))
    }
    return Array(seen.sorted { ($0.bytes.count, $0) < ($1.bytes.count, $1) }.prefix(Self.probedDirectoryCount))
  }

  /// Whether the index has the file at `path`, or one below it.
  private func isIndexed(_ path: FilePath) -> Bool {
    holdsFile { $0 == path || $0.relative(to: path) != nil }
  }

  private func holdsFile(where isMeant: (FilePath) -> Bool) -> Bool {
    snapshot.holdsPath { path in isMeant(FilePath(bytes: path.indices.map { path[$0] })) }
  }
}
