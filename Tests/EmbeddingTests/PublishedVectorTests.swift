import Disk
import Embedding
import Foundation
import Primitives
import Testing

/// The 150 cases that came with the model, from the program that trained it.
@Suite struct PublishedVectorTests {
  @Test func `every published vector is met to 1e-4 in every component`() throws {
    let model = try StaticModel.builtIn()
    let cases = try PublishedCase.all()
    #expect(cases.count == 150)
    var largest = 0.0
    for (number, published) in cases.enumerated() {
      let text = Array(published.text.utf8)
      let vector =
        published.kind == "query"
        ? try model.embed(query: published.text)
        : try model.embed(text.span, pieces: [text.indices], path: FilePath(published.path ?? ""))
      try #require(vector.count == published.vector.count)
      let deviation = zip(vector, published.vector).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(deviation < 1e-4, "case \(number): \(published.text)")
      largest = max(largest, deviation)
    }
    // The cases are written to 6 decimals: anything above that rounding would be a difference in the rules.
    #expect(largest < 2e-6, "the largest deviation is \(largest)")
  }

  @Test func `every published query falls into the published pieces`() throws {
    let model = try StaticModel.builtIn()
    let queries = try PublishedCase.all().filter { $0.pieces != nil }
    #expect(queries.count == 30)
    for query in queries { #expect(try model.pieces(of: Array(query.text.utf8).span) == query.pieces) }
  }
}
