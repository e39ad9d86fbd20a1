import Catalog
import Chunking
import Corpus
import Disk
import IndexStorage
import Indexing
import Primitives
import QueryLanguage
import Retrieval
import Segments

// Silence is no answer: what is said beside one, so that nobody takes "not looked at" for "not there".

extension CairnError.Code {
  /// There is no answer, and this is why.
  public static let noAnswer = Self(rawValue: "no-answer")
}

extension Workspace {
  /// What to say of the answer to `request`: files that it names and that are left out or are not there, a directory of which nothing is
  /// indexed, and why nothing was found where nothing else says it. Takes out of `results` the problems that are said better here.
  ///
  /// Costs a few looks at the file system where a word looks like a file's name that no hit bears, and a walk where such a file is
  /// there.
  func notes(
    on request: SearchRequest, _ results: inout SearchResults, in snapshot: IndexSnapshot
  ) -> [CairnError] {
    let parsed = results.query
    let around = directoryNotes(&results)
    var notes = leftOutNotes(request, parsed, &results, in: snapshot, told: around.entry) + around.notes
    notes += lineNotes(request, parsed, results, in: snapshot)
    if results.results.isEmpty,
      let note = emptyNote(request, parsed, results, in: snapshot, isExplained: !notes.isEmpty)
    {
      notes.append(note)
    }
    if let note = unsearchedNote(results) { notes.append(note) }
    return notes
  }

  /// What to say where a text is nowhere in the index: how many files may hold it and were not looked at.
  private func unsearchedNote(_ results: SearchResults) -> CairnError? {
    guard results.isAbsent, results.absences.contains(where: { $0.kind != .file && !$0.isElsewhere }),
      let counts = try? place.site.open().catalog(.reading).leftOut()
    else { return nil }
    let reasons: [SkipReason] = [.secret, .generated, .minified, .tooLarge, .unreadable, .lfsPointer, .fileLimit]
    let parts = reasons.compactMap { reason in counts[reason.rawValue].map { "\(reason.rawValue) \($0)" } }
    if parts.isEmpty { return nil }
    let total = reasons.reduce(0) { $0 + (counts[$1.rawValue] ?? 0) }
    return CairnError(
      .leftOut,
      "\(total == 1 ? "1 file that is left out was" : "\(total) files that are left out were") not looked at "
        + "(\(parts.joined(separator: ", "))); `cairn status --skipped` names them")
  }

  // MARK: Files that are named

