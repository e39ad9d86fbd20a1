import Disk
import IndexStorage
import ModelOpening
import Primitives
import QueryLanguage
import Retrieval
import Searching
import Settings
import Synchronization
import TestSupport

/// A small tree with what a search of it needs. Both directories are removed with the value.
final class TestSession: Sendable {
  let tree: TemporaryTree
  let home: TemporaryTree

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    home = try TemporaryTree(inMemory: true)
    try tree.write("dates.py", "def parse_date(text):\n    return text.split('-')\n")
    try tree.write("mail.py", "def send_mail(to):\n    return to.send()\n")
  }

  /// - Parameters:
  ///   - root: of another tree; the value's own if nil.
  ///   - change: of the settings, which are built in otherwise.
  func session(
    root: FilePath? = nil, embedder: CustomEmbedder? = nil, _ change: (inout SettingValues) -> Void = { _ in }
  ) throws(Failure) -> IndexSession {
    var settings = SettingValues()
    change(&settings)
    return try IndexSession(
      root: root ?? tree.root, settings: settings, environment: EnvironmentVariables(["HOME": home.root.description]),
      embedder: embedder)
  }

  /// An embedder of two dimensions, for which all texts and queries point the same way.
  static func embedder(
    name: String = "mine", version: String = "1",
    query: @escaping @Sendable (String) throws -> [Float] = { _ in [1, 0] }
  ) throws(Failure) -> CustomEmbedder {
    try CustomEmbedder(
      CustomEmbedder.Definition(
        name: name, version: version, dimensions: 2, batchSize: 16, documents: { $0.map { _ in [1, 0] } },
        query: query))
  }
}

extension IndexSession {
  /// Searches for `text`.
  ///
  /// - Parameter interfering: called with the number of the attempt, from 1, before the searcher is asked.
  func find(
    _ text: String, isFresh: Bool = true, _ context: SearchContext = SearchContext(),
    interfering: @escaping @Sendable (Int) throws(Failure) -> Void = { _ throws(Failure) in }
  ) throws(Failure) -> SearchOutcome {
    var query = SearchQuery(text: text)
    query.isFresh = isFresh
    let attempts = Mutex(0)
    return try search(query, context, progress: nil) { [query] searcher, context throws(Failure) in
      try interfering(
        attempts.withLock { count in
          count += 1
          return count
        })
      return try searcher.search(query, context: context)
    }
  }
}

extension SearchOutcome {
  var paths: [FilePath] { results.results.map(\.path) }
}
