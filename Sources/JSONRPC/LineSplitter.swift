/// Cuts a stream of bytes into lines, whose length is bounded: of a longer one nothing is kept. Memory for one line.
package struct LineSplitter: Sendable {
  package enum Line: Hashable, Sendable {
    /// Without its line break.
    case whole([UInt8])
    /// It has more bytes than the limit.
    case tooLong
  }

  private let limit: Int
  private var partial: [UInt8] = []
  /// Whether the rest of the line goes the way of its beginning.
  private var isSkipping = false

  package init(limit: Int) { self.limit = limit }

  /// Takes what was read, and calls `body` with each line that ends in it. Blank lines are none.
  package mutating func add(_ bytes: [UInt8], _ body: (Line) -> Void) {
    let newline = UInt8(ascii: "\n")
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: newline) {
      append(bytes[start..<end])
      finishLine(body)
      start = end + 1
    }
    append(bytes[start...])
  }

  /// The end of the stream: what came after the last line break is a line too.
  package mutating func finish(_ body: (Line) -> Void) { finishLine(body) }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    if isSkipping { return }
    if partial.count + bytes.count > limit {
      isSkipping = true
      partial = []
    } else {
      partial += bytes
    }
  }

  private mutating func finishLine(_ body: (Line) -> Void) {
    let line = partial
    partial = []
    if isSkipping {
      isSkipping = false
      return body(.tooLong)
    }
    let blanks: [UInt8] = [0x20, 0x09, 0x0D]
    if line.allSatisfy({ blanks.contains($0) }) { return }
    body(.whole(line.last == 0x0D ? Array(line.dropLast()) : line))
  }
}
