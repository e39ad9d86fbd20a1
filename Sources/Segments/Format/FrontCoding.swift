/// A sorted run of byte strings, each kept as what it does not share with the one before it.
///
/// | bytes | what |
/// |---|---|
/// | 1 | low 4 bits: how many bytes are shared; high 4 bits: how many follow; 15 means 15 and the number below |
/// | varint | shared - 15, where the low bits are 15 |
/// | varint | following - 15, where the high bits are 15 |
/// | ... | the bytes that follow |
enum FrontCoding {
  /// Appends `next`, which follows `previous`, to `output`.
  static func append(_ next: Span<UInt8>, after previous: [UInt8], to output: inout [UInt8]) {
    let limit = min(next.count, previous.count)
    var shared = 0
    while shared < limit, next[shared] == previous[shared] { shared += 1 }
    let rest = next.count - shared
    output.append(UInt8(min(shared, 15)) | UInt8(min(rest, 15)) << 4)
    if shared >= 15 { output.append(varint: shared - 15) }
    if rest >= 15 { output.append(varint: rest - 15) }
    output.append(next.extracting(shared..<next.count))
  }

  /// Reads how many bytes a string shares with the one before it, and how many follow.
  @inline(__always)
  static func readCounts(_ cursor: inout ByteCursor) -> (shared: Int, rest: Int) {
    let head = cursor.byte()
    var shared = Int(head & 15)
    var rest = Int(head >> 4)
    if shared == 15 { shared += cursor.varint() }
    if rest == 15 { rest += cursor.varint() }
    return (shared, rest)
  }

  /// Reads one string of at most `limit` bytes and puts it in place of `current`, the one before it.
  @inline(__always)
  static func read(_ cursor: inout ByteCursor, limit: Int, into current: inout [UInt8]) {
    let (shared, rest) = readCounts(&cursor)
    guard shared <= current.count, shared + rest <= limit else {
      cursor.fail()
      current.removeAll(keepingCapacity: true)
      return
    }
    current.removeLast(current.count - shared)
    cursor.read(rest, into: &current)
  }
}
