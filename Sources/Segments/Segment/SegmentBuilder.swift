package import Primitives

/// A segment in the making: takes files in the order of their paths, keeps everything in memory, cannot be searched.
package struct SegmentBuilder: ~Copyable {
  package init(dimensions: Int) {}

  /// Adds a file and gives its number in the segment: 0, 1, 2 ... Paths must ascend.
  package mutating func add(_ file: PreparedFile) -> Int { 0 }

  package var fileCount: Int { 0 }
  package var chunkCount: Int { 0 }
  /// About how much memory the builder holds. A function of what was added alone, so that the same files are
  /// divided into the same segments on every machine.
  package var memoryByteCount: Int { 0 }

  /// Writes the segment to `path`, durable and whole or not at all. Gives its size in bytes.
  package consuming func write(to path: FilePath) throws(Failure) -> Int { 0 }
}
