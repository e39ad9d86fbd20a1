import Cairn
import Primitives
import Synchronization
import TestSupport
import Testing

/// An embedder of a program, seen by that program.
@Suite struct TextEmbedderTests {
  /// Texts about kilometres point one way, all others the other way, unless the test says otherwise.
  private final class Embedder: TextEmbedder {
    let name: String
    let version: String
    let dimensions: Int
    let batchSize: Int
    private let change: @Sendable (inout [[Float]]) throws -> Void
    private let calls = Mutex<[[String]]>([])
    private let queries = Mutex<[String]>([])

    init(
      name: String = "units", version: String = "1", dimensions: Int = 2, batchSize: Int = 64,
      change: @escaping @Sendable (inout [[Float]]) throws -> Void = { _ in }
    ) {
      self.name = name
      self.version = version
      self.dimensions = dimensions
      self.batchSize = batchSize
      self.change = change
    }

    var texts: [String] { calls.withLock { $0.flatMap(\.self) } }
    var largestCall: Int { calls.withLock { $0.map(\.count).max() ?? 0 } }
    var askedQueries: [String] { queries.withLock { $0 } }

    func embed(documents: [String]) throws -> [[Float]] {
      calls.withLock { $0.append(documents) }
      return try vectors(of: documents)
    }
    func embed(query: String) throws -> [Float] {
      queries.withLock { $0.append(query) }
      return try vectors(of: [query]).first ?? []
    }
    private func vectors(of texts: [String]) throws -> [[Float]] {
      var vectors = texts.map { text in
        let isFar = text.contains("kilometres")
        return (0..<dimensions).map { $0 == (isFar ? 0 : 1) ? Float(7) : 0 }
      }
      try change(&vectors)
      return vectors
    }
  }

  let project: TemporaryTree
  let home: TemporaryTree

  init() throws {
    project = try TemporaryTree()
    home = try TemporaryTree()
    try project.write("far.py", "def convert(value):\n    return value / kilometres\n")
    try project.write("near.py", "def convert(value):\n    return value / inches\n")
  }

  private func workspace(
    _ embedder: (any TextEmbedder)?, _ change: (inout Configuration) -> Void = { _ in }
  ) throws(CairnError) -> Workspace {
    var configuration = Configuration()
    change(&configuration)
    return try Workspace(
      root: Path(project.root), configuration: configuration, environment: Environment(["HOME": home.root.description]),
      embedder: embedder)
  }

  private func code(_ body: () async throws(CairnError) -> Void) async -> CairnError.Code? {
    do throws(CairnError) {
      try await body()
      return nil
    } catch { return error.code }
  }

  private func asIs(_ text: String) -> SearchRequest {
    var request = SearchRequest(text)
    request.freshness = .asIs
    return request
  }

  // MARK: What it is for

  @Test func `its vectors decide where the words of two files say the same`() async throws {
    let embedder = Embedder()
    let workspace = try workspace(embedder)
    let far = try await workspace.search(SearchRequest("convert value kilometres"))
    #expect(far.hits.first?.path == "far.py" && far.notes.isEmpty)
    // Of the query that the embedder is shown, nothing but its direction is known.
    let turned = try self.workspace(Embedder(change: { vectors in if vectors.count == 1 { vectors[0] = [1, 0] } }))
    #expect(try await turned.search(SearchRequest("convert value")).hits.first?.path == "far.py")
    let other = try self.workspace(Embedder(change: { vectors in if vectors.count == 1 { vectors[0] = [0, 1] } }))
    #expect(try await other.search(SearchRequest("convert value")).hits.first?.path == "near.py")
    #expect(try workspace.status()?.modelName == "custom:units")
    #expect(embedder.askedQueries == ["convert value kilometres"])
  }

  @Test func `it is shown each chunk once, after its path, in calls as large as it takes`() async throws {
    for i in 0..<20 { try project.write(FilePath("a/b/c/d/e/part\(i).py"), "def part\(i)():\n    return \(i)\n") }
    let embedder = Embedder(batchSize: 3)
    let workspace = try workspace(embedder)
    let report = try await workspace.index()
    #expect(report.modelName == "custom:units" && report.chunksAdded == 22)
    #expect(embedder.texts.count == 22 && Set(embedder.texts).count == 22 && embedder.largestCall == 3)
    #expect(embedder.texts.contains("far.py\ndef convert(value):\n    return value / kilometres\n"))
    #expect(embedder.texts.contains("c/d/e/part7.py\ndef part7():\n    return 7\n"))
    _ = try await workspace.index()
    #expect(embedder.texts.count == 22)
  }

