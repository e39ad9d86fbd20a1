import Disk
import IndexStorage
import Primitives
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
        directoryCount: random.next(upTo: 1 << 30))
      #expect(WatchRecord(record.bytes) == record)
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
      text.replacing("6012", with: "-1"), String(text.dropLast()),
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