  /// What to say where a query names files that are left out and none that is indexed, or a file that is nowhere: a line for each of
  /// the first. Of `told` it was said already.
  private func leftOutNotes(
    _ request: SearchRequest, _ parsed: ParsedQuery, _ results: inout SearchResults, in snapshot: IndexSnapshot,
    told: FilePath?
  ) -> [CairnError] {
    // A filter that some hit passed names indexed files. A name that a hit bears was found.
    let paths = results.results.map(\.path)
    let unmatched = Set(
      results.filterProblems.compactMap { if case .unmatchedPath(let pattern, _) = $0 { pattern } else { nil } })
    let globs = (parsed.filters.paths + parsed.filters.extensions).filter {
      paths.isEmpty || unmatched.contains($0.pattern)
    }
    var named: [FilePath] = []
    if parsed.shape == .path, !parsed.hasPlaceBeside, let fragment = parsed.pathFragments.first {
      let readings = Self.readings(of: Self.typed(fragment, in: parsed))
      if !paths.contains(where: { path in readings.contains { Self.isNamed(path, $0) } }) { named = readings }
    }
    let files = parsed.isPasted ? [] : fileNames(parsed, hits: paths)
    var present = namedInTree(files, request, parsed, in: snapshot)
    let own = present.filter(Self.isNeverIndexed)
    present.removeAll { path in own.contains(path) || Self.isIndexed(path, in: snapshot) }
    var notes = own.prefix(Self.shownLeftOutCount).map { path in
      CairnError(.leftOut, "this is git's or Cairn's own, which is never indexed", path: Path(path))
    }
    let absent = absentNames(parsed, results)
    // A name that is looked for nowhere else: in directories of which nothing is indexed.
    let isAbsent = results.absences.contains { $0.kind == .name } && parsed.terms.count <= Self.typedTermCount
    let names = named + (isAbsent ? files : [])
    if globs.isEmpty, names.isEmpty, present.isEmpty, absent.isEmpty { return notes }
    var found: [LeftOutEntry] = []
    var directories: [LeftOutEntry] = []
    var count = 0
    var said: Set<String> = []
    _ = try? leftOut { entry in
      let path = entry.path.filePath
      if entry.isDirectory, !names.isEmpty, directories.count < Self.enteredDirectoryCount { directories.append(entry) }
      let meant = globs.filter { $0.matches(path) || entry.isDirectory && Self.leads(path, to: $0.pattern) }
      let isMeant =
        !meant.isEmpty
        || names.contains {
          Self.isNamed(path, $0) || entry.isDirectory && Self.leads(path, to: $0.description, inAnyCase: true)
        }
        || present.contains { $0 == path || entry.isDirectory && $0.relative(to: path) != nil }
        || !absent.isEmpty && Self.bears(path, absent)
      guard isMeant else { return }
      said.formUnion(meant.map(\.pattern))
      if path == told { return }
      count += 1
      if found.count < Self.shownLeftOutCount { found.append(entry) }
    }
    results.filterProblems.removeAll {
      if case .unmatchedPath(let pattern, _) = $0 { said.contains(pattern) || told != nil } else { false }
    }
    notes += found.map(leftOutNote)
    if count > found.count {
      notes.append(
        CairnError(
          .leftOut, "\(count - found.count) more that the query names are not; `cairn status --skipped` lists all"))
    }
    if count == 0, told == nil, present.isEmpty, own.isEmpty, !names.isEmpty,
      results.absences.contains(where: { $0.kind == .file || $0.kind == .name })
    {
      notes += notesInside(directories, names)
    }
    let isTold = told != nil || results.absences.contains { $0.kind == .file }
    if count == 0, !isTold, let name = named.first, named.allSatisfy(isNameOfFile), present.isEmpty, own.isEmpty,
      !Self.holdsFile(in: snapshot, where: { path in named.contains { Self.isNamed(path, $0) } })
    {
      notes.append(CairnError(.notFound, "no indexed file is called so", path: Path(name)))
    }
    return notes
  }

  /// What to say of files called like one of `names` that lie in directories which are left out whole. Looks into the first of them,
  /// follows no link.
  private func notesInside(_ leftOut: [LeftOutEntry], _ names: [FilePath]) -> [CairnError] {
    var notes: [CairnError] = []
    var enteredCount = 0
    // What lies least deep comes first, of all of them.
    var level = leftOut.map { (entry: $0, path: $0.path.filePath) }
    while !level.isEmpty {
      var next: [(entry: LeftOutEntry, path: FilePath)] = []
      for (entry, directory) in level {
        if enteredCount == Self.enteredDirectoryCount { return notes }
        enteredCount += 1
        let inside = (try? listDirectory(root.filePath.appending(directory))) ?? []
        for item in inside.sorted(by: { $0.name < $1.name }) {
          let path = directory.appending(item.name)
          if item.kind == .directory {
            if !Self.isNeverIndexed(path) { next.append((entry, path)) }
          } else if names.contains(where: { Self.isNamed(path, $0) }) {
            let remedy = entry.remedy.map { ": \($0)" } ?? ""
            notes.append(
              CairnError(
                .leftOut, "this file is not indexed, since \(entry.path)/ is left out (\(entry.reason))\(remedy)",
                path: Path(path)))
            if notes.count == Self.shownLeftOutCount { return notes }
          }
        }
      }
      level = next
    }
    return notes
  }

