import Disk
import Embedding
import Primitives
import Segments

extension PartInput {
  /// The best hundred chunks by BM25, for questions of one to six words from the text.
  func postings(_ prepared: [PreparedFile]) throws -> Part {
    let path = scratch.appending("postings.segment")
    _ = try Self.write(prepared, to: path, dimensions: model.identity.dimensions)
    let segment = try Segment(opening: path)
    var random = SeededRandom(seed: 4)
    var vocabulary: [Term] = []
    for file in prepared.prefix(200) {
      for chunk in file.chunks.indices { file.terms.visit(chunk: chunk) { term, _ in vocabulary.append(term) } }
    }
    let queries = (0..<60).map { number in
      LexicalQuery(
        clauses: (0...number % 6).compactMap { _ in vocabulary.randomElement(using: &random).map { .init(term: $0) } })
    }
    let asked = queries.map { query in
      let frequencies = segment.documentFrequencies(of: query)
      let statistics = CollectionStatistics(
        chunkCount: segment.chunkCount, totalLength: segment.totalLength, documentFrequencies: frequencies)
      return (query: query, statistics: statistics)
    }
    return Part("postings", per: "query", count: asked.count) {
      for (query, statistics) in asked {
        keep(segment.bestByTerms(query, statistics: statistics, eligible: nil, limit: 100).count)
      }
    }
  }
}
