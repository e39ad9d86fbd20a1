import Corpus
import Disk
import IndexStorage
import Primitives
import Segments
import TestSupport
import Testing

@Suite struct WatchTests {
  let tree: TemporaryTree
  let site: IndexSite
  init() throws {
    tree = try TemporaryTree(inMemory: true)
    site = IndexSite(tree.root.appending("index"))
  }

  private static let record = WatchRecord(
    processID: 4711, began: 1_764_480_000_000_000_000, subject: ContentHash(high: 1, low: 0xFEDC_BA98_7654_3210),
    sight: .events, directoryCount: 6012)

  @Test func `a record is what was written`() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<200 {
      let isPolling = random.next(upTo: 2) == 0
      let record = WatchRecord(
        processID: 1 + random.next(upTo: 1 << 22), began: Int64(random.next() >> 2),
        subject: ContentHash(high: random.next(), low: random.next()),
        sight: isPolling ? .polling(every: .milliseconds(1 + random.next(upTo: 100_000))) : .events,
        directoryCount: random.next(upTo: 1 << 30), reason: isPolling ? "the system says: \(random.next())" : nil)
      #expect(WatchRecord(record.bytes) == record)
    }
  }

  @Test func `what is kept of files beside the index is what was written, and nothing else is believed`() throws {
    var kept = UnindexedFiles(stamp: "12-ab34")
    let fingerprint = Fingerprint(byteCount: 1 << 40, modified: -1, changed: .max, inode: .max)
    kept.files = [
      .init(path: "a b/\u{e9}\nx.min.js", fingerprint: fingerprint),
      .init(path: "k", fingerprint: fingerprint, grams: []),
      .init(path: "l", fingerprint: fingerprint, grams: FileGrams(of: Array("some text".utf8).span).kept),
    ]
    kept.directories = ["node_modules", "x y/vendor"]
    #expect(UnindexedFiles(kept.bytes) == kept)
    let empty = UnindexedFiles(stamp: "1-0")
    #expect(UnindexedFiles(empty.bytes) == empty)
    let nowhere = GramQuery.literal(Array("none".utf8))
    #expect(kept.files.map { $0.mayHold(nowhere) } == [true, false, false])
    #expect(kept.files[2].mayHold(.literal(Array("ME TE".utf8))))
    var random = SeededRandom(seed: 4)
    for _ in 0..<400 {
      var bytes = kept.bytes
      bytes[random.next(upTo: bytes.count)] ^= UInt8(1 << random.next(upTo: 8))
      #expect(UnindexedFiles(bytes) == nil)
    }
    for path: FilePath in ["../x", "/x", "a/../../x", "a//b", ".", ""] {
      var wrong = empty
      wrong.files = [.init(path: path, fingerprint: fingerprint)]
      #expect(UnindexedFiles(wrong.bytes) == nil, "\(path)")
    }
  }

  @Test func `what is no record is none, however it came about`() {
    let text = String(decoding: Self.record.bytes, as: UTF8.self)
    for wrong in [
      "", "process 1\n", text + "more 1\n", "\n" + text, text.replacing("4711", with: "0"),
      text.replacing("4711", with: "-3"), text.replacing("4711", with: String(repeating: "9", count: 40)),
      text.replacing("events", with: "all"),
      text.replacing("events", with: "files every 0 ms"), text.replacing("events", with: "files every nan ms"),
      text.replacing("events", with: "files every 1e300 ms"), text.replacing("fedcba", with: "FEDCBA"),
      text.replacing("6012", with: "-1"), text.replacing("because ", with: "because \u{7}"), String(text.dropLast()),
    ] {
      #expect(WatchRecord(Array(wrong.utf8)) == nil, "\(wrong)")
    }
    var random = SeededRandom(seed: 4)
    for _ in 0..<2000 {
      var bytes = Self.record.bytes
      bytes[random.next(upTo: bytes.count)] = UInt8(random.next(upTo: 256))
      // Whatever it reads as, it reads without a trap, and is what it would be written as.
      if let read = WatchRecord(bytes) { #expect(WatchRecord(read.bytes) == read) }
    }
  }

  @Test func `one watches at a time, and nobody does when it is gone`() throws {
    let directory = try site.make()
    #expect(try directory.watch() == .nobody)
    func isFree() throws -> Bool { try directory.lockForWatching() != nil }
    if let lock = try directory.lockForWatching() {
      #expect(try directory.watch() == .starting)
      #expect(try !isFree())
      try directory.write(Self.record)
      #expect(try directory.watch() == .watching(Self.record))
      #expect(try !isFree())
      withExtendedLifetime(lock) {}
    } else {
      Issue.record("the watch is not to be had")
    }
    #expect(try directory.watch() == .nobody && isFree())
    // What the one before said is not true of the next.
    if let lock = try directory.lockForWatching() {
      try directory.removeWatchRecord()
      #expect(try directory.watch() == .starting)
      withExtendedLifetime(lock) {}
    }
  }

  @Test func `a reason is one line, and no longer than a record has room for`() throws {
    var record = Self.record
    record = WatchRecord(
      processID: 1, began: 2, subject: record.subject, sight: .polling(every: .seconds(1)), directoryCount: 3,
      reason: "it\nis " + String(repeating: "so ", count: 1_000))
    #expect(record.reason?.utf8.count ?? 0 < 1_000 && record.reason?.hasPrefix("it?is so") == true)
    #expect(WatchRecord(record.bytes) == record)
  }

  @Test func `what is in the place of a watcher's files and is none is taken away, and what holds something is named`()
    throws
  {
    let directory = try site.make()
    let place = tree.root.appending("index")
    for name: FilePath in ["watch.lock", "requests"] {
      makeLink(place.appending(name), to: tree.root.appending("elsewhere"))
    }
    #expect(try directory.watch() == .nobody)
    #expect(try directory.lockForWatching() != nil)
    _ = try FreshnessRequests(of: directory)
    #expect(!fileExists(tree.root.appending("elsewhere")))
    try tree.write("index/other/kept", "x")
    try directory.held.remove("watch.lock")
    try directory.held.rename("other", to: "watch.lock")
    #expect(try directory.watch() == .nobody)
    let problem = failure { () throws(Failure) in _ = try directory.lockForWatching() == nil }
    #expect(problem?.message.contains("move it away") == true, "\(String(describing: problem))")
    #expect(problem?.path == place.appending("watch.lock"))
    #expect(fileExists(place.appending("watch.lock/kept")))
  }

  @Test func `only what searches have made is taken for requests`() throws {
    let directory = try site.make()
    let requests = try FreshnessRequests(of: directory)
    try tree.write("index/requests/notes", "mine")
    try makeDirectory(tree.root.appending("index/requests/1-2"))
    #expect(requests.waiting().isEmpty)
    let request = try FreshnessRequest(in: directory)
    #expect(requests.waiting().count == 1)
    _ = request
  }

  @Test func `progress is shown to who waits`() throws {
    let directory = try site.make()
    #expect(directory.progressMark == nil)
    let lock = try directory.lockForWatching()
    let before = directory.progressMark
    #expect(before != nil)
    // The clock of the file system may need a moment for the next step.
    let end = ContinuousClock.now + .seconds(10)
    while directory.progressMark == before, ContinuousClock.now < end { directory.showProgress() }
    #expect(directory.progressMark != before)
    _ = lock
  }

  @Test func `an index whose tree is gone is not made, and one whose path leads elsewhere is made nowhere`() throws {
    let top = tree.root.appending("top")
    try makeDirectory(top)
    let tagger = IndexTagger(keyDirectory: nil)
    func gone(_ site: IndexSite) -> Failure.Code? {
      failure { () throws(Failure) in _ = try site.make() }?.code
    }
    let held = try HeldRoot(top)
    let plain = IndexSite(top.appending(".cairn"), trust: .tag(tagger), in: top)
    let site = plain.held(in: held)
    let directory = try site.make()
    #expect(site.isWhole(directory))
    try OpenDirectory(tree.root).rename("top", to: "moved")
    #expect(gone(site) == .treeGone && gone(plain) == .treeGone && !fileExists(top))
    // Another directory, with a link to it above.
    try makeDirectory(tree.root.appending("victim"))
    makeLink(top, to: tree.root.appending("victim"))
    #expect(gone(site) == .treeGone)
    #expect(try listDirectory(tree.root.appending("victim")).isEmpty)
    try removeFile(top)
    try OpenDirectory(tree.root).rename("moved", to: "top")
    #expect(try site.make().held.status().inode == directory.held.status().inode)
  }

  @Test func `an index that was removed but for its directory is made anew there by who held it`() throws {
    let tagger = IndexTagger(keyDirectory: nil)
    let site = IndexSite(tree.root.appending("own"), trust: .tag(tagger))
    let directory = try site.make()
    try tree.write("own/segments/000001.segment", "old")
    try directory.held.remove("cairn.tag")
    #expect(!site.isWhole(directory))
    try site.renew(directory)
    #expect(site.isWhole(directory) && !fileExists(tree.root.appending("own/segments/000001.segment")))
    // One that is another is left alone.
    try directory.held.remove("cairn.tag")
    try OpenDirectory(tree.root).rename("own", to: "old")
    try tree.write("own/file", "theirs")
    try site.renew(directory)
    #expect(failure { () throws(Failure) in _ = try site.make() }?.code == .notOurs)
  }

  @Test func `a request is answered once it is taken away, and leaves nothing when it is given up`() throws {
    let directory = try site.make()
    #expect(throws: Failure.self) { _ = try FreshnessRequest(in: directory) }
    let requests = try FreshnessRequests(of: directory)
    do {
      let request = try FreshnessRequest(in: directory)
      let other = try FreshnessRequest(in: directory)
      #expect(!request.isAnswered && !other.isAnswered)
      #expect(requests.waiting().count == 2)
      requests.answer(requests.waiting())
      #expect(request.isAnswered && other.isAnswered)
      let late = try FreshnessRequest(in: directory)
      #expect(!late.isAnswered && requests.waiting().count == 1)
      _ = late
    }
    #expect(requests.waiting().isEmpty)
  }
}