  /// Names in a short question that no indexed file holds, in small letters: each may be that of a file which is left out.
  private func absentNames(_ parsed: ParsedQuery, _ results: SearchResults) -> Set<[UInt8]> {
    guard parsed.terms.count <= Self.typedTermCount else { return [] }
    // Of `prod.env` both parts may be nowhere, and neither is meant.
    let tokens = Set(
      parsed.written.split(whereSeparator: \.isWhitespace).map { token in
        token.utf8.map(Self.lowercased).drop { ",;:!?\"'`([{<".utf8.contains($0) }.reversed()
          .drop { ",;:!?\"'`)]}>.".utf8.contains($0) }.reversed()
      })
    let names = results.absences.filter { absence in
      (absence.kind == .name || results.isAbsent && (absence.kind == .word || absence.kind == .text))
        && tokens.contains(absence.text.utf8.map(Self.lowercased))
    }
    return Set(names.prefix(Self.namedWordCount).map { $0.text.utf8.map(Self.lowercased) })
  }

  /// Whether the file, with or without its extension, or a directory on the way to it is called like one of `names`.
  private static func bears(_ path: FilePath, _ names: Set<[UInt8]>) -> Bool {
    path.bytes.split(separator: UInt8(ascii: "/")).contains { component in
      let name = component.map(lowercased)
      let plain = Array(name.drop { $0 == UInt8(ascii: ".") })
      return [name, plain, Array(plain.prefix { $0 != UInt8(ascii: ".") })].contains { names.contains($0) }
    }
  }

  /// `fragment` of a question as it was typed, with `/` between its components; itself where it stands there in
  /// another way.
  private static func typed(_ fragment: String, in parsed: ParsedQuery) -> String {
    if fragment.utf8.count > longestTypedPath { return fragment }
    let text = String(parsed.text.map { $0 == "\\" ? "/" : $0 })
    return text.split(whereSeparator: \.isWhitespace).lazy.compactMap { token -> String? in
      var rest = token
      while !rest.isEmpty {
        let beginning = rest.prefix(fragment.count)
        if beginning.lowercased() == fragment { return String(beginning) }
        rest = rest.dropFirst()
      }
      return nil
    }.first ?? fragment
  }

  /// What a path may mean as it is written in a question: itself; without `..`, `//` and a drive in it; and without a
  /// name or a number behind a colon, as in `a.py:parse`.
  private static func readings(of written: String) -> [FilePath] {
    var readings = [FilePath(written)]
    var text = Substring(written)
    let bytes = Array(written.utf8.prefix(3))
    if bytes.count == 3, (bytes[0] | 0x20) &- UInt8(ascii: "a") < 26, bytes[1...].elementsEqual(":/".utf8) {
      text = text.dropFirst(2)
    }
    func add(_ text: Substring) {
      var components: [Substring] = []
      for component in text.split(separator: "/") where component != "." {
        if component != ".." { components.append(component) } else if !components.isEmpty { components.removeLast() }
      }
      if components.isEmpty { return }
      let path = FilePath((text.first == "/" ? "/" : "") + components.joined(separator: "/"))
      if !readings.contains(path) { readings.append(path) }
    }
    add(text)
    if let colon = text.firstIndex(of: ":"), !text[colon...].contains("/") { add(text[..<colon]) }
    return readings
  }

  // MARK: Lines that are named

