import Disk
import Embedding
import Foundation
import IndexStorage
import Indexing
import Primitives
import QueryLanguage
import Retrieval
import Segments
import TestSupport
import Testing

/// An index that was brought up to date, in segments with tombstoned chunks between the live ones, ranks to the last
/// bit as a new one.
@Suite struct RankingParityTests {
  private static let names = [
    "parseDate", "read_file", "Tree", "index", "TokenBuffer", "http_server", "flush", "größe",
  ]
  private static let rare = (0..<60).map { "rare\($0)" }

  private static func text(_ lineCount: Int, _ random: inout SeededRandom) -> String {
    var text = ""
    for _ in 0..<lineCount {
      for _ in 0..<Int.random(in: 0...7, using: &random) {
        text +=
          (Int.random(in: 0..<4, using: &random) == 0 ? rare : LiveChunk.words + names).randomElement(using: &random)!
          + " "
      }
      text += "\n"
    }
    return text + "end of file\n"
  }

  private static func path(_ random: inout SeededRandom) -> String {
    let directory = ["", "src/", "src/deep/", "lib/", "tests/"].randomElement(using: &random)!
    let ending = ["txt", "py", "c", "md"].randomElement(using: &random)!
    return directory + names.randomElement(using: &random)! + "\(Int.random(in: 0..<12, using: &random))." + ending
  }

  /// Makes one random change: an addition, an edit, a removal, a copy or a move.
  private static func change(_ indexed: IndexedTree, _ random: inout SeededRandom) throws {
    let tree = indexed.tree
    let files = try indexed.paths()
    let old = files.randomElement(using: &random) ?? "none"
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<4: indexed.put(path(&random), text(Int.random(in: 1..<60, using: &random), &random))
    case 4, 5: try? tree.remove(FilePath(old))
    case 6:
      // A copy has the scores of what it was copied from: equal scores must come in the same order too.
      if let bytes = try? readFile(tree.root.appending(FilePath(old))).bytes {
        indexed.put(path(&random), String(decoding: bytes, as: UTF8.self))
      }
    case 7:
      let new = tree.root.appending(FilePath("src/" + FilePath(path(&random)).lastComponent.description))
      _ = unsafe rename(tree.root.appending(FilePath(old)).description, new.description)
    default: indexed.put(old, text(Int.random(in: 1..<60, using: &random), &random))
    }
  }

  private static let questions = [
    "alpha", "parse the date", "read_file", "TokenBuffer flush", "how does the tree index a file", "rare7 rare8 gamma",
    "\"end of file\" delta", "lang:python beta", "path:src/** tree", "-path:lib/** parseDate", "größe", "http server",
    "src/deep/", "Tree3.py",
  ]

  private func searcher(_ snapshot: IndexSnapshot, _ root: FilePath, _ candidateCount: Int) -> Searcher {
    var weights = RankingWeights()
    // So few that most chunks are left out.
    weights.candidateCount = candidateCount
    weights.rankedCount = candidateCount * 3 / 4
    return Searcher(
      snapshot: snapshot, embedder: ScriptedEmbedder(dimensions: 16), root: root, weights: weights)
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `after any changes every answer is that of a new index, bit for bit`(seed: UInt64) async throws {
    let indexed = try IndexedTree()
    var random = SeededRandom(seed: seed)
    for _ in 0..<50 { indexed.put(Self.path(&random), Self.text(Int.random(in: 1..<60, using: &random), &random)) }
    // The first segment is large, so that few changes leave it as it is, and the last ones have it rewritten.
    try await indexed.run()
    var options = IndexingOptions()
    // So small that some runs make several segments.
    options.builderByteCount = 4_000
    var tombstonedCount = 0
    var mostSegments = 0
    for step in 0..<4 {
      for _ in 0..<(step < 3 ? 3 : 30) { try Self.change(indexed, &random) }
      try await indexed.run(options)
      let updated = try StoredIndex(directory: indexed.directory).snapshot()
      tombstonedCount += updated.segments.reduce(0) { $0 + $1.segment.chunkCount - $1.liveChunkCount }
      mostSegments = max(mostSegments, updated.segments.count)
      if step == 0 { continue }

      let elsewhere = try TemporaryTree(inMemory: true)
      let directory = elsewhere.root.appending("index")
      _ = try await indexed.writer(directory: directory).run()
      let fresh = try StoredIndex(directory: directory).snapshot()
      #expect(fresh.segments.count == 1 && fresh.segments.allSatisfy { $0.live == nil })
      for candidateCount in step == 2 ? [200] : [12] {
        let (a, b) = (
          searcher(updated, indexed.tree.root, candidateCount), searcher(fresh, indexed.tree.root, candidateCount)
        )
        for question in Self.questions {
          var query = SearchQuery(text: question)
          query.limit = 40
          try compare("\(question), seed \(seed), step \(step)") { try ($0 ? a : b).search(query) }
        }
        for path in try indexed.paths().shuffled(using: &random).prefix(3) {
          var query = SearchQuery(text: "")
          query.limit = 40
          try compare("like \(path), seed \(seed), step \(step)") {
            try ($0 ? a : b).related(to: FilePath(path), line: 1, query: query)
          }
        }
      }
    }
    // Else nothing was tested.
    #expect(tombstonedCount > 20 && mostSegments > 1)
  }

  private func compare(_ what: String, _ answer: (_ isUpdated: Bool) throws -> SearchResults) throws {
    let (updated, fresh) = (try answer(true).results, try answer(false).results)
    #expect(updated.map(\.score.bitPattern) == fresh.map(\.score.bitPattern), "\(what)")
    #expect(updated == fresh, "\(what)")
  }
}
