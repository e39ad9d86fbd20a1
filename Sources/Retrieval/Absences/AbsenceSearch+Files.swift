import Primitives
import QueryLanguage
import Segments

extension AbsenceSearch {
  /// The file or the directory that is all of `query`, where no indexed file is called so or lies in it, and none holds
  /// the name as it is written; with the files that are called nearly so. Nil if it is no such query.
  ///
  /// Costs a pass over all paths, some nanoseconds each; where none is meant, a look at the name of each, and at the
  /// chunks that hold all words of the name.
  func file(of query: ParsedQuery) -> Absence? {
    guard !query.isPasted, query.filters.unknownKinds.isEmpty, let name = Self.name(in: query) else { return nil }
    var wanted = Substring(name.lowercased().map { $0 == "\\" ? "/" : $0 }.map(String.init).joined())
    let isDirectory = wanted.hasSuffix("/")
    // `C:\src\a.py`
    if wanted.dropFirst().hasPrefix(":/") { wanted = wanted.dropFirst(2) }
    while wanted.hasSuffix("/") { wanted.removeLast() }
    let written = wanted
    while wanted.hasPrefix("./") || wanted.hasPrefix("../") { wanted = wanted.drop { $0 == "." }.dropFirst() }
    while wanted.hasPrefix("/") { wanted.removeFirst() }
    guard !wanted.isEmpty, query.isOnlyPlace || isPath(wanted, written: written, isDirectory: isDirectory) else {
      return nil
    }
    if isThere(String(wanted), written: String(written), from: query.directory) { return nil }
    if !query.isOnlyPlace, isHeld(String(wanted), by: query) { return nil }
    return Absence(kind: .file, text: name, nearNames: nearPaths(of: String(wanted), isDirectory: isDirectory))
  }

  /// What `query` is the name of, as it is written; nil if it is more, or less.
  private static func name(in query: ParsedQuery) -> String? {
    if query.isOnlyPlace {
      let tokens = query.text.split(separator: " ").map { QueryParser.trimmed(PlaceReference.withoutLines(String($0))) }
      return tokens.first { $0.lowercased().hasSuffix(query.places[0].path) }
        ?? query.places[0].written(in: Array(query.text.utf8))
    }
    var text = QueryParser.trimmed(PlaceReference.withoutLines(query.text))
    if let path = FileAddress.path(of: Array(text.utf8)[...]), path.first == UInt8(ascii: "/") {
      text = String(decoding: path, as: UTF8.self)
    }
    guard query.phrases.isEmpty, !text.utf8.contains(where: { " *?{}()".utf8.contains($0) }), !text.contains("://")
    else { return nil }
    return query.shape == .path || PathShape.isNameOfFile(text) ? text : nil
  }

  /// Whether `path` can be nothing but the path of a file or a directory: neither two words with a slash, nor a route
  /// of a server.
  private func isPath(_ path: Substring, written: Substring, isDirectory: Bool) -> Bool {
    if PathShape.isNameOfFile(String(path)) { return true }
    if written.hasPrefix("/") { return false }
    if isDirectory || written.hasPrefix("./") || written.hasPrefix("../") { return true }
    return holdsDirectory(path.prefix { $0 != "/" }) || PathShape.isCertain(String(path))
  }

  private func holdsDirectory(_ name: Substring) -> Bool {
    let bytes = Array(name.utf8) + [UInt8(ascii: "/")]
    return !name.isEmpty
      && snapshot.holdsPath(context: context) { path in
        path.count > bytes.count && path.hasIgnoringCase(bytes.span, at: 0)
      }
  }

  /// Whether a live file is called `path`, or lies in a directory that is. A file that lies elsewhere under the same
  /// last names is meant too, unless `path` begins in a directory of this tree; of a path that begins at the root of a
  /// machine, which may be another, the last name alone tells.
  /// - Parameter path: lower-cased, without the dots and slashes before it, which `written` has.
  private func isThere(_ path: String, written: String, from directory: String) -> Bool {
    var readings = [(path, written)]
    // `a.py:parse`
    if let colon = path.firstIndex(of: ":"), !path[colon...].contains("/"), let end = written.lastIndex(of: ":") {
      readings.append((String(path[..<colon]), String(written[..<end])))
    }
    for (path, written) in readings {
      let first = path.prefix { $0 != "/" }
      let isOfTree = path.contains("/") && !written.hasPrefix("/") && holdsDirectory(first)
      let fragment = PathFragment(path)
      let isFound = snapshot.holdsPath(context: context) { candidate in
        guard fragment.mayMatch(candidate) else { return false }
        let text = String(decoding: candidate.indices.map { candidate[$0] }, as: UTF8.self).lowercased()
        let grade = PathMatch.grade(of: text, for: written, from: directory)
        return grade >= (written.hasPrefix("/") ? Self.leastGradeOfName : Self.leastGrade)
          && (!isOfTree || grade > 1 || text.contains(path))
      }
      if isFound { return true }
    }
    return false
  }

  /// Of `PathMatch`: a directory on the way, or better.
  private static let leastGrade: Float = 0.5
  /// The same last name in another directory.
  private static let leastGradeOfName: Float = 0.3

  /// Whether a chunk holds `name` as it is written: what imports, includes or lists a file that is not there.
  private func isHeld(_ name: String, by query: ParsedQuery) -> Bool {
    var quoted = query
    quoted.phrases = [FoldedText.folded(name)]
    let written = WrittenQuery(quoted, frequencies: [:], chunkCount: 1)
    return !holders(of: 0, in: written, text: name, limit: 1).places.isEmpty
  }

  /// The paths of files whose last name is that of `path`, is like it but for a few letters, or for the extension: the
  /// nearest first.
  private func nearPaths(of path: String, isDirectory: Bool) -> [String] {
    let slash = UInt8(ascii: "/")
    let dot = UInt8(ascii: ".")
    // As the index compares words, whatever case and marks.
    func folded(_ name: ArraySlice<UInt8>) -> [UInt8] {
      name.allSatisfy { $0 < 0x80 } ? name.map(\.asciiLowercased) : FoldedText.plain(Array(name).span)
    }
    let name = folded(Array(path.utf8)[...].split(separator: slash).last ?? [])
    let stem = Array(name.prefix { $0 != dot })
    let most = max(1, min(3, name.count / 4))
    var best: [(distance: Int, path: [UInt8])] = []
    var seen: Set<ArraySlice<UInt8>> = []
    func consider(_ component: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) {
      let own = folded(component)
      let ownStem = own.prefix { $0 != dot }
      let isSameStem =
        !stem.isEmpty && ownStem.count == stem.count && ownStem.elementsEqual(stem)
      guard isSameStem || abs(own.count - name.count) <= most else { return }
      let distance = min(editDistance(name, own), isSameStem ? 1 : .max)
      guard distance <= most else { return }
      let index =
        best.firstIndex {
          distance != $0.distance ? distance < $0.distance : path.lexicographicallyPrecedes($0.path)
        } ?? best.count
      if index == Self.nearPathCount { return }
      best.insert((distance, Array(path)), at: index)
      if best.count > Self.nearPathCount { best.removeLast() }
    }
    snapshot.forEachPath(context: context) { path in
      let bytes = path.indices.map { path[$0] }
      var start = 0
      for i in bytes.indices where bytes[i] == slash {
        if isDirectory, seen.insert(bytes[..<i]).inserted { consider(bytes[start..<i], bytes[...i]) }
        start = i + 1
      }
      if !isDirectory { consider(bytes[start...], bytes[...]) }
    }
    return best.map { String(decoding: $0.path, as: UTF8.self) }
  }
  private static let nearPathCount = 3
}
