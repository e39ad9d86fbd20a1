import Cairn
import Disk
import Primitives
import Registry
import TestSupport
import Testing

/// Several repositories rank as one tree that holds the files of all of them.
@Suite struct RankingOfSeveralTests {
  let home: TemporaryTree
  private var environment: Environment { Environment(["HOME": home.root.description]) }

  init() throws { home = try TemporaryTree(inMemory: true) }

  private static let words = [
    "session", "expire", "token", "parse", "date", "retry", "backoff", "index", "merge", "cache", "socket", "header",
  ]

  /// Functions of a few of the words, so that the words are frequent in some files and rare in others.
  private func text(_ random: inout SeededRandom) -> String {
    (0..<Int.random(in: 1...6, using: &random)).map { _ in
      let names = (0..<3).map { _ in Self.words.randomElement(using: &random)! }
      let line = (0..<4).map { _ in Self.words.randomElement(using: &random)! }.joined(separator: " ")
      return "def \(names.joined(separator: "_"))(value):\n    # \(line)\n    return value.\(names[0])()\n\n\n"
    }.joined()
  }

  private func workspace(_ tree: TemporaryTree) throws -> Workspace {
    try Workspace(root: Path(tree.root), configuration: Configuration(), environment: environment)
  }

  private struct Shown: Hashable {
    var path: String
    var lines: ClosedRange<Int>
    var score: Float
  }

  private func shown(_ response: SearchResponse) -> [Shown] {
    response.hits.map { Shown(path: $0.path.description, lines: $0.lines, score: $0.score) }
  }

  @Test(.timeLimit(.minutes(5)), arguments: [1, 2, 3])
  func `one ranking is that of one index with all the files`(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let whole = try TemporaryTree(inMemory: true)
    var parts: [TemporaryTree] = []
    for number in 0..<4 {
      let part = try TemporaryTree(inMemory: true)
      for file in 0..<(5 * (number + 1)) {
        // The directory is a part of the path in both, so that nothing but the roots differ.
        let path = FilePath("part\(number)/file\(file).py")
        let text = text(&random)
        try part.write(path, text)
        try whole.write(path, text)
      }
      parts.append(part)
    }
    let one = try workspace(whole)
    let several = try parts.enumerated().map { (name: "part\($0)", workspace: try workspace($1)) }
    let queries = [
      "session expire", "parse_date", "\"retry backoff\"", "how are tokens cached", "socket AND NOT header",
      "path:part2/** merge", "index kind:function", "part1/file3.py",
    ]
    for query in queries {
      var request = SearchRequest(query)
      request.limit = 40
      let expected = try await one.search(request)
      let found = try await Workspace.search(request, in: several)
      #expect(shown(found) == shown(expected), "\(query)")
      #expect(found.isAbsent == expected.isAbsent && found.absences == expected.absences, "\(query)")
      for hit in found.hits { #expect(hit.path.description.hasPrefix("\(hit.repository ?? "")/")) }
      // A page of 5 is the beginning of the page of 40.
      request.limit = 5
      #expect(shown(try await Workspace.search(request, in: several)) == Array(shown(found).prefix(5)), "\(query)")
    }
    #expect(!shown(try await one.search(SearchRequest("session expire"))).isEmpty)
  }

  @Test(.timeLimit(.minutes(5))) func `equally good hits are in the order of the repositories`() async throws {
    var trees: [(name: String, workspace: Workspace)] = []
    var held: [TemporaryTree] = []
    for name in ["c", "a", "b"] {
      let tree = try TemporaryTree(inMemory: true)
      try tree.write("same.py", "def same_function():\n    return 1\n")
      held.append(tree)
      trees.append((name, try workspace(tree)))
    }
    let response = try await Workspace.search(SearchRequest("same_function"), in: trees)
    #expect(response.hits.map(\.repository) == ["c", "a", "b"] && Set(response.hits.map(\.score)).count == 1)
    #expect(response.repositories.map(\.name) == ["c", "a", "b"])
    #expect(response.repositories.allSatisfy { $0.isComplete && $0.fileCount == 1 && $0.failure == nil })
    withExtendedLifetime(held) {}
  }

  @Test(.timeLimit(.minutes(5)))
  func `a repository of another model is found by words, and that is said`() async throws {
    let (first, second) = (try TemporaryTree(inMemory: true), try TemporaryTree(inMemory: true))
    for number in 0..<3 { try first.write(FilePath("a\(number).py"), "def shared_name_\(number)():\n    return 1\n") }
    try second.write("b.py", "def shared_name_of_other():\n    return 2\n")
    let plain = try workspace(first)
    let other = try Workspace(
      root: Path(second.root), configuration: Configuration(), environment: environment, embedder: Letters())
    for request in [SearchRequest("shared_name_of_other"), SearchRequest("shared name")] {
      let response = try await Workspace.search(request, in: [("plain", plain), ("other", other)])
      #expect(response.hits.contains { $0.repository == "other" } && response.hits.count == 4)
      let notes = response.notes.filter { $0.code == .differentModel }
      #expect(notes.count == 1 && notes[0].message.hasPrefix("other is found by words and paths alone"), "\(notes)")
    }
  }

  @Test(.timeLimit(.minutes(5))) func `one that cannot be searched never stops the others`() async throws {
    let (first, second) = (try TemporaryTree(inMemory: true), try TemporaryTree(inMemory: true))
    try first.write("a.py", "def found_here():\n    return 1\n")
    try second.write("b.py", "def found_here():\n    return 2\n")
    let several = [("one", try workspace(first)), ("none", try workspace(second))].map { (name: $0, workspace: $1) }
    _ = try await several[0].workspace.index()
    var request = SearchRequest("found_here")
    request.freshness = .asIs
    let response = try await Workspace.search(request, in: several)
    #expect(response.hits.map(\.repository) == ["one"] && !response.isComplete)
    #expect(response.repositories.map { $0.failure?.code } == [nil, .noIndex])
    #expect(response.notes.contains { $0.message.hasPrefix("none was not searched: ") })
    await #expect(throws: CairnError.self) { try await Workspace.search(request, in: [several[1]]) }
    await #expect(throws: CairnError.self) { try await Workspace.search(request, in: []) }
  }
}

/// Counts letters, in the dimensions of the built-in model or others.
private struct Letters: TextEmbedder {
  let name = "letters"
  let version = "1"
  let dimensions = 26
  func embed(documents: [String]) -> [[Float]] { documents.map(embed(query:)) }
  func embed(query: String) -> [Float] {
    var counts = [Float](repeating: 0.01, count: 26)
    for byte in query.lowercased().utf8 where (97...122).contains(byte) { counts[Int(byte) - 97] += 1 }
    return counts
  }
}
