import Corpus
import Disk
import IndexStorage
package import Primitives
package import QueryLanguage
import ResultNotes
package import Retrieval

extension IndexSession {
  /// The places most like the one at `line` of `path` (relative to the root), which itself is left out; of `query` the
  /// limit and the filters hold. For `search`, as what is asked of the searcher.
  ///
  /// A path that is not in the tree means the one file of the index whose path ends with it, and a note says so.
  /// Throws `notFound` where there is none, or several, with what is true of the path.
  package func related(
    to path: FilePath, line: Int, _ query: SearchQuery, _ searcher: Searcher, _ context: SearchContext
  ) throws(Failure) -> SearchResults {
    do throws(Failure) {
      return try searcher.related(to: path, line: line, query: query, context: context)
    } catch {
      guard error.code == .notFound, shared == nil, !isInIndex(path) else { throw error }
      let meant = try fileMeant(by: path)
      var results = try searcher.related(to: meant, line: line, query: query, context: context)
      results.notes.append(
        Failure(.notFound, "there is no such file from here; \(meant):\(line) is taken", path: path))
      return results
    }
  }

  /// Whether a path that is not inside the root, as a traceback has it, may be that of an indexed file elsewhere: one
  /// has its last name. False where there is no index.
  private func mayBeMeant(_ path: FilePath) -> Bool {
    (try? index.indexedFiles { $0.lastComponent == path.lastComponent })?.isEmpty == false
  }

  /// The file and the line that a person in `directory` names by `text`, the likeliest of all ways to read it. Throws
  /// `invalidArgument` where it names no line.
  ///
  /// - Returns: besides, whether the path is not inside the root and an indexed file is meant by it all the same:
  ///   tracebacks name files by where they are installed, which may be on another machine.
  package func place(
    named text: FilePath, from directory: FilePath
  ) throws(Failure) -> (path: FilePath, line: Int, isMeantElsewhere: Bool) {
    let readings = PlaceReference.readings(of: text.bytes)
    let present = readings.filter { paths.isPresent(FilePath(bytes: $0.path), from: directory) }
    // A file may be called as is typed, with a quotation mark or a blank before its name; a mark behind it is the other
    // half of a pair.
    let typed = present.first { reading in
      text.bytes.starts(with: reading.path)
        && !"\"'`".utf8.contains(text.bytes.dropFirst(reading.path.count).first ?? 0)
    }
    guard let reading = typed ?? present.first ?? readings.first else {
      throw Failure(
        .invalidArgument, "it names no line; write FILE:LINE, a file and the number of a line in it, such as main.c:12",
        path: text)
    }
    let path = FilePath(bytes: reading.path)
    let isMeantElsewhere =
      path.isAbsolute && paths.path(of: path, from: directory) == nil && mayBeMeant(path)
    return (path, reading.line, isMeantElsewhere)
  }

  private func isInIndex(_ path: FilePath) -> Bool {
    ((try? index.indexedFiles { $0 == path }) ?? []).isEmpty == false
  }

  /// The file that somebody means by a path that the index does not have. Throws what is true of the path where that is
  /// none.
  private func fileMeant(by path: FilePath) throws(Failure) -> FilePath {
    let slash = UInt8(ascii: "/")
    let isAbsolute = path.bytes.first == slash
    if revision == nil, !isAbsolute, let status = try? FileStatus(of: root.appending(path), followsLinks: false) {
      throw reason(path, status)
    }
    var end = isAbsolute ? path.bytes : [slash] + path.bytes
    var candidates = try index.indexedFiles { Self.isMeant($0, by: end) }
    // Of a path of another place as much is taken as files have in common with it.
    while isAbsolute, candidates.isEmpty, let next = end.dropFirst().firstIndex(of: slash) {
      end = Array(end[next...])
      candidates = try index.indexedFiles { Self.isMeant($0, by: end) }
    }
    if candidates.count == 1 { return candidates[0] }
    if let first = candidates.first {
      throw Failure(
        .notFound, "\(candidates.count) files are called so, such as \(first); write more of the path", path: path)
    }
    if !isAbsolute, let around = try? leftOutEntry(at: path) { throw absence(of: around) }
    throw Failure(.notFound, "there is no such file in \(root); check its path", path: path)
  }

  /// Whether `path` ends in `end`, which begins with a slash.
  private static func isMeant(_ path: FilePath, by end: [UInt8]) -> Bool {
    path.bytes.elementsEqual(end.dropFirst())
      || path.bytes.count > end.count && path.bytes.suffix(end.count).elementsEqual(end)
  }

  /// Why a file or a directory that is there is not in the index.
  private func reason(_ path: FilePath, _ status: FileStatus) -> Failure {
    func failure(_ message: String, remedy: Remedy? = nil) -> Failure {
      Failure(.notFound, message, path: path.isEmpty ? root : path, remedy: remedy)
    }
    if path.isNeverIndexed { return failure("this is git's or Cairn's own, which is never indexed") }
    if status.kind == .directory { return failure("this is a directory; name a file in it, and a line") }
    return ((try? leftOutEntry(at: path)) ?? nil).map(absence)
      ?? failure("this file is not in the index yet", remedy: .index)
  }

  private func absence(of entry: SkippedEntry) -> Failure {
    Failure(.notFound, entry.note(root: root).message, path: entry.path)
  }
}
