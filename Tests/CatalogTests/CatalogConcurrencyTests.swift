import Catalog
import Disk
import Foundation
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite struct CatalogConcurrencyTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree(inMemory: true) }

  /// Runs `count` threads and waits for them.
  func threads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { number in Thread { body(number) } }
    for thread in threads { thread.start() }
    for thread in threads { while !thread.isFinished { sched_yield() } }
  }

  @Test func `readers see whole generations and no error while a writer commits`() throws {
    try { _ = try IndexCatalog(directory: tree.root, mode: .writing).commit(addition(1, ["0"])) }()
    let root = tree.root
    let isDone = Atomic(false)
    let problems = Mutex<[String]>([])
    let reads = Atomic(0)
    // Every generation replaces the one segment and every file, and has as many files as its number says.
    threads(5) { number in
      do throws(Failure) {
        if number == 0 {
          defer { isDone.store(true, ordering: .sequentiallyConsistent) }
          for id in 2...120 {
            // A new connection now and then, so that closing and opening are part of it.
            let catalog = try IndexCatalog(directory: root, mode: .writing)
            var change = addition(SegmentID(id), (0..<id).map { FilePath("\($0)") })
            change.removedSegments = [SegmentID(id - 1)]
            _ = try catalog.commit(change)
          }
        } else {
          let kept = try IndexCatalog(directory: root, mode: .reading)
          while !isDone.load(ordering: .sequentiallyConsistent) {
            let catalog = number % 2 == 0 ? kept : try IndexCatalog(directory: root, mode: .reading)
            let snapshot = try catalog.snapshot()
            if snapshot.segments.map(\.id) != [snapshot.generation]
              || snapshot.segments.first.map({ Int64($0.fileCount) }) != snapshot.generation
            {
              problems.withLock { $0.append("torn: \(snapshot)") }
            }
            let files = try catalog.files()
            if Set(files.map { "\($0.state)".split(separator: ",").first.map(String.init) ?? "" }).count != 1 {
              problems.withLock { $0.append("files of several generations") }
            }
            reads.add(1, ordering: .relaxed)
          }
        }
      } catch {
        problems.withLock { $0.append("\(error)") }
      }
    }
    #expect(problems.withLock { $0 } == [])
    #expect(reads.load(ordering: .relaxed) > 4)
    #expect(try IndexCatalog(directory: root, mode: .reading).snapshot().generation == 120)
  }

  @Test func `one catalog may be used by many threads`() throws {
    let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
    let numbers = Mutex<Set<SegmentID>>([])
    threads(6) { _ in
      for _ in 0..<5 {
        guard let id = try? catalog.reserveSegmentID() else { continue }
        _ = try? catalog.snapshot()
        numbers.withLock { _ = $0.insert(id) }
      }
    }
    #expect(numbers.withLock { $0 } == Set(1...30))
  }
}
