import CModel
import Disk
import Primitives

/// The tables of a packed model where they lie. Nothing is copied and nothing is built; every index that comes from the
/// tables is checked where it is used, so that a damaged model gives an error and never a read outside of it.
struct PackedModel: ~Escapable {
  /// The trie of the pieces; `Models/pack` describes a slot.
  private let slots: Span<UInt64>
  /// For each row its document scale (low half) and its query scale, in half precision.
  private let scales: Span<UInt32>
  let rows: Span<Int8>
  /// Components of a row.
  let stride: Int

  /// - Parameter bytes: what `layout` was read from; begins at a multiple of 8.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, layout: PackedModelLayout) {
    // The sections begin at multiples of 64, and `extracting` checks their bounds. Numbers are little endian, as are
    // all processors that Cairn runs on.
    slots = unsafe Span(_bytes: bytes.extracting(layout.slots).bytes)
    scales = unsafe Span(_bytes: bytes.extracting(layout.scales).bytes)
    rows = unsafe Span(_bytes: bytes.extracting(layout.rows).bytes)
    stride = layout.dimensions
  }

  /// Calls `body` with the row and the bytes of each piece of `word`, from the left.
  ///
  /// The word itself if it is a piece, else its longest prefix that is one, then the longest continuation of it, and so
  /// on; a byte that begins no piece is left out. As a word is its own longest prefix, both are one walk down the trie.
  @inline(__always)
  func forEachPiece(of word: Word, _ body: (_ row: Int, _ range: Range<Int>) -> Void) throws(Failure) {
    var start = 0
    while start < Word.longest, word[start] != 0 {
      var slot = start == 0 ? 0 : 1
      var entry = slots[slot]
      var found: UInt64 = 0
      var end = start
      var index = start
      while index < Word.longest {
        let byte = word[index]
        if byte == 0 { break }
        let child = Int(truncatingIfNeeded: entry &>> 21 & 0x1F_FFFF) &+ Int(byte)
        guard child < slots.count else { break }
        entry = slots[child]
        guard entry & 0x1F_FFFF == UInt64(truncatingIfNeeded: slot) else { break }
        slot = child
        index &+= 1
        let row = entry &>> 42
        if row != 0 {
          found = row
          end = index
        }
      }
      if found == 0 {
        start &+= 1
        continue
      }
      guard found <= scales.count else {
        throw Failure(.damaged, "the model names a row that it does not have; copy it again")
      }
      body(Int(found) &- 1, start..<end)
      start = end
    }
  }

  @inline(__always) func documentScale(_ row: Int) -> Float { Self.float(half: scales[row] & 0xFFFF) }
  @inline(__always) func queryScale(_ row: Int) -> Float { Self.float(half: scales[row] &>> 16) }

  /// A number in half precision: the same bits in a float, whose exponent counts from 127 and not from 15. Exact, also
  /// for subnormal numbers; always finite.
  @inline(__always)
  private static func float(half: UInt32) -> Float {
    let magnitude = Float(bitPattern: (half & 0x7FFF) &<< 13) * 0x1p112
    return half & 0x8000 == 0 ? magnitude : -magnitude
  }
}

/// Where the bytes of a packed model are: in the program itself, or in a file of their own. Both are mapped.
enum ModelBytes: Sendable {
  case builtIn
  case file(MappedFile)

  /// Throws where the file was cut while it was read: to be called before anything made from it is given away.
  func checkWhole() throws(Failure) {
    if case .file(let file) = self { try file.checkWhole() }
  }

  /// The whole model; begins at a multiple of 64.
  var bytes: Span<UInt8> {
    @_lifetime(borrow self) get {
      switch self {
      case .builtIn:
        // Read-only data of the program: it outlives every borrow.
        let span = unsafe Span(_unsafeStart: cmodel_bytes(), count: cmodel_byte_count())
        return unsafe _overrideLifetime(span, borrowing: self)
      case .file(let file):
        return unsafe _overrideLifetime(file.bytes, borrowing: self)
      }
    }
  }
}
