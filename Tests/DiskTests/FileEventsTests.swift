import Disk
import Glibc
import Primitives
import TestSupport
import Testing

/// What the kernel tells of changes in directories.
@Suite struct FileEventsTests {
  private let tree: TemporaryTree
  private let events: FileEvents
  private let watch: FileEvents.Watch

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    try makeDirectory(tree.root.appending("watched/sub"))
    events = try FileEvents()
    watch = try events.watch(OpenDirectory(tree.root.appending("watched")))
  }

  private func path(_ name: String) -> String { tree.root.appending("watched").appending(FilePath(name)).description }
  private func touch(_ name: String) { close(unsafe creat(path(name), 0o644)) }
  /// What has come, without the directory, and each once.
  private func kinds(_ name: FilePath) -> [FileEvents.Event.Kind] {
    events.next(timeout: .zero).filter { $0.name == name && $0.watch == watch }.map(\.kind)
  }

  @Test func `files that are made, written, renamed and removed are told by their names`() throws {
    #expect(events.next(timeout: .zero).isEmpty)
    touch("a")
    #expect(kinds("a") == [.appeared, .changed])
    #expect(unsafe truncate(path("a"), 100) == 0)
    #expect(kinds("a") == [.changed])
    #expect(unsafe chmod(path("a"), 0o600) == 0)
    #expect(kinds("a") == [.changed])
    #expect(unsafe rename(path("a"), path("b")) == 0)
    let renamed = events.next(timeout: .zero)
    #expect(renamed.map(\.name) == ["a", "b"] && renamed.map(\.kind) == [.vanished, .appeared])
    #expect(unsafe unlink(path("b")) == 0)
    #expect(kinds("b") == [.vanished])
  }

  @Test func `what is written to a file whose name is gone is told under that name`() throws {
    let file = unsafe creat(path("a"), 0o644)
    #expect(unsafe link(path("a"), path("sub/b")) == 0 && unlink(path("a")) == 0)
    _ = events.next(timeout: .zero)
    #expect(unsafe write(file, "x", 1) == 1)
    close(file)
    #expect(kinds("a") == [.changed])
  }

  @Test func `who wants only removals is told of nothing else`() throws {
    let watch = try events.watch(OpenDirectory(tree.root.appending("watched/sub")), for: .removals)
    touch("sub/a")
    #expect(unsafe chmod(path("sub/a"), 0o600) == 0)
    #expect(events.next(timeout: .zero).allSatisfy { $0.watch != watch })
    #expect(unsafe unlink(path("sub/a")) == 0)
    #expect(events.next(timeout: .zero).filter { $0.watch == watch }.map(\.kind) == [.vanished])
  }

  @Test func `directories are told to be such`() throws {
    #expect(unsafe rmdir(path("sub")) == 0)
    let event = try #require(events.next(timeout: .zero).last)
    #expect(event.isDirectory && event.kind == .vanished && event.name == "sub")
  }

  @Test func `a name that is not UTF-8 and one of 255 bytes come as they are`() throws {
    let names = [FilePath(bytes: [0xFF, 0x61]), FilePath(bytes: Array(repeating: 0x62, count: 255))]
    for name in names { try makeDirectory(tree.root.appending("watched").appending(name)) }
    #expect(events.next(timeout: .zero).map(\.name) == names)
  }

  @Test func `the watch of a directory that is removed is over`() throws {
    #expect(unsafe rmdir(path("sub")) == 0 && rmdir(path("")) == 0)
    #expect(
      events.next(timeout: .zero).last
        == FileEvents.Event(
          watch: watch, name: "", isDirectory: true, kind: .directoryGone))
    events.forget(watch)
  }

  @Test func `nothing is told of a directory that was forgotten`() throws {
    events.forget(watch)
    _ = events.next(timeout: .zero)
    touch("a")
    #expect(events.next(timeout: .zero).isEmpty)
  }

  @Test func `a directory is the one that was opened, whatever is in its place, and has one watch`() throws {
    let held = try OpenDirectory(tree.root.appending("watched/sub"))
    #expect(unsafe rename(path("sub"), path("moved")) == 0)
    try makeDirectory(tree.root.appending("watched/sub"))
    let inner = try events.watch(held)
    #expect(try events.watch(OpenDirectory(tree.root.appending("watched/moved"))) == inner)
    _ = events.next(timeout: .zero)
    touch("sub/a")
    #expect(events.next(timeout: .zero).isEmpty)
    touch("moved/a")
    #expect(events.next(timeout: .zero).first?.watch == inner)
  }

  @Test func `what is watched for finished entries is told of a write when it is over`() throws {
    let inner = try events.watch(OpenDirectory(tree.root.appending("watched/sub")), for: .finishedEntries)
    let file = unsafe creat(path("sub/a"), 0o644)
    #expect(events.next(timeout: .zero).map(\.kind) == [.appeared])
    #expect(ftruncate(file, 10) == 0)
    #expect(events.next(timeout: .zero).isEmpty)
    close(file)
    #expect(events.next(timeout: .zero).map(\.kind) == [.changed])
    // Who wants more gets more, with the same watch.
    #expect(try events.watch(OpenDirectory(tree.root.appending("watched/sub"))) == inner)
    #expect(unsafe truncate(path("sub/a"), 20) == 0)
    #expect(events.next(timeout: .zero).map(\.kind) == [.changed])
  }

  @Test func `a wait ends when it is woken, when something happens, and when its time is over`() throws {
    events.wake()
    #expect(events.next(timeout: nil).isEmpty)
    let thread = BlockingThread { [events] in events.wake() }
    #expect(events.next(timeout: nil).isEmpty)
    thread?.join()
    touch("a")
    #expect(!events.next(timeout: nil).isEmpty)
    #expect(events.next(timeout: .milliseconds(1)).isEmpty)
  }

  @Test func `where nothing more can be watched, it is said what to do`() throws {
    let events = try FileEvents(watchLimit: 1)
    let first = try events.watch(OpenDirectory(tree.root))
    let problem = failure { () throws(Failure) in
      try events.watch(OpenDirectory(tree.root.appending("watched")))
    }
    #expect(problem?.code == .watchLimit && problem?.message.contains("fs.inotify.max_user_watches") == true)
    #expect(try events.watch(OpenDirectory(tree.root)) == first)
    events.forget(first)
    _ = try events.watch(OpenDirectory(tree.root.appending("watched")))
    let start = FileEvents.failure(toStart: EMFILE)
    #expect(start.code == .watchLimit && start.message.contains("fs.inotify.max_user_instances"))
    #expect(FileEvents.failure(toWatch: ENOENT).message.contains("/proc"))
  }

  @Test func `bytes of the queue that end too soon, or are none of its, end in no event and no crash`() {
    var whole: [UInt8] = []
    func append(_ number: Int32, _ mask: UInt32, _ name: [UInt8], count: UInt32? = nil) {
      whole.append(littleEndian: number)
      whole.append(littleEndian: mask)
      whole.append(littleEndian: UInt32(0))
      whole.append(littleEndian: count ?? UInt32(name.count))
      whole += name
    }
    func parse(_ bytes: [UInt8]) -> [FileEvents.Event] {
      var events: [FileEvents.Event] = []
      FileEvents.parse(bytes.span, into: &events)
      return events
    }
    append(1, UInt32(IN_CREATE), Array("name".utf8) + [0, 0, 0, 0])
    append(-1, UInt32(IN_Q_OVERFLOW), [])
    append(1, UInt32(IN_OPEN), [])
    let expected = parse(whole)
    #expect(expected.map(\.kind) == [.appeared, .overflow])
    #expect(expected[0].name == "name" && expected[1].watch == nil)
    for count in whole.indices { #expect(expected.starts(with: parse(Array(whole[..<count])))) }
    append(1, UInt32(IN_CREATE), [0x61], count: .max)
    #expect(parse(whole) == expected)
    var random = SeededRandom(seed: 1)
    for _ in 0..<1_000 { _ = parse((0..<random.next(upTo: 100)).map { _ in UInt8(truncatingIfNeeded: random.next()) }) }
  }
}
