import Embedding
import ModelOpening
import Primitives
import Synchronization
import TestSupport
import Testing

/// What becomes of the vectors of an embedder that a program brings.
@Suite struct CustomEmbedderTests {
  private static func definition(
    name: String = "mine", version: String = "1", dimensions: Int = 3, batchSize: Int = 4,
    documents: @escaping @Sendable ([String]) throws -> [[Float]] = { $0.map { _ in [1, 0, 0] } },
    query: @escaping @Sendable (String) throws -> [Float] = { _ in [1, 0, 0] }
  ) -> CustomEmbedder.Definition {
    CustomEmbedder.Definition(
      name: name, version: version, dimensions: dimensions, batchSize: batchSize, documents: documents, query: query)
  }
  private static func texts(_ count: Int) -> [DocumentText] { (0..<count).map { DocumentText("text \($0)") } }

  @Test func `each of name, version and dimensions makes another identity, and none is a model's of Cairn`() throws {
    let identities = try [
      Self.definition(), Self.definition(name: "mine1", version: "1"), Self.definition(version: "2"),
      Self.definition(dimensions: 4), Self.definition(name: "all-MiniLM-L6-v2"),
    ].map { (definition) throws(Failure) in try CustomEmbedder(definition).identity }
    #expect(Set(identities).count == identities.count && Set(identities.map(\.contentHash)).count == identities.count)
    #expect(identities.allSatisfy { ModelIdentity.isCustom($0.name) && !ModelIdentity.isBuiltIn($0.name) })
    #expect(try CustomEmbedder(Self.definition(batchSize: 9)).identity == identities[0])
    // The same in every process, whatever the machine.
    #expect(identities[0].name == "custom:mine" && identities[0].dimensions == 3)
    #expect(identities[0].contentHash == ContentHash(of: Array("custom\0mine\u{0}1\u{0}3".utf8).span))
  }

  @Test func `a model of a server that happens to be called so is not one`() {
    #expect(!ModelIdentity.isCustom("custom:latest@localhost:11434"))
    #expect(ModelIdentity.isCustom("custom:latest"))
  }

