import Primitives

/// Where everything goes in a merge: the live files in their new order, and the new number of every file and chunk.
struct MergePlan {
  struct File {
    var source: UInt32
    var number: UInt32
  }
  static let gone = UInt32.max

  private(set) var files: [File] = []
  /// By source and file; `gone` for a tombstoned one.
  private(set) var fileNumbers: [[UInt32]] = []
  /// By source and chunk; `gone` for one of a tombstoned file.
  private(set) var chunkNumbers: [[UInt32]] = []
  private(set) var chunkCount = 0

  init(_ sources: [Segment], tombstoned: [BitSet], _ cancellation: Cancellation) throws(Failure) {
    fileNumbers = sources.map { Array(repeating: Self.gone, count: $0.fileCount) }
    chunkNumbers = sources.map { Array(repeating: Self.gone, count: $0.chunkCount) }
    var heads = sources.map { PathHead($0) }
    while true {
      try cancellation.check()
      // The sources are few: a linear scan is as fast as a heap.
      var least: Int?
      for i in heads.indices where !heads[i].isAtEnd {
        if let found = least, !heads[i].path.precedes(heads[found].path) { continue }
        least = i
      }
      guard let least else { break }
      let number = heads[least].number
      heads[least].advance(sources[least])
      if tombstoned[least].contains(number) { continue }
      fileNumbers[least][number] = UInt32(truncatingIfNeeded: files.count)
      files.append(File(source: UInt32(least), number: UInt32(truncatingIfNeeded: number)))
      for chunk in sources[least].chunks(ofFile: number) {
        chunkNumbers[least][chunk] = UInt32(truncatingIfNeeded: chunkCount)
        chunkCount += 1
      }
    }
  }
}

/// The next path of one source.
private struct PathHead {
  private(set) var number = -1
  private(set) var path: [UInt8] = []
  private var offset = 0
  private let count: Int
  var isAtEnd: Bool { number >= count }

  init(_ source: Segment) {
    count = source.fileCount
    advance(source)
  }

  mutating func advance(_ source: Segment) {
    number += 1
    if number < count { source.paths.read(number, at: &offset, into: &path) }
  }
}

/// What a merge wrote, and where everything went.
package struct MergeResult: Sendable {
  /// The size of the merged segment.
  package let byteCount: Int
  /// By source and file; `MergePlan.gone` for a tombstoned one.
  private let fileNumbers: [[UInt32]]

  init(byteCount: Int, fileNumbers: [[UInt32]]) {
    self.byteCount = byteCount
    self.fileNumbers = fileNumbers
  }

  /// The new number of a file of a source; nil for a tombstoned one.
  package func newNumber(ofFile file: Int, in source: Int) -> Int? {
    let number = fileNumbers[source][file]
    return number == MergePlan.gone ? nil : Int(number)
  }
}
