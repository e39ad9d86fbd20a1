import Kernels

/// Which grams there are, and their numbers: part of the format (`GramWriter`).
///
/// Three bytes each, out of printable ASCII and tabs; capitals are taken as small letters. No gram has a line break,
/// another control character or a byte beyond ASCII in it, so that it says the same of a file's own bytes and of its
/// text, whatever its encoding and its line ends are.
enum GramAlphabet {
  static let byteCount = 3
  /// By how often code has them, so that the numbers of a file's grams lie close.
  private static let symbols = Array(" \te_tarinsolcdpumfghbvkxyw0\"(),;-.*=>/12&3845679:<{}q+zj[]'#!|\\%?@$^`~".utf8)
  /// Above every number.
  static let gramCount = symbols.count * symbols.count * symbols.count

  private static let none = GramKernels.Table.none
  /// By byte, the index of its symbol; `none` for one that has none.
  private static let indices: [UInt32] = {
    var indices = [UInt32](repeating: none, count: 256)
    for (index, symbol) in symbols.enumerated() { indices[Int(symbol)] = UInt32(index) }
    for capital in UInt8(ascii: "A")...UInt8(ascii: "Z") { indices[Int(capital)] = indices[Int(capital | 0x20)] }
    return indices
  }()

  static let table: GramKernels.Table = {
    var entries: [UInt32] = []
    for factor in [symbols.count * symbols.count, symbols.count, 1] {
      for index in indices { entries.append(index == none ? none : index * UInt32(factor)) }
    }
    return GramKernels.Table(entries, limit: gramCount)
  }()

  /// The distinct grams that a text with `literal` in it has for certain; none for a literal that says nothing.
  static func grams(of literal: [UInt8]) -> [Int] {
    var grams: Set<Int> = []
    for offset in literal.indices.dropLast(byteCount - 1) {
      var number: Int? = 0
      for byte in literal[offset..<offset + byteCount] {
        let index = indices[Int(byte)]
        number = index == none ? nil : number.map { $0 * symbols.count + Int(index) }
        if number == nil { break }
      }
      if let number { grams.insert(number) }
    }
    return grams.sorted()
  }
}