  @Test(arguments: [
    ("", "has no name"), (" \t", "has no name"), ("a\nb", "can be seen: a␊b"), ("a\u{202E}b", "can be seen"),
    ("a\0b", "can be seen"), (String(repeating: "x", count: 101), "at most 100 bytes"), ("builtin", "as the built-in"),
    ("Builtin", "as the built-in"), ("cairn-static-v1", "as the built-in"), ("a@b", "leave it out"),
  ])
  func `a name that says nothing, drives a terminal or is the built-in model's is refused`(
    _ name: String, _ message: String
  ) {
    let refused = failure { () throws(Failure) in try CustomEmbedder(Self.definition(name: name)) }
    #expect(
      refused?.code == .invalidArgument && refused?.message.contains(message) == true, "\(refused?.message ?? "")")
  }

  @Test func `so are versions of that kind, and sizes that no vector and no call can have`() throws {
    for definition in [
      Self.definition(version: ""), Self.definition(version: "1\u{7}"), Self.definition(dimensions: 0),
      Self.definition(dimensions: -1), Self.definition(dimensions: 65_537), Self.definition(batchSize: 0),
    ] {
      let refused = failure { () throws(Failure) in try CustomEmbedder(definition) }
      #expect(refused?.code == .invalidArgument, "\(definition)")
    }
    #expect(try CustomEmbedder(Self.definition(dimensions: 65_536)).identity.dimensions == 65_536)
  }

  @Test(arguments: [1, 3, 4, 5, 8, 9, 41])
  func `texts come in their order, in calls of about the same size and none larger than it may be`(_ count: Int) throws
  {
    let calls = Mutex<[[String]]>([])
    let embedder = try CustomEmbedder(
      Self.definition(documents: { texts in
        calls.withLock { $0.append(texts) }
        return texts.map { [0, Float($0.utf8.count), 0] }
      }))
    #expect(try embedder.embed(documents: Self.texts(count)).count == 3 * count)
    let sizes = calls.withLock { $0.map(\.count) }
    #expect(calls.withLock { $0.flatMap(\.self) } == Self.texts(count).map(\.text))
    #expect(sizes.count == (count + 3) / 4 && sizes.max()! <= 4 && sizes.max()! - sizes.min()! <= 1)
  }

  @Test func `no text is no call, and a blank query has no direction`() throws {
    let embedder = try CustomEmbedder(
      Self.definition(
        documents: { _ in throw Failure(.inputOutput, "called") }, query: { _ in throw Failure(.inputOutput, "called") }
      ))
    #expect(try embedder.embed(documents: []).isEmpty)
    #expect(try embedder.embed(query: " \n") == [0, 0, 0])
  }

  @Test(
    arguments: [
      ([3, 4, 0], [0.6, 0.8, 0]), ([0, 0, 0], [0, 0, 0]), ([-2, 0, 0], [-1, 0, 0]),
      ([.greatestFiniteMagnitude, 0, 0], [1, 0, 0]), ([0, .leastNonzeroMagnitude, 0], [0, 1, 0]),
      ([.leastNonzeroMagnitude, .greatestFiniteMagnitude, 0], [0, 1, 0]),
    ] as [([Float], [Float])])
  func `a vector of any length is brought to unit length, and zeros stay zeros`(_ given: [Float], _ unit: [Float])
    throws
  {
    let embedder = try CustomEmbedder(Self.definition(documents: { $0.map { _ in given } }, query: { _ in given }))
    for vector in [try embedder.embed(query: "a"), try embedder.embed(documents: Self.texts(1))] {
      #expect(zip(vector, unit).allSatisfy { abs($0 - $1) < 1e-6 }, "\(vector)")
    }
  }

  @Test(
    arguments: [
      ([[1, 0, 0]], "gave 1 vectors for 2 texts"), ([], "gave 0 vectors for 2 texts"),
      ([[1, 0, 0], [1, 0, 0], [1, 0, 0]], "gave 3 vectors for 2 texts"),
      ([[1, 0, 0], [1, 0]], "a vector of 2 numbers where it promised 3"), ([[], []], "a vector of 0 numbers"),
      ([[1, 0, 0], [1, 0, 0, 0]], "a vector of 4 numbers"), ([[1, 0, 0], [0, .nan, 0]], "gave nan as number 1"),
      ([[1, 0, .infinity], [1, 0, 0]], "gave inf as number 2"),
    ] as [([[Float]], String)])
  func `what is no vector for each text is refused, and the message says what it was`(
    _ vectors: [[Float]], _ message: String
  ) throws {
    let embedder = try CustomEmbedder(
      Self.definition(documents: { _ in vectors }, query: { _ in vectors.last ?? [] }))
    let refused = failure { () throws(Failure) in try embedder.embed(documents: Self.texts(2)) }
    #expect(refused?.code == .embedderFailed && refused?.message.contains(message) == true)
    if vectors.last != [1, 0, 0] {
      let query = failure { () throws(Failure) in try embedder.embed(query: "why", context: SearchContext()) }
      #expect(query?.code == .embedderFailed)
    }
  }

  @Test func `an error that is thrown is the cause, on one line and no longer than that`() throws {
    struct Strange: Error, CustomStringConvertible {
      let description = "no\nmodel \u{1B}[31m" + String(repeating: "!", count: 10_000)
    }
    let embedder = try CustomEmbedder(Self.definition(documents: { _ in throw Strange() }))
    let thrown = failure { () throws(Failure) in try embedder.embed(documents: Self.texts(1)) }
    #expect(thrown?.code == .embedderFailed && thrown?.message == "the embedder mine threw an error")
    #expect(thrown?.cause?.hasPrefix("no␊model ␛[31m!!!") == true && thrown?.cause?.count == 500)
  }

  @Test func `a query whose search is over is waited for no longer, and the call comes to its end`() throws {
    let state = Monitor((hasBegun: false, mayEnd: false, hasEnded: false))
    let embedder = try CustomEmbedder(
      Self.definition(query: { _ in
        state.update { $0.hasBegun = true }
        state.wait { $0.mayEnd ? () : nil }
        state.update { $0.hasEnded = true }
        return [1, 0, 0]
      }))
    let context = SearchContext()
    let canceller = try #require(
      BlockingThread {
        state.wait { $0.hasBegun ? () : nil }
        context.cancellation.cancel()
      })
    #expect(failure { () throws(Failure) in try embedder.embed(query: "a", context: context) }?.code == .cancelled)
    canceller.join()
    // One that is over before is not begun.
    state.updateSilently { $0.hasBegun = false }
    let late = SearchContext(deadline: .now)
    #expect(failure { () throws(Failure) in try embedder.embed(query: "a", context: late) }?.code == .timedOut)
    #expect(state.wait { $0.hasBegun == false })
    state.update { $0.mayEnd = true }
    state.wait { $0.hasEnded ? () : nil }
    #expect(try embedder.embed(query: "a", context: SearchContext(deadline: .now + .seconds(3_000))) == [1, 0, 0])
  }
}
