import CKernels

/// Finds where one of up to eight literals is in a text, many bytes at a time: by the two bytes of each that source
/// code holds least often, then by comparing. 5 to 20 bytes a nanosecond for one literal.
@safe package final class LiteralFinder: @unchecked Sendable {
  /// The most literals that are searched for at once.
  package static let limit = Int(CK_LITERALS)

  // Written once, in `init`, and then only read; nothing else has the pointers.
  private let literals: UnsafeMutablePointer<ck_literal>
  private let count: Int
  /// The bytes of each literal.
  package let lengths: [Int]

  /// - Parameter wanted: 1 to 8 literals, none empty; the letters of one that folds their case are small.
  package init(_ wanted: [(bytes: [UInt8], foldsCase: Bool)]) {
    precondition(!wanted.isEmpty && wanted.count <= Self.limit && wanted.allSatisfy { !$0.bytes.isEmpty })
    count = wanted.count
    lengths = wanted.map(\.bytes.count)
    unsafe literals = UnsafeMutablePointer<ck_literal>.allocate(capacity: count)
    for (index, literal) in wanted.enumerated() {
      let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: literal.bytes.count)
      unsafe bytes.initialize(from: literal.bytes, count: literal.bytes.count)
      let (first, second) = Self.rarest(literal.bytes)
      unsafe (literals + index).initialize(
        to: ck_literal(
          bytes: UnsafePointer(bytes), length: literal.bytes.count, first: first, second: second,
          folds: literal.foldsCase ? 1 : 0))
    }
  }

  deinit {
    for index in 0..<count { unsafe UnsafeMutablePointer(mutating: literals[index].bytes)?.deallocate() }
    unsafe literals.deallocate()
  }

  /// The least offset in `range` of `text` from which on one of the literals is there whole, with its length; nil if
  /// there is none. Where several begin at one offset, the first in the order of `init`.
  ///
  /// - Parameter text: all of the bytes up to the range's end can be read.
  @unsafe package func find(
    in text: UnsafePointer<UInt8>, _ range: Range<Int>
  ) -> (offset: Int, length: Int)? {
    var which = 0
    let found = unsafe ck_find_literals(text, range.lowerBound, range.upperBound, literals, count, &which)
    return found < range.upperBound ? (found, lengths[which]) : nil
  }

  /// Where the two bytes are that source code holds least often.
  private static func rarest(_ bytes: [UInt8]) -> (Int, Int) {
    let order = bytes.indices.sorted { commonness[Int(bytes[$0])] < commonness[Int(bytes[$1])] }
    guard let second = order.dropFirst().first(where: { bytes[$0] != bytes[order[0]] }) else {
      return (order[0], order.count > 1 ? order[1] : order[0])
    }
    return (order[0], second)
  }

  /// How often the literal's rarest byte comes in source code: 255 for a blank, 16 less for each halving.
  package static func commonness(of bytes: [UInt8]) -> Int {
    bytes.map { Int(commonness[Int($0)]) }.min() ?? 255
  }

  /// Counted in files of the Linux kernel, of .NET and of this repository.
  private static let commonness: [UInt8] = {
    var table = [UInt8](repeating: 30, count: 256)
    table[9] = 217
    table[10] = 217
    let printable: [UInt8] = [
      255, 133, 156, 166, 75, 122, 156, 103, 192, 192, 184, 136, 191, 182, 173, 170,
      203, 178, 174, 161, 154, 145, 153, 135, 155, 131, 150, 190, 136, 180, 178, 99,
      107, 199, 172, 197, 188, 202, 184, 176, 170, 196, 89, 160, 190, 190, 193, 190,
      191, 133, 196, 196, 200, 177, 156, 148, 156, 145, 131, 141, 122, 141, 38, 233,
      91, 213, 184, 210, 209, 229, 201, 185, 189, 217, 114, 182, 203, 193, 215, 209,
      200, 152, 217, 216, 224, 201, 184, 169, 184, 169, 136, 160, 130, 160, 73,
    ]
    for (index, value) in printable.enumerated() { table[32 + index] = value }
    return table
  }()
}

/// Whether `text` is all ASCII: 50 bytes a nanosecond.
@unsafe package func isAllASCII(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
  unsafe ck_is_ascii(text, count) != 0
}

/// The greatest offset in `range` of `text` at which `byte` is; nil if it is nowhere.
@unsafe package func lastByte(_ byte: UInt8, in text: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int? {
  let found = unsafe ck_last_byte(text, range.lowerBound, range.upperBound, byte)
  return found < range.upperBound ? found : nil
}

/// The least offset in `range` of `text` at which `byte` is; nil if it is nowhere.
@unsafe package func firstByte(_ byte: UInt8, in text: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int? {
  let found = unsafe ck_first_byte(text, range.lowerBound, range.upperBound, byte)
  return found < range.upperBound ? found : nil
}
