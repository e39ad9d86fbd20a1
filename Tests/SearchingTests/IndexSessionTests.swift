import Catalog
import Corpus
import Disk
import Glibc
import IndexStorage
import Indexing
import ModelOpening
import Primitives
import QueryLanguage
import Retrieval
import Searching
import Segments
import Settings
import Synchronization
import TestSupport
import Testing

/// A root with its settings, its place and its open index.
@Suite struct IndexSessionTests {
  let test: TestSession
  init() throws { test = try TestSession() }

  private func update(_ session: IndexSession, rebuilds: Bool = false) throws(Failure) -> UpdateReport {
    var request = RunRequest(cancellation: Cancellation())
    request.rebuilds = rebuilds
    return try session.update(request)
  }

  @Test func `opening a session writes nothing, neither into the tree nor for the user`() throws {
    let before = (TreeRecord(test.tree.root), TreeRecord(test.home.root))
    let session = try test.session()
    #expect(session.place.directory == test.tree.root.appending(".cairn") && session.notes.isEmpty)
    #expect(try session.indexingModel().choice == .builtIn)
    #expect(before.0 == TreeRecord(test.tree.root) && before.1 == TreeRecord(test.home.root))
  }

  @Test func `the settings say where the index is, and the files that a run takes in`() throws {
    try test.tree.write(".hidden/a.py", "def hidden():\n    pass\n")
    let session = try test.session { settings in
      settings.set(.indexDirectory, to: .path("build/index"), from: .program)
      settings.set(.includesHidden, to: .boolean(true), from: .program)
    }
    #expect(session.place.directory == test.tree.root.appending("build/index") && session.place.isNamed)
    #expect(try update(session).run.liveFileCount == 3)
    #expect(try session.index.indexedFiles { _ in true } == [".hidden/a.py", "dates.py", "mail.py"])
  }

  @Test func `a run with a model keeps to it, and only a rebuild takes another`() throws {
    let own = try test.session(embedder: TestSession.embedder())
    #expect(try update(own).modelName == "custom:mine")
    let refused = failure { () throws(Failure) in try update(try test.session()) }
    #expect(refused?.code == .modelMissing && refused?.remedy?.action == .rebuildWithBuiltInModel)
    let other = try test.session(embedder: TestSession.embedder(name: "other"))
    #expect(failure { () throws(Failure) in try update(other) }?.code == .differentModel)
    #expect(try update(own).run.filesIndexed == 0)
    #expect(try update(other, rebuilds: true).run.filesIndexed == 2)
    // Another version of the same one takes its place by itself.
    let newer = try test.session(embedder: TestSession.embedder(name: "other", version: "2"))
    let report = try update(newer)
    #expect(report.run.filesIndexed == 2 && report.run.rebuildReason != nil)
  }

  @Test func `which model an index is of is not written among the user's files for one that no setting can name`()
    throws
  {
    _ = try update(try test.session(embedder: TestSession.embedder()))
    #expect(!fileExists(test.home.root.appending(".local/share/cairn/models/.known.json")))
  }

  @Test func `what an endpoint would be sent is said only where the endpoint is what embeds`() throws {
    func choose(_ settings: inout SettingValues) {
      settings.set(.embeddingModel, to: .text("endpoint:bge"), from: .program)
      settings.set(.embeddingEndpoint, to: .text("http://127.0.0.1:9/v1"), from: .program)
    }
    #expect(try test.session(choose).disclosure?.contains("127.0.0.1:9") == true)
    #expect(try test.session(embedder: TestSession.embedder(), choose).disclosure == nil)
    #expect(try test.session().disclosure == nil)
  }

  @Test func `files that look like secrets stay out for an embedder that may send them anywhere`() throws {
    let session = try test.session()
    #expect(session.indexingOptions(rebuild: false, for: .builtIn).walk.ignoreFilesIncludeSecrets)
    for choice in [ModelChoice.custom("mine"), .endpoint("bge")] {
      #expect(!session.indexingOptions(rebuild: false, for: choice).walk.ignoreFilesIncludeSecrets)
    }
  }

