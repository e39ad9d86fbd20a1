import Corpus
import IndexStorage
import Primitives
import TestSupport
import Testing

/// The list of commits beside a history's index.
@Suite struct CommitLogTests {
  private func commit(_ number: Int, bytes: Int = 20) throws -> HistoryCommit {
    var id = [UInt8](repeating: 7, count: bytes)
    (id[0], id[1]) = (UInt8(number & 255), UInt8(number >> 8))
    return HistoryCommit(
      id: try #require(GitObjectID(bytes: id)), parents: [try #require(GitObjectID(bytes: id.reversed()))],
      seconds: Int64(1_700_000_000 + number), authorName: Array("Author \(number)".utf8),
      authorAddress: Array("a@example.org".utf8), subject: Array("Subject ü \(number)".utf8))
  }

  private func log(_ numbers: [Int], after log: CommitLog = CommitLog(), limit: Int? = nil) throws -> CommitLog {
    let commits = try numbers.map { try commit($0) }
    return log.updated(to: commits, head: commits.first?.id, limit: limit, isCut: false, isShallow: false)
  }

  private func numbers(_ log: CommitLog) -> [Int] { log.entries.map { Int($0.commit.seconds - 1_700_000_000) } }

  @Test func `what is written is read`() throws {
    var random = SeededRandom(seed: 11)
    for round in 0..<40 {
      var written = try log((0..<random.next(upTo: 30)).map { 100 - $0 }, limit: round % 2 == 0 ? nil : 50)
      written.isCut = round % 3 == 0
      written.isShallow = round % 5 == 0
      written.isPartial = round % 3 == 0
      written.isUnderWay = round % 4 == 0
      for index in written.entries.indices where random.next(upTo: 3) > 0 {
        written.entries[index].removalCount = random.next(upTo: 200)
      }
      #expect(try CommitLog(written.bytes) == written)
    }
    var long = CommitLog()
    let commit = try commit(3, bytes: 32)
    long = long.updated(to: [commit], head: commit.id, limit: nil, isCut: false, isShallow: true)
    #expect(try CommitLog(long.bytes) == long)
  }

  @Test func `whatever byte is changed, it is not read`() throws {
    let bytes = try log([3, 2, 1]).bytes
    for offset in bytes.indices {
      var damaged = bytes
      damaged[offset] ^= 0x10
      #expect(throws: Failure.self) { try CommitLog(damaged) }
    }
    for count in bytes.indices { #expect(throws: Failure.self) { try CommitLog(Array(bytes[..<count])) } }
  }

  @Test func `a commit of which the index has other than its files is not read`() throws {
    var started = try log([4, 3, 2, 1])
    (started.entries[0].removalCount, started.entries[1].removalCount, started.entries[2].removalCount) = (2, 3, 0)
    started.isUnderWay = true
    let counted = started.counted(by: [
      started.entries[0].number: 2, started.entries[1].number: 1, started.entries[3].number: 1,
    ])
    #expect(counted.entries.map(\.removalCount) == [2, nil, 0, nil])
    for index in started.entries.indices { started.entries[index].removalCount = 1 }
    #expect(!started.isRead)
    started.isUnderWay = false
    #expect(started.isRead)
  }

  @Test func `known commits keep their numbers, and no number is given twice`() throws {
    let first = try log([3, 2, 1])
    #expect(numbers(first) == [3, 2, 1])
    let second = try log([5, 4, 3, 2, 1], after: first)
    #expect(numbers(second) == [5, 4, 3, 2, 1])
    for entry in first.entries { #expect(second[number: entry.number]?.commit == entry.commit) }
    // A rewritten history: the numbers of what was dropped stay free.
    let third = try log([8, 3, 2, 1], after: second)
    #expect(numbers(third) == [8, 3, 2, 1])
    #expect(Set(third.entries.map(\.number)).isDisjoint(with: second.entries.prefix(2).map(\.number)))
    // A greater limit brings older ones, which come behind all others.
    let fourth = try log([8, 3, 2, 1, 0], after: third)
    #expect(numbers(fourth) == [8, 3, 2, 1, 0])
    #expect(fourth.entries.map(\.number) == fourth.entries.map(\.number).sorted(by: >))
  }

  @Test func `later commits come first among removals`() throws {
    let log = try log([3, 2, 1])
    let names = log.entries.map { RemovalPath(number: $0.number, parent: 1, path: "src/a.c").name }
    #expect(names == names.sorted())
    let path = try #require(RemovalPath(names[0]))
    #expect(path == RemovalPath(number: log.entries[0].number, parent: 1, path: "src/a.c"))
    for name: FilePath in ["", "src/a.c", "7ffffffe0", "7ffffffe0/", "7ffffffg0/a", "7ffffffe0a"] {
      #expect(RemovalPath(name) == nil)
    }
  }
}
