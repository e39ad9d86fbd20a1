package import Cairn
import Disk
import Primitives

/// How well a workspace ranks, judged by queries whose places are known.
package struct Evaluation: Sendable {
  /// One query, and how well what was found for it is ranked.
  package struct Query: Sendable {
    package var text: String
    package var byFile: RankingMeasure
    package var byLines: RankingMeasure
    /// A wall clock's, of the search alone.
    package var seconds: Double
  }

  package var root: Path
  package var queries: [Query] = []
  /// Means over the queries.
  package var byFile = RankingQuality()
  package var byLines = RankingQuality()
  /// What to know about the index that answered, and judged files that are not in the tree.
  package var notes: [CairnError] = []
  /// All of it, an update of the index included.
  package var seconds = 0.0
}

extension Workspace {
  /// Searches for each query and judges the first ten results. Runs until all are done; throws what a search throws.
  ///
  /// - Parameters:
  ///   - freshness: of the index before the first search; the others take it as it is then.
  ///   - progress: of an update of the index.
  @concurrent package func evaluate(
    _ queries: [JudgedQuery], freshness: SearchRequest.Freshness = .upToDate,
    progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> Evaluation {
    let start = ContinuousClock.now
    var evaluation = Evaluation(root: root)
    for (index, query) in queries.enumerated() {
      var request = SearchRequest(query.text)
      request.limit = 10
      request.contextLineCount = 0
      request.freshness = index == 0 ? freshness : .asIs
      let began = ContinuousClock.now
      let response = try await search(request, progress: index == 0 ? progress : nil)
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      // What is said of one query's words is of no interest here.
      if index == 0 { evaluation.notes = response.notes.filter { [.locked, .limited, .outdated].contains($0.code) } }
      let results = response.hits.map { (path: $0.path, lines: $0.lines) }
      let byFile = RankingMeasure(of: results, places: query.places, by: .file)
      let byLines = RankingMeasure(of: results, places: query.places, by: .lines)
      evaluation.queries.append(.init(text: query.text, byFile: byFile, byLines: byLines, seconds: seconds))
      evaluation.byFile.add(byFile)
      evaluation.byLines.add(byLines)
    }
    evaluation.notes += missingFileNotes(queries)
    evaluation.seconds = (ContinuousClock.now - start) / .seconds(1)
    return evaluation
  }

  /// A judged file that is not there makes every figure less than it is.
  package func missingFileNotes(_ queries: [JudgedQuery]) -> [CairnError] {
    let files = Set(queries.flatMap { $0.places.map(\.path) })
    let missing = files.filter { !fileExists(root.filePath.appending($0.filePath)) }.sorted()
    guard let first = missing.first else { return [] }
    let what = missing.count == 1 ? "a judged file is" : "\(missing.count) judged files are"
    return [CairnError(.notFound, "\(what) not in the tree, so nothing can find them", path: first)]
  }
}
