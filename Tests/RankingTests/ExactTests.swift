import Disk
import Foundation
import Primitives
import QueryLanguage
import Retrieval
import Segments
import Testing

/// Judges how surely exact text is found: samples drawn from the corpora by a scan of their own (`ExactSampler`), each
/// asked as it is written. `CAIRN_EXACT_SHOW=word,message` prints the samples of even draws that are not first.
@Suite(.serialized) struct ExactTests {
  private static let environment = ProcessInfo.processInfo.environment

  /// The least share of samples whose file must be first, and whose chunk must be first in it, a little below what was
  /// reached when it was set (`Docs/RANKING.md`).
  private static let floors: [(kind: ExactSample.Kind, first: Double, placed: Double)] = [
    (.word, 0.99, 0.99), (.identifier, 0.99, 0.99), (.definition, 0.965, 0.95), (.compoundDefinition, 0.975, 0.97),
    (.member, 0.95, 0.93), (.message, 0.97, 0.925), (.quotedMessage, 0.99, 0.98), (.printedMessage, 0.89, 0.85),
    (.codeLine, 0.95, 0.93),
    (.option, 0.95, 0.95),
    (.key, 0.93, 0.91), (.fileLine, 0.98, 0.98),
  ]

  /// How many samples were found, and how soon.
  private struct Tally {
    var count = 0
    var ranked = [0, 0, 0]
    var placed = 0

    mutating func add(rank: Int?, isRightPlace: Bool) {
      count += 1
      for (i, limit) in [1, 5, 10].enumerated() where rank.map({ $0 <= limit }) ?? false { ranked[i] += 1 }
      if rank == 1, isRightPlace { placed += 1 }
    }
    var first: Double { Double(ranked[0]) / Double(max(1, count)) }
    var inPlace: Double { Double(placed) / Double(max(1, count)) }
    var line: String {
      let shares = ranked.map { Double($0) / Double(max(1, count)) }
      return String(
        format: "%4d samples   first %.3f   in 5 %.3f   in 10 %.3f   right chunk first %.3f", count, shares[0],
        shares[1],
        shares[2], inPlace)
    }
  }

  @Test func `what stands in one file is found there first`() async throws {
    var tallies: [String: Tally] = [:]
    let shown = Set((Self.environment["CAIRN_EXACT_SHOW"] ?? "").split(separator: ",").map(String.init))
    for name in RankingCorpus.names {
      let corpus = try await RankingCorpora.shared.corpus(name)
      let sampler = ExactSampler(try Self.texts(of: corpus))
      for kind in ExactSample.Kind.allCases {
        for sample in sampler.draw(kind, limit: 40) {
          let (rank, isRightPlace) = try corpus.rank(of: sample)
          let half = sample.isForTuning ? "even" : "odd"
          for group in [kind.rawValue, "\(kind.rawValue), \(half)", "\(kind.rawValue), in \(name)"] {
            tallies[group, default: Tally()].add(rank: rank, isRightPlace: isRightPlace)
          }
          if sample.isForTuning, shown.contains(kind.rawValue), rank != 1 || shown.contains("place") && !isRightPlace {
            print("exact: \(name) \(kind.rawValue) \(rank.map(String.init) ?? "-") \(sample.file): \(sample.query)")
          }
        }
      }
    }
    for group in tallies.keys.sorted() {
      print("exact: \(group.padding(toLength: 32, withPad: " ", startingAt: 0)) \(tallies[group]!.line)")
    }
    if RankingCorpus.modelDirectory != nil || RankingCorpus.names != RankingCorpus.everyName { return }
    for (kind, first, placed) in Self.floors {
      let tally = try #require(tallies[kind.rawValue], "no sample of \(kind.rawValue)")
      #expect(tally.first >= first && tally.inPlace >= placed, "\(kind.rawValue): \(tally.line)")
    }
  }

  /// The indexed files as they are on disk, in the order of their paths.
  private static func texts(of corpus: RankingCorpus) throws -> [(path: String, bytes: [UInt8])] {
    var paths: [FilePath] = []
    for live in corpus.snapshot.segments {
      live.segment.forEachPath { _, path in paths.append(FilePath(bytes: path.indices.map { path[$0] })) }
    }
    return try paths.sorted().map { ($0.description, try readFile(corpus.root.appending($0)).bytes) }
  }
}

extension RankingCorpus {
  /// The rank of the sample's file among the files of the first 10 results, and whether the first result of that file
  /// holds a line that was wanted.
  func rank(of sample: ExactSample) throws -> (rank: Int?, isRightPlace: Bool) {
    let searcher = Searcher(snapshot: snapshot, embedder: embedder, root: root)
    var query = SearchQuery(text: sample.query)
    query.explains = false
    query.contextLineCount = 0
    var seen: Set<String> = []
    for result in try searcher.search(query).results {
      let path = result.path.description
      guard seen.insert(path).inserted, path == sample.file else { continue }
      return (seen.count, sample.lines.contains { result.lines.contains($0) })
    }
    return (nil, false)
  }
}

/// The corpora that were indexed: each once for all suites.
actor RankingCorpora {
  static let shared = RankingCorpora()
  private var known: [String: Task<RankingCorpus, any Error>] = [:]

  func corpus(_ name: String) async throws -> RankingCorpus {
    if let task = known[name] { return try await task.value }
    let task = Task { try await RankingCorpus(name) }
    known[name] = task
    return try await task.value
  }
}
