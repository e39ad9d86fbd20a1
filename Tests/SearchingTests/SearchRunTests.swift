import Disk
import Embedding
import IndexStorage
import Indexing
import ModelOpening
import Primitives
import QueryLanguage
import ResultNotes
import Retrieval
import Searching
import Segments
import Settings
import Synchronization
import TestSupport
import Testing

/// The decisions of one search, each by itself.
@Suite struct SearchRunTests {
  let test: TestSession
  init() throws { test = try TestSession() }

  private func choose(_ model: String) -> (inout SettingValues) -> Void {
    { $0.set(.embeddingModel, to: .text(model), from: .file("/p/cairn.toml", line: 3)) }
  }

  // MARK: Which model embeds the query

  @Test func `without a choice and without an index it is the built-in model`() throws {
    let outcome = try test.session().find("parse_date")
    #expect(outcome.paths.first == "dates.py" && outcome.notes.isEmpty)
    #expect(outcome.update.map { ModelIdentity.isBuiltIn($0.modelName) } == true)
  }

  @Test func `a chosen model that cannot be opened is an error that says who chose it, not another model`() throws {
    let session = try test.session(choose("zzzzzz"))
    for _ in 0..<2 {
      let refused = failure { () throws(Failure) in try session.find("parse_date") }
      #expect(refused?.code == .modelMissing && refused?.message.hasSuffix("is set in /p/cairn.toml, line 3") == true)
      // Nor is it, where there is an index of another model.
      _ = try test.session().find("parse_date")
    }
  }

  @Test func `the embedder of a program goes before the model of the settings`() throws {
    let outcome = try test.session(embedder: TestSession.embedder(), choose("zzzzzz")).find("parse_date")
    #expect(outcome.update?.modelName == "custom:mine" && outcome.notes.isEmpty)
  }

  @Test func `where the index' model is not here its words answer, and it is not brought up to date`() throws {
    _ = try test.session(embedder: TestSession.embedder()).find("parse_date")
    try test.tree.write("late.py", "def parse_date(late):\n    pass\n")
    let outcome = try test.session().find("parse_date")
    #expect(outcome.answersAsBefore && outcome.update == nil)
    #expect(outcome.notes.map(\.code) == [.modelAbsent, .outdated])
  }

  @Test func `a chosen model against an index of another is an error, and the index stays`() throws {
    let own = try test.session()
    _ = try own.find("parse_date")
    let identity = try own.index.identity()
    for isFresh in [true, false] {
      let refused = failure { () throws(Failure) in
        try test.session(embedder: TestSession.embedder()).find("parse_date", isFresh: isFresh)
      }
      #expect(refused?.code == .differentModel && refused?.remedy == .rebuild)
    }
    let outcome = try own.find("parse_date")
    #expect(outcome.paths.first == "dates.py" && outcome.notes.isEmpty)
    #expect(try identity != nil && own.index.identity() == identity)
  }

  @Test func `what fails beside a model is not said of the model`() throws {
    let session = try test.session(embedder: TestSession.embedder())
    _ = try session.find("parse_date")
    let store = failure { () throws(Failure) in
      try session.find("parse_date", isFresh: false) { _ throws(Failure) in
        throw Failure(.inputOutput, "the store is gone")
      }
    }
    #expect(store?.message == "the store is gone")
    struct Gone: Error {}
    let gone = try test.session(embedder: TestSession.embedder { _ in throw Gone() })
    let outcome = try gone.find("parse_date", isFresh: false)
    #expect(outcome.notes.map(\.code) == [.modelAbsent] && outcome.paths.first == "dates.py")
  }

  // MARK: How fresh the index must be

  @Test func `a fresh search sees the tree as it is now, another one the last commit`() throws {
    let session = try test.session()
    #expect(failure { () throws(Failure) in try session.find("parse_date", isFresh: false) }?.code == .noIndex)
    _ = try session.find("parse_date")
    try test.tree.write("late.py", "def parse_late(text):\n    pass\n")
    #expect(try !session.find("parse_late", isFresh: false).paths.contains("late.py"))
    let fresh = try session.find("parse_late")
    #expect(fresh.paths.first == "late.py" && fresh.update?.run.filesIndexed == 1)
    #expect(try session.find("parse_late", isFresh: false).paths.first == "late.py")
  }

  @Test func `an update that fails leaves the last commit to answer, with what went wrong`() throws {
    let sound = try test.session(embedder: TestSession.embedder())
    _ = try sound.find("parse_date")
    try test.tree.write("late.py", "def parse_date(late):\n    pass\n")
    let broken = try CustomEmbedder(
      CustomEmbedder.Definition(
        name: "mine", version: "1", dimensions: 2, batchSize: 16, documents: { _ in [] }, query: { _ in [1, 0] }))
    let outcome = try test.session(embedder: broken).find("parse_date")
    #expect(outcome.answersAsBefore && outcome.update == nil)
    #expect(outcome.notes.map(\.code) == [.embedderFailed, .outdated])
  }

  @Test func `where another process writes, a complete index answers after a moment, with a note`() throws {
    let session = try test.session()
    _ = try session.find("parse_date")
    try test.tree.write("late.py", "def parse_date(late):\n    pass\n")
    let lock = try session.index.site.open().lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    let outcome = try session.find("parse_date")
    #expect(outcome.answersAsBefore && outcome.notes.map(\.code) == [.locked])
  }

  // MARK: Which state answers