  /// What to say where the one file that a question names has no such line.
  private func lineNotes(
    _ request: SearchRequest, _ parsed: ParsedQuery, _ results: SearchResults, in snapshot: IndexSnapshot
  ) -> [CairnError] {
    if parsed.isPasted { return [] }
    if parsed.places.isEmpty {
      for written in PlaceReference.pathsOfLineZero(in: request.text).prefix(Self.namedWordCount) {
        let name = FilePath(written)
        guard let path = results.results.first(where: { Self.isNamed($0.path, name) })?.path else { continue }
        return [CairnError(.notFound, "there is no line 0: lines begin at 1", path: Path(path))]
      }
      return []
    }
    guard parsed.places.count == 1, let place = parsed.places.first else { return [] }
    let name = FilePath(place.path)
    let paths = results.results.map(\.path).filter { Self.isNamed($0, name) }
    guard let path = paths.first, !paths.contains(where: { Self.reaches(place.line, path: $0, in: snapshot) }) else {
      return []
    }
    // What is blank at the end is in no chunk.
    let tree = SourceTree(
      root: root.filePath, byteCountLimit: configuration.maximumFileByteCount, followsLinks: configuration.followsLinks)
    var reader = SourceReader(tree)
    guard let count = reader.text(of: path)?.lineCount, count < place.line else { return [] }
    return [CairnError(.notFound, PlaceReference.beyondEnd(place.line, lineCount: count), path: Path(path))]
  }

  /// Whether the last chunk of the file at `path` ends at `line` or behind it.
  private static func reaches(_ line: Int, path: FilePath, in snapshot: IndexSnapshot) -> Bool {
    snapshot.segments.contains { live in
      guard let number = live.segment.fileNumber(at: path) else { return false }
      let chunks = live.segment.chunks(ofFile: number)
      guard let first = chunks.first, let last = chunks.last, live.live?.contains(first) ?? true else { return false }
      return live.segment.chunk(last).chunk.lines.upperBound >= line
    }
  }

  /// Whether it can be nothing but the name of a file in the tree: neither a directory, nor a route of a server.
  private func isNameOfFile(_ name: FilePath) -> Bool {
    name.bytes.first != UInt8(ascii: "/") && !name.bytes.contains(UInt8(ascii: "*"))
      && name.lastComponent.bytes.dropFirst().contains(UInt8(ascii: "."))
  }

  func leftOutNote(_ entry: LeftOutEntry) -> CairnError {
    let what = entry.isDirectory ? "this directory is not indexed" : "this file is not indexed"
    var more = entry.remedy.map { ": \($0)" } ?? ""
    if entry.reason == SkipReason.symbolicLink.rawValue,
      let target = try? resolvedPath(root.filePath.appending(entry.path.filePath))
    {
      // Of what lies outside, the name alone says too much.
      more = target.relative(to: root.filePath).map { ": it leads to \($0)" } ?? ": it leads out of the tree"
    }
    return CairnError(.leftOut, "\(what) (\(entry.reason))\(more)", path: entry.path)
  }

  private static let shownLeftOutCount = 3
  /// As long as systems let a path be; a longer one is no file's.
  private static let longestTypedPath = 4096
  /// Of directories that are left out no more are looked into for a file that is named.
  private static let enteredDirectoryCount = 256
  /// More words of a question are not held against the tree.
  private static let namedWordCount = 4
  /// A question of more terms is looked for at the root and where one stands alone.
  private static let typedTermCount = 8
  /// In more directories nobody looks for a name; the shortest paths come first.
  private static let probedDirectoryCount = 2048

  /// The names of files in a typed question that no hit bears.
  private func fileNames(_ parsed: ParsedQuery, hits: [FilePath]) -> [FilePath] {
    let names = parsed.written.split(whereSeparator: \.isWhitespace).lazy.compactMap(Self.fileName)
      .filter { name in !hits.contains { Self.isNamed($0, name) } }
    return Array(names.prefix(Self.namedWordCount))
  }

  /// What `names` are in the tree as it is: looked for at the root, where one stands, and,
  /// of a name alone, in directories of which something is indexed. Follows no link.
  private func namedInTree(
    _ names: [FilePath], _ request: SearchRequest, _ parsed: ParsedQuery, in snapshot: IndexSnapshot
  ) -> [FilePath] {
    let slash = UInt8(ascii: "/")
    var directories: [FilePath]?
    var found: [FilePath] = []
    for name in names {
      if let path = firstPresent(name, from: request.directory?.filePath) {
        found.append(path)
      } else if parsed.terms.count <= Self.typedTermCount, !name.bytes.contains(slash) {
        let all = directories ?? Self.directories(in: snapshot)
        directories = all
        if let directory = all.first(where: { fileExists(root.filePath.appending($0).appending(name)) }) {
          found.append(directory.appending(name))
        }
      }
    }
    return found
  }

