import Disk
import Primitives

/// The slow twin of `StaticModel`: the packed file read by its byte table into ordinary collections, the rules of
/// `Models/README.md` followed word for word, every sum in double precision.
struct ReferenceModel {
  var contentHash: [UInt8]
  var dimensions: Int
  /// In the order of the rows; `##` begins a continuation.
  var pieces: [[UInt8]]
  var rowOfPiece: [[UInt8]: Int] = [:]
  var documentScales: [UInt16]
  var queryScales: [UInt16]
  var rows: [Int8]

  init(_ path: FilePath) throws {
    let file = try readFile(path).bytes
    func number(_ offset: Int, _ byteCount: Int) -> Int {
      (0..<byteCount).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) }
    }
    let rowCount = number(32, 4)
    dimensions = number(60, 4)
    contentHash = Array(file[64..<80])
    let (slotCount, slotsAt, scalesAt) = (number(36, 4), number(40, 4), number(44, 4))
    let (rowsAt, unreachableAt, unreachableByteCount) = (number(48, 4), number(52, 4), number(56, 4))
    documentScales = (0..<rowCount).map { UInt16(number(scalesAt + 4 * $0, 2)) }
    queryScales = (0..<rowCount).map { UInt16(number(scalesAt + 4 * $0 + 2, 2)) }
    rows = file[rowsAt..<(rowsAt + rowCount * dimensions)].map { Int8(bitPattern: $0) }

    let slots = (0..<slotCount).map { slot in
      let bits = number(slotsAt + 8 * slot, 8)
      return (parent: bits & 0x1F_FFFF, base: bits >> 21 & 0x1F_FFFF, row: bits >> 42)
    }
    pieces = Array(repeating: [], count: rowCount)
    for (number, slot) in slots.enumerated() where slot.parent != 0x1F_FFFF && slot.row != 0 {
      var spelling: [UInt8] = []
      var at = number
      while at > 1 {
        spelling.insert(UInt8(at - slots[slots[at].parent].base), at: 0)
        at = slots[at].parent
      }
      pieces[slot.row - 1] = (at == 1 ? Array("##".utf8) : []) + spelling
    }
    var at = unreachableAt
    while at < unreachableAt + unreachableByteCount {
      pieces[number(at, 4)] = Array(file[(at + 5)..<(at + 5 + Int(file[at + 4]))])
      at += 5 + Int(file[at + 4])
    }
    for (row, piece) in pieces.enumerated() { rowOfPiece[piece] = row }
  }

  /// The file that the packed one was made from.
  var exchangeFile: [UInt8] {
    let vocabulary = Array(pieces.joined(separator: [UInt8(ascii: "\n")]))
    var file = Array("SEMB".utf8)
    for number in [1, pieces.count, dimensions, vocabulary.count] { file.append(littleEndian: UInt32(number)) }
    file += vocabulary
    for scale in documentScales + queryScales { file.append(littleEndian: scale) }
    return file + rows.map { UInt8(bitPattern: $0) }
  }

  // MARK: The rules

  /// Rule 1.
  func words(_ text: [UInt8]) -> [[UInt8]] {
    func isCapital(_ at: Int) -> Bool { at < text.count && (65...90).contains(text[at]) }
    func isSmall(_ at: Int) -> Bool { at < text.count && (97...122).contains(text[at]) }
    func isDigit(_ at: Int) -> Bool { at < text.count && (48...57).contains(text[at]) }
    func run(_ start: Int, _ belongs: (Int) -> Bool) -> Int {
      var end = start
      while belongs(end) { end += 1 }
      return end
    }
    /// The longest run of capitals from `start` that a capital and a small letter follow.
    func capitalsBeforeWord(_ start: Int) -> Int {
      var end = run(start, isCapital)
      while end > start, !(isCapital(end) && isSmall(end + 1)) { end -= 1 }
      return end
    }
    func smallLetters(_ start: Int) -> Int {
      let letters = isCapital(start) ? start + 1 : start
      let end = run(letters, isSmall)
      return end > letters ? end : start
    }
    var words: [[UInt8]] = []
    var at = 0
    while at < text.count {
      let ends = [capitalsBeforeWord(at), smallLetters(at), run(at, isCapital), run(at, isDigit)]
      guard let end = ends.first(where: { $0 > at }) else {
        at += 1
        continue
      }
      if !isDigit(at) || end - at <= 4 {
        words.append(text[at..<end].map { (65...90).contains($0) ? $0 + 32 : $0 }.prefix(32).map(\.self))
      }
      at = end
    }
    return words
  }

  /// Rule 2.
  func pieces(ofWord word: [UInt8]) -> [[UInt8]] {
    if rowOfPiece[word] != nil { return [word] }
    var found: [[UInt8]] = []
    var at = 0
    while at < word.count {
      let mark = at == 0 ? [] : Array("##".utf8)
      let piece = stride(from: word.count, to: at, by: -1).lazy
        .map { end in mark + word[at..<end] }.first { rowOfPiece[$0] != nil }
      if let piece { found.append(piece) }
      at += piece.map { $0.count - mark.count } ?? 1
    }
    return found
  }

  /// Rule 3 with rule 5.
  func vector(document text: [UInt8], path: String, dimensions: Int) -> [Double] {
    let words = words(text)
    var sum = [Double](repeating: 0, count: self.dimensions)
    let counts = words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    for (word, count) in counts { add(word, Double(min(count, 255)).squareRoot(), documentScales, &sum) }
    let stem =
      path.contains(".") ? path.split(separator: ".", omittingEmptySubsequences: false).dropLast() : [path[...]]
    let components = stem.joined(separator: ".").split(separator: "/", omittingEmptySubsequences: false).suffix(4)
    for word in self.words(Array(components.joined(separator: "/").utf8)) { add(word, 1, documentScales, &sum) }
    return unit(Array(sum.prefix(dimensions)))
  }

  /// Rule 4 with rule 5.
  func vector(query: String, dimensions: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: self.dimensions)
    for word in words(Array(query.utf8)) { add(word, 1, queryScales, &sum) }
    return unit(Array(sum.prefix(dimensions)))
  }

  private func add(_ word: [UInt8], _ factor: Double, _ scales: [UInt16], _ sum: inout [Double]) {
    for piece in pieces(ofWord: word) {
      let row = rowOfPiece[piece]!
      for i in 0..<dimensions { sum[i] += factor * Self.half(scales[row]) * Double(rows[row * dimensions + i]) }
    }
  }

  private func unit(_ sum: [Double]) -> [Double] {
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? sum.map { $0 / length } : sum
  }

  /// A number in half precision, by the definition.
  static func half(_ bits: UInt16) -> Double {
    let sign: Double = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023) / 1024
    func power(_ n: Int) -> Double { n < 0 ? 1 / Double(1 << -n) : Double(1 << n) }
    return sign * (exponent == 0 ? fraction * power(-14) : (1 + fraction) * power(exponent - 15))
  }
}