  @Test func `an index to which nothing was committed is none`() throws {
    let session = try test.session()
    let request = RunRequest(cancellation: Cancellation())
    request.cancellation.cancel()
    #expect(failure { () throws(Failure) in try session.update(request) }?.code == .cancelled)
    let refused = failure { () throws(Failure) in try session.find("parse_date", isFresh: false) }
    #expect(refused?.code == .noIndex && refused?.remedy == .index)
  }

  @Test func `the index of another tree in the place that was named is an error for both kinds of search`() throws {
    let place = test.home.root.appending("index")
    func name(_ settings: inout SettingValues) { settings.set(.indexDirectory, to: .path(place), from: .program) }
    let other = try TestSession()
    _ = try test.session(root: other.tree.root, name).find("parse_date")
    for isFresh in [true, false] {
      let refused = failure { () throws(Failure) in try test.session(name).find("parse_date", isFresh: isFresh) }
      #expect(refused?.code == .invalidArgument && refused?.path == place)
    }
  }

  // MARK: Notes

  @Test func `a limit that keeps files out is said with every answer, of this run's and of the one before`() throws {
    let session = try test.session { $0.set(.fileLimit, to: .integer(1), from: .program) }
    for isFresh in [true, false] {
      let outcome = try session.find("parse_date", isFresh: isFresh)
      #expect(!outcome.results.isComplete && outcome.notes.contains { $0.code == .limited }, "\(outcome.notes)")
    }
  }

  @Test func `a file that the query names and that is left out is told of`() throws {
    try test.tree.write(".gitignore", "private.py\n")
    try test.tree.write(".git/HEAD", "ref: refs/heads/main\n")
    try test.tree.write("private.py", "def parse_date():\n    pass\n")
    let outcome = try test.session().find("parse_date path:private.py")
    #expect(outcome.results.results.isEmpty && outcome.notes.contains { $0.code == .leftOut }, "\(outcome.notes)")
  }

  // MARK: Words alone

  @Test func `a model that fails is asked once, and then the words answer`() throws {
    let asked = Atomic(0)
    let embedder = try TestSession.embedder(query: { _ in
      asked.add(1, ordering: .relaxed)
      throw Failure(.inputOutput, "the device is lost")
    })
    let attempts = Mutex<[Int]>([])
    let outcome = try test.session(embedder: embedder).find("parse_date") { attempt throws(Failure) in
      attempts.withLock { $0.append(attempt) }
    }
    #expect(outcome.answersAsBefore && outcome.notes.map(\.code) == [.modelAbsent])
    #expect(attempts.withLock { $0 } == [1, 2] && asked.load(ordering: .relaxed) == 1)
  }

  @Test func `a failure with the built-in model, and one of a search that is over, is thrown at once`() throws {
    let attempts = Mutex(0)
    @Sendable func fail(_: Int) throws(Failure) {
      attempts.withLock { $0 += 1 }
      throw Failure(.inputOutput, "no")
    }
    #expect(failure { () throws(Failure) in try test.session().find("a", interfering: fail) }?.code == .inputOutput)
    #expect(attempts.withLock { $0 } == 1)
    let context = SearchContext()
    let other = try test.session(embedder: TestSession.embedder()) { settings in
      settings.set(.indexDirectory, to: .path(".second"), from: .program)
    }
    let over = failure { () throws(Failure) in
      try other.find("a", context) { attempt throws(Failure) in
        context.cancellation.cancel()
        try fail(attempt)
      }
    }
    #expect(over != nil && attempts.withLock { $0 } == 2)
  }

  // MARK: Healing

  @Test func `what is damaged is marked, mended by an update and searched once more`() throws {
    let session = try test.session()
    _ = try session.find("parse_date")
    let segment = try session.index.snapshot().segments[0].segment.path
    var bytes = try readFile(segment).bytes
    bytes[bytes.count / 2] ^= 1
    let outcome = try session.find("parse_date") { [test, bytes] attempt throws(Failure) in
      guard attempt == 1 else { return }
      try test.tree.write(segment.relative(to: test.tree.root) ?? "", bytes)
      throw Failure(.damaged, "this segment is damaged", path: segment)
    }
    #expect(outcome.answersAsBefore && outcome.update?.run.repairs.isEmpty == false)
    #expect(!session.index.hasMarkedSegments())
    #expect(try session.index.verify().problems.isEmpty)
  }

  @Test(arguments: [(true, 2), (false, 4)])
  func `damage that does not go is thrown after so many attempts, with what to do`(
    _ isFresh: Bool, _ count: Int
  ) throws {
    let session = try test.session()
    _ = try session.find("parse_date")
    let attempts = Mutex(0)
    let damaged = failure { () throws(Failure) in
      try session.find("parse_date", isFresh: isFresh) { _ throws(Failure) in
        attempts.withLock { $0 += 1 }
        throw Failure(.damaged, "this segment is damaged")
      }
    }
    #expect(damaged?.code == .damaged && damaged?.remedy == .index)
    #expect(attempts.withLock { $0 } == count)
  }

  @Test func `a search whose time is over is not tried again, whatever is damaged`() throws {
    let session = try test.session()
    _ = try session.find("parse_date")
    let context = SearchContext()
    let attempts = Mutex(0)
    let stopped = failure { () throws(Failure) in
      try session.find("parse_date", isFresh: false, context) { _ throws(Failure) in
        attempts.withLock { $0 += 1 }
        context.cancellation.cancel()
        throw Failure(.damaged, "this segment is damaged")
      }
    }
    #expect(stopped?.code == .cancelled && attempts.withLock { $0 } == 1)
  }
}

extension SearchOutcome {
  /// Whether the file that was there from the beginning comes first, and the one that came late is not seen.
  fileprivate var answersAsBefore: Bool { paths.first == "dates.py" && !paths.contains("late.py") }
}
