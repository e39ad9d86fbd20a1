import Disk
import Embedding
import Foundation
import Primitives
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite struct EmbeddingCacheTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree(inMemory: true) }

  var path: FilePath { tree.root.appending("cairn/embeddings.sqlite") }
  func cache(
    byteCount: Int = 1 << 30, days: Int = 30, pageLimit: Int? = nil, clock: FakeClock = FakeClock()
  ) -> EmbeddingCache {
    EmbeddingCache(
      path: path, limits: EmbeddingCacheLimits(byteCount: byteCount, days: days), pageLimit: pageLimit,
      wallClock: { clock.nanoseconds })
  }

  @Test func `a text is embedded once, whatever the run, the order or the company`() throws {
    let model = countingModel()
    let first = CachedEmbedder(model, cache: cache())
    let one = try first.embed(documents: documents(["alpha", "beta", "alpha", ""]))
    #expect(model.texts == ["alpha", "beta", ""])
    #expect(Array(one[..<48]) == Array(one[96..<144]))

    let second = CachedEmbedder(model, cache: cache())
    let other = try second.embed(documents: documents(["", "gamma", "beta"]))
    #expect(model.texts == ["alpha", "beta", "", "gamma"])
    #expect(Array(other[96...]) == Array(one[48..<96]))
    #expect(Array(other[..<48]) == [Float](repeating: 0, count: 48))
    #expect(try second.embed(query: "alpha") == model.embed(query: "alpha"))
  }

  @Test func `what comes from the cache is bit for bit what the first call gave`() throws {
    var random = SeededRandom(seed: 3)
    let words = (0..<400).map { _ in "word\(random.next() % 900) word\(random.next() % 900)" }
    let cached = CachedEmbedder(countingModel(), cache: cache())
    let first = try cached.embed(documents: documents(words))
    let silent = countingModel()
    #expect(try CachedEmbedder(silent, cache: cache()).embed(documents: documents(words)) == first)
    #expect(silent.texts == [])

    // And next to what the model says: the loss of half precision.
    let plain = try countingModel().embed(documents: documents(words))
    for i in words.indices {
      let (a, b) = (first[(i * 48)..<((i + 1) * 48)], plain[(i * 48)..<((i + 1) * 48)])
      #expect(1 - cosine(a, b) < 1e-6)
    }
  }

  @Test func `half precision costs a cosine less than a millionth, at any size and with any outlier`() throws {
    var random = SeededRandom(seed: 5)
    for dimensions in [1, 2, 64, 384, 768, 3072] {
      for outlier in [Float(0), 1, 100] {
        var vector = (0..<dimensions).map { _ in Float(random.next() % 20_001) / 10_000 - 1 }
        vector[0] += outlier
        let norm = vector.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        vector = vector.map { $0 / norm }
        let model = FixedEmbedder(vector: vector)
        let kept = try CachedEmbedder(model, cache: cache()).embed(documents: documents(["\(dimensions) \(outlier)"]))
        #expect(1 - cosine(kept[...], vector[...]) < 1e-6)
      }
    }
  }

  @Test func `vectors of another model are never handed out`() throws {
    _ = try CachedEmbedder(countingModel("one"), cache: cache()).embed(documents: documents(["alpha"]))
    for other in [countingModel("two"), countingModel("one", dimensions: 32)] {
      let vector = try CachedEmbedder(other, cache: cache()).embed(documents: documents(["alpha"]))
      #expect(vector.count == other.identity.dimensions && other.texts == ["alpha"])
    }
  }

  @Test func `a vector that is no number is handed out and not kept`() throws {
    let model = FixedEmbedder(vector: [.nan, 1, .infinity])
    let cached = CachedEmbedder(model, cache: cache())
    for _ in 0..<2 { #expect(try cached.embed(documents: documents(["x"]))[0].isNaN) }
    #expect(cache().statistics().entryCount == 0)
  }

  @Test func `statistics count entries, hits and misses over all runs, and asking makes no file`() throws {
    #expect(cache().statistics().entryCount == 0 && !fileExists(path))
    do {
      let cached = CachedEmbedder(countingModel(), cache: cache())
      _ = try cached.embed(documents: documents(["a", "b", "c"]))
      _ = try cached.embed(documents: documents(["a", "b", "d"]))
    }
    let statistics = cache(byteCount: 5 << 20).statistics()
    #expect(statistics.name == "embeddings" && statistics.entryCount == 4)
    #expect(statistics.hitCount == 2 && statistics.missCount == 4)
    #expect(statistics.byteCount > 4 * 100 && statistics.byteLimit == 5 << 20)
    try cache().clear()
    #expect(cache().statistics().entryCount == 0 && !fileExists(path))
  }

  @Test func `the least recently used go when the file is full`() throws {
    let clock = FakeClock()
    let limit = 400_000
    let model = countingModel(dimensions: 256)
    let kept = (0..<50).map { "kept \($0)" }
    _ = try CachedEmbedder(model, cache: cache(byteCount: limit, clock: clock)).embed(documents: documents(kept))
    for round in 0..<30 {
      clock.advance(hours: 2)
      // A cache of its own each time, as each run has.
      let cached = CachedEmbedder(model, cache: cache(byteCount: limit, clock: clock))
      _ = try cached.embed(documents: documents((0..<100).map { "round \(round) text \($0)" }))
      _ = try cached.embed(documents: documents(kept))
      let statistics = cache(byteCount: limit, clock: clock).statistics()
      #expect(statistics.byteCount <= limit && statistics.entryCount >= 100)
    }
    #expect(model.texts.count { $0.hasPrefix("kept") } == 50)
    #expect(try FileStatus(of: path).byteCount <= 2 * limit)

    // A lower limit gives the room back.
    let small = CachedEmbedder(model, cache: cache(byteCount: 150_000, clock: clock))
    _ = try small.embed(documents: documents(["one more"]))
    #expect(cache(byteCount: 150_000).statistics().byteCount <= 150_000)
    #expect(cache(byteCount: 150_000).statistics().entryCount > 0)
  }

  @Test func `what was not used for the time-to-live is gone, to the day`() throws {
    let clock = FakeClock()
    let model = countingModel()
    func embed(_ texts: String...) throws {
      _ = try CachedEmbedder(model, cache: cache(days: 3, clock: clock)).embed(documents: documents(texts))
    }
    try embed("used", "unused")
    for _ in 0..<3 {
      clock.advance(hours: 25)
      try embed("used")
    }
    #expect(model.texts == ["used", "unused"])
    try embed("unused", "new")
    #expect(model.texts == ["used", "unused", "unused", "new"])
    clock.advance(hours: 24 * 4)
    try embed("later")
    #expect(cache(days: 3, clock: clock).statistics().entryCount == 1)
  }

  @Test func `a damaged file is put aside with one note and created anew`() throws {
    let model = countingModel()
    func embed(_ texts: [String]) throws -> [Failure] {
      let cache = cache()
      _ = try CachedEmbedder(model, cache: cache).embed(documents: documents(texts))
      _ = try CachedEmbedder(model, cache: cache).embed(documents: documents(texts))
      return cache.notes
    }
    #expect(try embed(["a", "b"]).isEmpty)
    for damage in [Array("this is no database".utf8), [UInt8](repeating: 0xA5, count: 40_000)] {
      try tree.write("cairn/embeddings.sqlite", damage)
      for suffix in ["-wal", "-shm"] { try removeFile(FilePath(bytes: path.bytes + Array(suffix.utf8))) }
      let notes = try embed(["a", "b"])
      #expect(notes.count == 1 && notes.first?.message.contains("put aside") == true, "\(notes)")
      #expect(try readFile(FilePath(bytes: path.bytes + Array(".damaged".utf8))).bytes == damage)
      #expect(try embed(["a", "b"]).isEmpty)
    }
    #expect(model.texts == ["a", "b", "a", "b", "a", "b"])
  }

  @Test func `any damage inside the file costs vectors, never the run or a wrong vector`() throws {
    let texts = (0..<300).map { "text \($0)" }
    let right = try CachedEmbedder(countingModel(), cache: cache()).embed(documents: documents(texts))
    let sound = try readFile(path).bytes
    var random = SeededRandom(seed: 11)
    for _ in 0..<40 {
      var damaged = sound
      for _ in 0..<8 { damaged[Int(random.next() % UInt64(damaged.count))] ^= UInt8(truncatingIfNeeded: random.next()) }
      for suffix in ["-wal", "-shm"] { try removeFile(FilePath(bytes: path.bytes + Array(suffix.utf8))) }
      try tree.write("cairn/embeddings.sqlite", damaged)
      let cached = CachedEmbedder(countingModel(), cache: cache())
      #expect(try cached.embed(documents: documents(texts)) == right)
    }
  }

  @Test func `a database of another program or version is left alone`() throws {
    for (mark, code) in [("application_id = 1", Failure.Code.damaged), ("user_version = 99", .unsupportedVersion)] {
      try cache().clear()
      _ = try CachedEmbedder(countingModel(), cache: cache()).embed(documents: documents(["a"]))
      try SQLiteConnection(path, access: .readWrite, wording: DatabaseWording(name: "it"))
        .execute("PRAGMA \(mark)")
      let cache = cache()
      _ = try CachedEmbedder(countingModel(), cache: cache).embed(documents: documents(["a"]))
      #expect(cache.notes.map(\.code) == [code])
      if code == .unsupportedVersion { #expect(try readFile(path).bytes.count > 0) }
    }
  }

  @Test func `a full disk ends the writing with one note, and the run goes on`() throws {
    let model = countingModel(dimensions: 1024)
    let cache = cache(pageLimit: 60)
    let cached = CachedEmbedder(model, cache: cache)
    for window in 0..<20 {
      let vectors = try cached.embed(documents: documents((0..<16).map { "window \(window) text \($0)" }))
      #expect(vectors.count == 16 * 1024)
    }
    #expect(cache.notes.map(\.code) == [.diskFull])
    // What was kept before still serves.
    let again = countingModel(dimensions: 1024)
    _ = try CachedEmbedder(again, cache: self.cache()).embed(documents: documents(["window 0 text 0"]))
    #expect(again.texts == [])
  }

  @Test func `a directory that cannot be made is one note`() throws {
    try tree.write("cairn", "a file is in the way")
    let cache = cache()
    let model = countingModel()
    for _ in 0..<2 { _ = try CachedEmbedder(model, cache: cache).embed(documents: documents(["a"])) }
    #expect(cache.notes.count == 1 && model.texts == ["a", "a"])
  }

  @Test func `many threads with caches of their own share one file`() throws {
    let problems = Mutex<[String]>([])
    let path = path
    let threads = (0..<6).map { number in
      Thread {
        let cache = EmbeddingCache(path: path, limits: EmbeddingCacheLimits(byteCount: 1 << 20, days: 9))
        let cached = CachedEmbedder(countingModel(), cache: cache)
        for round in 0..<20 {
          let texts = (0..<20).map { "text \((number * 7 + round * 13 + $0) % 150)" }
          guard let vectors = try? cached.embed(documents: documents(texts)),
            let plain = try? countingModel().embed(documents: documents(texts))
          else { return problems.withLock { $0.append("thrown") } }
          for i in texts.indices
          where cosine(vectors[(i * 48)..<(i * 48 + 48)], plain[(i * 48)..<(i * 48 + 48)]) < 0.99999 {
            problems.withLock { $0.append("\(texts[i]) has another's vector") }
          }
        }
        for note in cache.notes { problems.withLock { $0.append(note.description) } }
      }
    }
    for thread in threads { thread.start() }
    for thread in threads { while !thread.isFinished { sched_yield() } }
    #expect(problems.withLock { $0 } == [])
    #expect(cache().statistics().entryCount == 150)
  }
}

/// Gives the same vector for everything.
struct FixedEmbedder: BatchEmbedder {
  let vector: [Float]
  var identity: ModelIdentity {
    ModelIdentity(name: "fixed", contentHash: ContentHash(high: 0, low: 9), dimensions: vector.count)
  }
  var gatheredTextCount: Int { 8 }
  func embed(query: String) throws(Failure) -> [Float] { vector }
  func embed(documents: [DocumentText]) throws(Failure) -> [Float] { documents.flatMap { _ in vector } }
}

/// Time that stands until it is advanced.
final class FakeClock: Sendable {
  private let now = Mutex<Int64>(1_800_000_000_000_000_000)
  var nanoseconds: Int64 { now.withLock { $0 } }
  func advance(hours: Int64) { now.withLock { $0 += hours * 3_600_000_000_000 } }
}

func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
  var (dot, x, y) = (0.0, 0.0, 0.0)
  for (p, q) in zip(a, b) {
    dot += Double(p) * Double(q)
    x += Double(p) * Double(p)
    y += Double(q) * Double(q)
  }
  return x == 0 && y == 0 ? 1 : dot / (x * y).squareRoot()
}

/// A batch embedder that keeps the texts that it was shown.
private func countingModel(_ name: String = "counting", dimensions: Int = 48) -> ScriptedEmbedder {
  ScriptedEmbedder(name: name, contentHash: ContentHash(high: 1, low: 2), dimensions: dimensions, gathering: 32)
}

private func documents(_ texts: some Sequence<String>) -> [DocumentText] { texts.map { DocumentText($0) } }