  @Test(.enabled(if: geteuid() == 0))
  func `an index of another user that is trusted is read, and not brought up to date`()
    throws
  {
    _ = try update(try test.session())
    let directory = test.tree.root.appending(".cairn")
    for path in [directory, directory.appending("segments")] { unsafe chown(path.description, 65534, 65534) }
    for entry in try listDirectory(directory) where entry.name != "segments" {
      unsafe chown(directory.appending(entry.name).description, 65534, 65534)
    }
    for entry in try listDirectory(directory.appending("segments")) {
      unsafe chown(directory.appending("segments").appending(entry.name).description, 65534, 65534)
    }
    let root = test.tree.root.description
    let session = try test.session { $0.set(.trustedDirectories, to: .text(root), from: .program) }
    #expect(failure { () throws(Failure) in try update(session) }?.code == .permissionDenied)
    let outcome = try session.find("parse_date")
    #expect(outcome.paths.first == "dates.py" && outcome.notes.map(\.code) == [.permissionDenied])
  }

  @Test func `a catalog that could not be read is opened again twice, and the last attempt says what is so`() throws {
    let session = try test.session()
    _ = try update(session)
    let catalog = session.place.directory.appending(IndexCatalog.fileName)
    let attempts = Mutex<[(isLast: Bool, noteCount: Int)]>([])
    func attempt(_ failures: Int, _ code: Failure.Code, _ path: FilePath) -> Failure? {
      attempts.withLock { $0 = [] }
      return failure { () throws(Failure) in
        try session.reopening { isLast, notes throws(Failure) in
          let count = attempts.withLock { attempts in
            attempts.append((isLast, notes.count))
            return attempts.count
          }
          if count <= failures { throw Failure(code, "no", path: path) }
        }
      }
    }
    for code in [Failure.Code.cut, .inputOutput, .damaged] {
      #expect(attempt(1, code, catalog) == nil && attempts.withLock { $0.map(\.noteCount) } == [0, 1])
      #expect(attempt(9, code, catalog)?.code == code)
      #expect(attempts.withLock { $0.map(\.isLast) } == [false, false, true])
    }
    // What is wrong with anything else is thrown at once.
    #expect(attempt(9, .damaged, "000001.segment")?.code == .damaged && attempts.withLock { $0.count } == 1)
    #expect(attempt(9, .noIndex, catalog)?.code == .noIndex && attempts.withLock { $0.count } == 1)
    #expect(try session.index.snapshot().segments.count == 1)
  }

  @Test func `what is like a place is found by the end of its path, and what is not in the tree is said`() throws {
    try test.tree.write("deep/down/only.py", "def parse_date(x):\n    return x\n")
    let session = try test.session()
    _ = try update(session)
    func related(_ path: FilePath) throws(Failure) -> SearchOutcome {
      let query = SearchQuery(text: "")
      return try session.search(query, SearchContext(), progress: nil) { searcher, context throws(Failure) in
        try session.related(to: path, line: 1, query, searcher, context)
      }
    }
    let outcome = try related("down/only.py")
    #expect(outcome.paths.contains("dates.py") && !outcome.paths.contains("deep/down/only.py"))
    #expect((outcome.results.notes + outcome.notes).contains { $0.message.contains("deep/down/only.py:1 is taken") })
    for path in ["none.py", "deep", ".git/config"] as [FilePath] {
      #expect(failure { () throws(Failure) in try related(path) }?.code == .notFound)
    }
  }

  @Test func `what is left out is listed with its reason, and what is not is told apart`() throws {
    try test.tree.write("image.bin", [0, 1, 2, 3])
    let session = try test.session()
    _ = try update(session)
    var paths: [FilePath] = []
    let counts = try session.leftOutEntries(in: nil) { paths.append($0.path) }
    #expect(paths == ["image.bin"] && counts.values.reduce(0, +) == 1)
    #expect(try session.nothingLeftOut(at: "dates.py").message == "this file is indexed")
    #expect(try session.nothingLeftOut(at: "none.py").code == .notFound)
  }
}
