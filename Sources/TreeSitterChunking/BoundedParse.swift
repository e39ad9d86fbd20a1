import CTreeSitter
import Glibc

/// One parse under the limits of `ParseLimits`. It lives on the stack of the thread that parses, and the callbacks that
/// tree-sitter makes reach it through their payload, or through the thread where they have none.
@unsafe struct BoundedParse {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// Bytes that the parser has asked for so far.
  private let requested: UnsafePointer<Int>
  private var isOver = false

  /// Parses `source` with a parser made for it, so that what came before has no part in the result. Nil if a limit was
  /// passed or the parse did not come to its end (`ParseMemory.end`). Outside an arena (`ParseMemory`) the caller
  /// deletes the tree.
  static func tree(of source: Span<UInt8>, in language: OpaquePointer) -> OpaquePointer? {
    ParseMemory.install()
    return unsafe source.withUnsafeBufferPointer { bytes in
      unsafe ParseMemory.measure { requested in
        var parse = unsafe BoundedParse(bytes: bytes, requested: requested)
        let tree = unsafe withUnsafeMutablePointer(to: &parse) { parse in unsafe run(language, parse) }
        if unsafe !parse.isOver { return unsafe tree }
        if let tree = unsafe tree { unsafe ts_tree_delete(tree) }
        return nil
      }
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, requested: UnsafePointer<Int>) {
    unsafe self.bytes = unsafe bytes
    unsafe self.requested = unsafe requested
  }

  private static func run(_ language: OpaquePointer, _ parse: UnsafeMutablePointer<BoundedParse>) -> OpaquePointer? {
    var input = unsafe TSInput()
    unsafe input.payload = UnsafeMutableRawPointer(parse)
    unsafe input.encoding = TSInputEncodingUTF8
    unsafe input.read = { payload, index, _, count in
      guard let payload = unsafe payload, let count = unsafe count else { return nil }
      let parse = unsafe payload.assumingMemoryBound(to: BoundedParse.self)
      let block = unsafe parse.pointee.block(at: Int(index))
      unsafe count.pointee = UInt32(block.count)
      return unsafe UnsafeRawPointer(block.baseAddress)?.assumingMemoryBound(to: CChar.self)
    }
    var options = unsafe TSParseOptions()
    unsafe options.payload = UnsafeMutableRawPointer(parse)
    unsafe options.progress_callback = { report in
      guard let payload = unsafe report?.pointee.payload else { return true }
      return unsafe payload.assumingMemoryBound(to: BoundedParse.self).pointee.isPastLimit()
    }
    return unsafe ParseMemory.parse(
      cairn_parse(language: language, input: input, options: options, ends_parser: false, tree: nil),
      byteCount: parse.pointee.bytes.count)
  }

  /// The text from `index` on, up to a block of it; nil at the end, and where a limit is passed: the text ends there
  /// for the parser, which then comes to its own end soon.
  private mutating func block(at index: Int) -> UnsafeBufferPointer<UInt8> {
    if unsafe index >= bytes.count || isPastLimit() { return unsafe UnsafeBufferPointer(rebasing: bytes[0..<0]) }
    let end = unsafe min(bytes.count, index + ParseLimits.blockByteCount)
    return unsafe UnsafeBufferPointer(rebasing: bytes[index..<end])
  }

  private mutating func isPastLimit() -> Bool {
    if unsafe isOver { return true }
    unsafe isOver =
      requested.pointee > ParseLimits.maximumAllocation(byteCount: bytes.count)
      || ParseMemory.isOver(with: 0)
    return unsafe isOver
  }
}