  /// `name` below the root or below `directory`, up to the first link on the way; nothing where it is in neither.
  private func firstPresent(_ name: FilePath, from directory: FilePath?) -> FilePath? {
    var starts: [FilePath] = [""]
    if let directory, let inside = insidePath(ofDirectory: directory), !inside.isEmpty {
      starts.insert(inside, at: 0)
    }
    for start in starts {
      var path = start
      var isPresent = true
      for component in name.bytes.split(separator: UInt8(ascii: "/")) where !component.elementsEqual(".".utf8) {
        path = path.isEmpty ? FilePath(bytes: Array(component)) : path.appending(FilePath(bytes: Array(component)))
        guard let status = try? FileStatus(of: root.filePath.appending(path), followsLinks: false) else {
          isPresent = false
          break
        }
        if status.kind == .symbolicLink { break }
      }
      if isPresent, path != start { return path }
    }
    return nil
  }

  /// The path in `word` of a question, where it looks like one: with a dot or a slash, without what stands around it or behind it.
  private static func fileName(in word: Substring) -> FilePath? {
    if word.utf8.count > 1024 || word.contains("://") { return nil }
    var word = word
    while let first = word.first, ",;:!?\"'`([{<".contains(first) { word = word.dropFirst() }
    while let last = word.last, ",;:!?\"'`)]}>.".contains(last) { word = word.dropLast() }
    // The line in `a.c:12:3`.
    while let colon = word.lastIndex(of: ":"), word[colon...].dropFirst().allSatisfy(\.isNumber) {
      word = word[..<colon]
    }
    while word.last == "/" { word = word.dropLast() }
    guard word.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }), word.first != "/",
      word.contains(where: { $0.isLetter || $0.isNumber }), !word.utf8.contains(0),
      !word.split(separator: "/").contains("..")
    else { return nil }
    return FilePath(String(word))
  }

  /// The directories in which a file is indexed, the shortest paths first.
  private static func directories(in snapshot: IndexSnapshot) -> [FilePath] {
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
    return Array(seen.sorted { ($0.bytes.count, $0) < ($1.bytes.count, $1) }.prefix(probedDirectoryCount))
  }

  /// Whether the index has the file at `path`, or one below it.
  static func isIndexed(_ path: FilePath, in snapshot: IndexSnapshot) -> Bool {
    holdsFile(in: snapshot) { $0 == path || $0.relative(to: path) != nil }
  }

  static func holdsFile(in snapshot: IndexSnapshot, where isMeant: (FilePath) -> Bool) -> Bool {
    snapshot.holdsPath { path in isMeant(FilePath(bytes: path.indices.map { path[$0] })) }
  }

  /// Whether `path` lies in a directory that no walk enters and no rule brings in.
  static func isNeverIndexed(_ path: FilePath) -> Bool {
    path.bytes.split(separator: UInt8(ascii: "/")).contains {
      $0.elementsEqual(".git".utf8) || $0.elementsEqual(IndexPlace.defaultName.bytes)
    }
  }

  /// Whether a path as it is written in a query begins with the directory at `path`, or with its name.
  private static func leads(_ path: FilePath, to written: String, inAnyCase: Bool = false) -> Bool {
    let text = written.utf8.drop { $0 == UInt8(ascii: "/") }.map { inAnyCase ? lowercased($0) : $0 }
    return [path.bytes, path.lastComponent.bytes].contains { name in
      text.starts(with: name.map { inAnyCase ? lowercased($0) : $0 } + [UInt8(ascii: "/")])
    }
  }

  /// Whether `path` ends with the components of `name`, in whatever case.
  private static func isNamed(_ path: FilePath, _ name: FilePath) -> Bool {
    let wanted = name.bytes.drop {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") && name.bytes.starts(with: "./".utf8)
    }
    // A query is text, in which a name that is none was repaired.
    let bytes = name.description.contains("\u{FFFD}") ? Array(path.description.utf8) : path.bytes
    guard !wanted.isEmpty else { return false }
    if wanted.contains(where: { $0 >= 0x80 }) {
      // Letters beyond ASCII have other lengths in small, and several spellings.
      let (path, name) = (small(bytes[...]), small(wanted))
      return path == name || path.hasSuffix("/" + name)
    }
    guard bytes.count >= wanted.count else { return false }
    let end = bytes.suffix(wanted.count)
    return zip(end, wanted).allSatisfy { lowercased($0) == lowercased($1) }
      && (end.startIndex == 0 || bytes[end.startIndex - 1] == UInt8(ascii: "/"))
  }

  private static func small(_ path: ArraySlice<UInt8>) -> String { String(decoding: path, as: UTF8.self).lowercased() }
  private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  // MARK: Where one stands

  /// Why nothing below the directory that is asked from is indexed, where a rule or its name says it, and what is left out around it.
  private func directoryNotes(_ results: inout SearchResults) -> (notes: [CairnError], entry: FilePath?) {
    var notes: [CairnError] = []
    var around: FilePath?
    results.filterProblems.removeAll { problem in
      guard case .nothingBelow(let directory) = problem else { return false }
      var reason: String?
      if Self.isNeverIndexed(directory) { reason = "it is git's or Cairn's own" }
      _ = try? leftOut(in: Path(directory)) { entry in
        let path = entry.path.filePath
        guard reason == nil, path == directory || directory.relative(to: path) != nil else { return }
        around = path
        reason = "\(entry.path)/ is left out (\(entry.reason))" + (entry.remedy.map { ", and \($0)" } ?? "")
      }
      guard let reason else { return false }
      notes.append(
        CairnError(
          .filter, "no file below \(directory) is indexed: \(reason); with --root it has an index of its own"))
      return true
    }
    return (notes, around)
  }

  // MARK: Nothing at all

  /// Why there is no answer; nothing where it was said already, or where files could not be read or lost what was found.
  private func emptyNote(
    _ request: SearchRequest, _ parsed: ParsedQuery, _ results: SearchResults, in snapshot: IndexSnapshot,
    isExplained: Bool
  ) -> CairnError? {
    if !snapshot.segments.contains(where: { $0.liveChunkCount > 0 }) { return nothingIndexedNote() }
    if isExplained || !results.absences.isEmpty || !results.filterProblems.isEmpty { return nil }
    if results.vanishedCount + results.unreadableCount > 0 || !results.unreadable.isEmpty { return nil }
    if parsed.terms.isEmpty, parsed.places.isEmpty, !request.text.allSatisfy(\.isWhitespace) {
      return CairnError(
        .noAnswer,
        parsed.phrases.isEmpty
          ? "the question has no word to look for; ask for a word, a name or a path"
          : "signs alone are not in the index, and the files that were looked through for them do not hold them; add a word that stands beside them"
      )
    }
    var count = 0
    snapshot.forEachPath { _ in count += 1 }
    return CairnError(.noAnswer, "nothing in the \(count == 1 ? "1 file" : "\(count) files") of the index is like this")
  }

  private func nothingIndexedNote() -> CairnError {
    let counts = (try? place.site.open().catalog(.reading).leftOut()) ?? [:]
    let count = counts.values.reduce(0, +)
    if count == 0 { return CairnError(.noAnswer, "there is no file here to search", path: root) }
    let reasons = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
    return CairnError(
      .noAnswer,
      "no file here is indexed: \(count) \(count == 1 ? "is" : "are") left out (\(reasons.joined(separator: ", "))); "
        + "`cairn status --skipped` lists them", path: root)
  }
}
