import Catalog
import Corpus
import Indexing
import Primitives
import Retrieval

extension Workspace {
  /// Calls `body` with each file and each directory that is left out, in the order of their paths' bytes; with `path`
  /// (relative to the root) only with what lies there, is it, or is a directory left out whole around it. Gives how many there
  /// were by reason: over the whole root the counts of an `IndexReport`.
  ///
  /// Walks the tree as it is now. What is left out for its content is known of an index only. Blocks; takes the time and the
  /// memory of a walk, and memory for no more than that however many entries there are.
  @discardableResult
  public func leftOut(
    in path: Path? = nil, _ body: (LeftOutEntry) -> Void
  ) throws(CairnError) -> [String: Int] {
    do throws(Failure) {
      let options = indexingOptions(rebuild: false, for: try chosenModel() ?? .builtIn)
      let leftOut = try LeftOut(root: root.filePath, indexDirectory: place.directory, options: options)
      var counts: [String: Int] = [:]
      let wanted = path?.filePath
      try leftOut.forEach(try leftOutCatalog()) { (entry) throws(Failure) in
        if let wanted, !wanted.bytes.isEmpty, entry.path != wanted, entry.path.relative(to: wanted) == nil,
          !(entry.isDirectory && wanted.relative(to: entry.path) != nil)
        {
          return
        }
        counts[entry.reason.rawValue, default: 0] += 1
        body(LeftOutEntry(entry))
      }
      return counts
    } catch { throw CairnError(error) }
  }

  private func leftOutCatalog() throws(Failure) -> IndexCatalog? {
    do throws(Failure) { return try place.site.open().catalog(.reading) } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  /// Which files the filters of a query name, each by itself and without a wildcard: what somebody asks for so is answered from, whether or
  /// not a program made it. Nothing where there is no such filter.
  func filesNamed(by request: SearchRequest) -> (@Sendable (FilePath) -> Bool)? {
    let named = QueryParser().parse(request.query(in: root.filePath)).filters.paths
      .filter { !$0.pattern.utf8.contains { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "{")].contains($0) } }
      .map { (name: Self.lowercasedName($0.pattern.utf8), glob: $0) }
    if named.isEmpty { return nil }
    return { path in
      let name = Self.lowercasedName(path.bytes)
      return named.contains { $0.name == name && $0.glob.matches(path) }
    }
  }

  private static func lowercasedName(_ path: some Sequence<UInt8>) -> [UInt8] {
    let lowercased = path.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    return Array(lowercased[(lowercased.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
  }

  /// What to say where a query names files that are left out and none that is indexed: a line for each of the first.
  ///
  /// - Parameter paths: of the hits.
  func leftOutNotes(_ request: SearchRequest, paths: [FilePath]) -> [CairnError] {
    let parsed = QueryParser().parse(request.query(in: root.filePath))
    // A filter that some hit passed names indexed files. A name that a hit bears was found.
    let globs = paths.isEmpty ? parsed.filters.paths : []
    var named: FilePath?
    if parsed.shape == .path, let fragment = parsed.pathFragments.first {
      let name = FilePath(fragment)
      if !paths.contains(where: { Self.isNamed($0, name) }) { named = name }
    }
    if globs.isEmpty, named == nil { return [] }
    var found: [LeftOutEntry] = []
    var count = 0
    _ = try? leftOut { entry in
      let path = entry.path.filePath
      let isMeant =
        globs.contains { $0.matches(path) || entry.isDirectory && Self.leads(path, to: $0.pattern) }
        || named.map { Self.isNamed(path, $0) || entry.isDirectory && Self.leads(path, to: $0.description) } ?? false
      guard isMeant else { return }
      count += 1
      if found.count < Self.shownLeftOutCount { found.append(entry) }
    }
    var notes = found.map { entry in
      let what = entry.isDirectory ? "this directory is not indexed" : "this file is not indexed"
      return CairnError(
        .leftOut, "\(what) (\(entry.reason))" + (entry.remedy.map { ": \($0)" } ?? ""), path: entry.path)
    }
    if count > found.count {
      notes.append(
        CairnError(
          .leftOut, "\(count - found.count) more that the query names are not; `cairn status --skipped` lists all"))
    }
    return notes
  }

  private static let shownLeftOutCount = 3

  /// Whether a path as it is written in a query begins with the directory at `path`, or with its name.
  private static func leads(_ path: FilePath, to written: String) -> Bool {
    let text = written.utf8.drop { $0 == UInt8(ascii: "/") }
    return [path.bytes, path.lastComponent.bytes].contains { text.starts(with: $0 + [UInt8(ascii: "/")]) }
  }

  /// Whether `path` ends with the components of `name`, in whatever case.
  private static func isNamed(_ path: FilePath, _ name: FilePath) -> Bool {
    let wanted = name.bytes.drop {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") && name.bytes.starts(with: "./".utf8)
    }
    guard !wanted.isEmpty, path.bytes.count >= wanted.count else { return false }
    let end = path.bytes.suffix(wanted.count)
    func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
    return zip(end, wanted).allSatisfy { lowercased($0) == lowercased($1) }
      && (end.startIndex == 0 || path.bytes[end.startIndex - 1] == UInt8(ascii: "/"))
  }
}

extension CairnError.Code {
  /// What the query names is in the tree but not in the index.
  public static let leftOut = Self(rawValue: "left-out")
}
