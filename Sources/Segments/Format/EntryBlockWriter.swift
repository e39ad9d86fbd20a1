/// The blocks of a dictionary in a section, one after the other: a varint with the byte count of a block's entries, the
/// entries, and the lists that they speak of, contiguous. What is finished is kept until it is taken.
struct EntryBlockWriter {
  /// Of the block that is being written.
  var entries: [UInt8] = []
  var lists: [UInt8] = []
  /// Bytes to be appended to the section; the caller takes them whenever it likes.
  private(set) var output: [UInt8] = []
  private var taken = 0

  /// Where the next block begins, once the one before it is finished.
  var offset: Int { taken + output.count }

  /// Ends a block; one without entries is left out.
  mutating func finishBlock() {
    if entries.isEmpty { return }
    output.append(varint: entries.count)
    output.append(contentsOf: entries)
    output.append(contentsOf: lists)
    entries.removeAll(keepingCapacity: true)
    lists.removeAll(keepingCapacity: true)
  }

  /// The bytes since the last call.
  mutating func take() -> [UInt8] {
    taken += output.count
    defer { output = [] }
    return output
  }
}
