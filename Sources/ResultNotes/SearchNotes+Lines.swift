import Chunking
import Primitives
import QueryLanguage
import Retrieval
import Segments

extension SearchNotes {
  /// What to say where the one file that a query names has no such line.
  func lineNotes(
    _ parsed: ParsedQuery, _ results: SearchResults
  ) -> [Failure] {
    if parsed.isPasted { return [] }
    if parsed.places.isEmpty {
      for written in PlaceReference.pathsOfLineZero(in: text).prefix(Self.namedWordCount) {
        let name = FilePath(written)
        guard let path = results.results.first(where: { NamedPath.isNamed($0.path, name) })?.path else { continue }
        return [Failure(.notFound, "there is no line 0: lines begin at 1", path: path)]
      }
      return []
    }
    guard parsed.places.count == 1, let place = parsed.places.first else { return [] }
    let name = FilePath(place.path)
    let paths = results.results.map(\.path).filter { NamedPath.isNamed($0, name) }
    guard let path = paths.first, !paths.contains(where: { reaches(place.line, path: $0) }) else {
      return []
    }
    // What is blank at the end is in no chunk.
    var reader = SourceReader(tree)
    guard let count = reader.text(of: path)?.lineCount, count < place.line else { return [] }
    return [Failure(.notFound, PlaceReference.beyondEnd(place.line, lineCount: count), path: path)]
  }

  /// Whether the last chunk of the file at `path` ends at `line` or behind it.
  private func reaches(_ line: Int, path: FilePath) -> Bool {
    snapshot.segments.contains { live in
      guard let number = live.segment.fileNumber(at: path) else { return false }
      let chunks = live.segment.chunks(ofFile: number)
      guard let first = chunks.first, let last = chunks.last, live.live?.contains(first) ?? true else { return false }
      return live.segment.chunk(last).chunk.lines.upperBound >= line
    }
  }
}