  @Test func `its vectors are kept by content and identity, unless nothing is to be kept`() async throws {
    _ = try await workspace(Embedder()).index()
    let again = Embedder()
    let report = try await workspace(again).index(rebuild: true)
    #expect(again.texts.isEmpty && report.keptEmbeddingCount == 2 && report.newEmbeddingCount == 0)
    let other = Embedder(version: "2")
    _ = try await workspace(other).index(rebuild: true)
    #expect(other.texts.count == 2)
    let uncached = Embedder()
    _ = try await workspace(uncached) { $0.isCaching = false }.index(rebuild: true)
    #expect(uncached.texts.count == 2)
  }

  @Test func `with local_first the built-in model answers until its index is filled`() async throws {
    let workspace = try workspace(Embedder()) {
      try? $0.set("local_first", to: .boolean(true))
    }
    let report = try await workspace.index()
    #expect(report.modelName.hasPrefix("cairn-static-") && report.later.map(\.modelName) == ["custom:units"])
    #expect(try workspace.status()?.later?.isComplete == true)
    #expect(try await workspace.search(SearchRequest("convert kilometres")).notes.isEmpty)
  }

  // MARK: Identity

  @Test func `another version builds the index anew with the next search, and not before`() async throws {
    _ = try await workspace(Embedder()).index()
    for embedder in [Embedder(version: "2"), Embedder(version: "2", dimensions: 5)] {
      let workspace = try workspace(embedder)
      #expect(try workspace.status()?.isOutdated == true)
      #expect(
        await code { () throws(CairnError) in _ = try await workspace.search(asIs("convert")) } == .differentModel)
      let response = try await workspace.search(SearchRequest("convert kilometres"))
      #expect(response.hits.first?.path == "far.py" && response.notes.isEmpty)
      #expect(response.update?.rebuildReason == "the model custom:units has changed")
      #expect(embedder.texts.count == 2)
      #expect(try workspace.status()?.isOutdated == false)
    }
  }

  @Test func `an index of another model is replaced only by a rebuild that is asked for`() async throws {
    let builtIn = try workspace(nil)
    _ = try await builtIn.index()
    let own = try workspace(Embedder())
    #expect(await code { () throws(CairnError) in _ = try await own.index() } == .differentModel)
    #expect(
      await code { () throws(CairnError) in _ = try await own.search(SearchRequest("convert")) } == .differentModel)
    #expect(try await builtIn.search(asIs("convert")).notes.isEmpty)
    _ = try await own.index(rebuild: true)
    #expect(try await own.search(SearchRequest("convert")).notes.isEmpty)
    let another = try workspace(Embedder(name: "other"))
    #expect(await code { () throws(CairnError) in _ = try await another.index() } == .differentModel)
    #expect(try own.status()?.modelName == "custom:units")
  }

  @Test func `without it the words of its index answer, with a note, and nothing is changed`() async throws {
    let own = try workspace(Embedder())
    _ = try await own.index()
    try project.write("new.py", "def convert(value):\n    return value / leagues\n")
    let before = TreeRecord(FilePath(bytes: own.indexDirectory.bytes).appending("segments"))
    let plain = try workspace(nil)
    let response = try await plain.search(SearchRequest("convert inches"))
    #expect(response.hits.first?.path == "near.py")
    #expect(response.notes.map(\.code) == [.modelAbsent, .outdated] && response.update == nil)
    #expect(response.notes.first?.message.contains("its model custom:units cannot be opened here") == true)
    do throws(CairnError) {
      _ = try await plain.index()
      Issue.record("it was indexed without its embedder")
    } catch {
      #expect(error.code == .modelMissing && error.remedy?.action == .rebuildWithBuiltInModel)
      #expect(error.message.contains("search and index with that program"))
    }
    #expect(before == TreeRecord(FilePath(bytes: own.indexDirectory.bytes).appending("segments")))
    // With it, everything is as before, and the new file is found.
    let back = try await own.search(SearchRequest("leagues"))
    #expect(back.hits.first?.path == "new.py" && back.notes.isEmpty)
  }

  @Test(arguments: ["", "\u{7}", "builtin", "cairn-static-v9", "a@b", String(repeating: "n", count: 101)])
  func `a name that cannot be used is an error of the workspace`(_ name: String) {
    let refused = failure(CairnError.self) { () throws(CairnError) in try workspace(Embedder(name: name)) }
    #expect(refused?.code == .invalidArgument)
  }

  @Test func `so is a version, a number of dimensions or a size of calls that cannot be used`() {
    for embedder in [
      Embedder(version: ""), Embedder(dimensions: 0), Embedder(dimensions: 70_000), Embedder(batchSize: 0),
    ] {
      let refused = failure(CairnError.self) { () throws(CairnError) in try workspace(embedder) }
      #expect(refused?.code == .invalidArgument)
    }
  }

  // MARK: Misbehaviour

  private struct Broken: Error, CustomStringConvertible { let description = "the model is\nout of order" }

  private static let misbehaviours: [(@Sendable (inout [[Float]]) throws -> Void, String)] = [
    ({ $0.removeLast() }, "vector"), ({ $0.append([1, 0]) }, "vectors for"), ({ $0 = [] }, "vector"),
    ({ $0[0] = [1] }, "a vector of 1 numbers where it promised 2 dimensions"),
    ({ $0[0] = [1, 2, 3] }, "a vector of 3 numbers"), ({ $0[0][1] = .nan }, "all must be finite"),
    ({ $0[0][0] = -.infinity }, "all must be finite"), ({ _ in throw Broken() }, "threw an error"),
  ]

  @Test(arguments: misbehaviours.indices)
  func `what is no vector for each text ends a run, and what was committed stays`(_ number: Int) async throws {
    let (change, message) = Self.misbehaviours[number]
    let sound = try workspace(Embedder())
    _ = try await sound.index()
    try project.write("new.py", "def convert(value):\n    return value / leagues\n")
    let workspace = try workspace(Embedder(change: change))
    do throws(CairnError) {
      _ = try await workspace.index()
      Issue.record("it was taken for vectors")
    } catch {
      #expect(error.code == .embedderFailed && error.message.contains(message), "\(error)")
      #expect(error.message.hasPrefix("the embedder units "))
      #expect(error.cause == (message == "threw an error" ? "the model is␊out of order" : nil))
    }
    #expect(try sound.status()?.fileCount == 2)
    #expect(try await sound.search(SearchRequest("leagues")).hits.first?.path == "new.py")
  }

  @Test func `a query that it fails at is answered from the words, with a note that has the cause`() async throws {
    _ = try await workspace(Embedder()).index()
    let workspace = try workspace(Embedder(change: { _ in throw Broken() }))
    for request in [SearchRequest("convert inches"), asIs("convert inches")] {
      let response = try await workspace.search(request)
      #expect(response.hits.first?.path == "near.py")
      #expect(response.notes.map(\.code) == [.modelAbsent], "\(response.notes)")
      #expect(response.notes.first?.cause == "the model is␊out of order")
      #expect(
        response.notes.first?.message
          == "the answer is BM25-only: the model custom:units failed: the embedder units threw an error")
    }
    // Where the update fails too, both are said.
    try project.write("new.py", "def convert(value):\n    return value / leagues\n")
    let stale = try await workspace.search(SearchRequest("convert inches"))
    #expect(
      stale.hits.first?.path == "near.py" && Set(stale.notes.map(\.code)) == [.embedderFailed, .modelAbsent, .outdated])
  }

  @Test func `where there is no index yet its failure is that of the search`() async throws {
    let workspace = try workspace(Embedder(change: { _ in throw Broken() }))
    #expect(
      await code { () throws(CairnError) in _ = try await workspace.search(SearchRequest("a")) } == .embedderFailed)
  }

  @Test func `vectors of any length and of zeros are searched like those of unit length`() async throws {
    let workspace = try workspace(
      Embedder(change: { vectors in
        for i in vectors.indices { vectors[i] = vectors[i].map { $0 * 1e30 } }
        if vectors.count > 1 { vectors[1] = [0, 0] }
      }))
    let response = try await workspace.search(SearchRequest("convert value kilometres"))
    #expect(response.hits.map(\.path) == ["far.py", "near.py"] && response.notes.isEmpty)
  }

  @Test func `a search whose query it does not come back with ends when it is cancelled, or with its time`()
    async throws
  {
    let state = Monitor((hasBegun: false, mayEnd: false))
    _ = try await workspace(Embedder()).index()
    let workspace = try workspace(
      Embedder(change: { _ in
        state.update { $0.hasBegun = true }
        state.wait { $0.mayEnd ? () : nil }
      }))
    defer { state.update { $0.mayEnd = true } }
    let hanging = Task {
      await code { () throws(CairnError) in _ = try await workspace.search(SearchRequest("convert")) }
    }
    _ = await onBlockingThread {
      state.wait { $0.hasBegun ? () : nil }
      return .success(true)
    }
    hanging.cancel()
    #expect(await hanging.value == .cancelled)
    var late = SearchRequest("convert")
    late.timeLimit = .milliseconds(50)
    #expect(await code { () throws(CairnError) in _ = try await workspace.search(late) } == .timedOut)
  }

  @Test func `many searches at once share it`() async throws {
    let workspace = try workspace(Embedder())
    let paths = try await withThrowingTaskGroup(of: Path?.self) { group in
      for _ in 0..<24 {
        group.addTask { try await workspace.search(SearchRequest("convert kilometres")).hits.first?.path }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(paths == Array(repeating: "far.py", count: 24))
  }
}
