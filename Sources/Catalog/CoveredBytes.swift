import Corpus
import Inspection
import Primitives

/// The values that a checksum covers, one after the other: numbers in 8 bytes, bytes with their count before them, so
/// that no two different lists of values have the same bytes.
struct CoveredBytes {
  private var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func add(_ number: UInt64) {
    var rest = number
    for _ in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }
  mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }
  mutating func add(_ number: Int) { add(Int64(number)) }
  mutating func add(_ text: [UInt8]) {
    add(text.count)
    bytes.append(contentsOf: text)
  }
  mutating func add(_ text: String) { add(Array(text.utf8)) }

  var checksum: UInt64 { Primitives.checksum(bytes.span) }
}

extension CoveredBytes {
  /// The checksum of the row of `file` in `build`.
  mutating func checksum(of file: FileRecord, build: Int64) -> UInt64 {
    removeAll()
    add(build)
    add(file.path.bytes)
    add(file.fingerprint.byteCount)
    add(file.fingerprint.modified)
    add(file.fingerprint.changed)
    add(file.fingerprint.inode)
    add(file.contentHash.high)
    add(file.contentHash.low)
    switch file.state {
    case .indexed(let segment, let number):
      add(1)
      add(segment)
      add(number)
    case .skipped(let reason):
      add(2)
      add(reason.rawValue)
    }
    return checksum
  }
}

/// How many rows of files a build has, and the sum of their checksums modulo 2^64, which a commit keeps up to date row
/// by row: no row can change, come or go without it.
struct FileTotals: Hashable {
  var count = 0
  var checksum: UInt64 = 0

  mutating func add(_ row: UInt64) {
    count += 1
    checksum &+= row
  }
  mutating func remove(_ row: UInt64) {
    count -= 1
    checksum &-= row
  }
}
