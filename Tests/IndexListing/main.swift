import Catalog
import Chunking
import Glibc
import IndexStorage
import Inspection
import Primitives
import Segments
import TestSupport

// Everything that an index holds, a line for each thing, in the order of paths and lines: two indexes of the same tree
// print the same, however each came about. `Scripts/model` compares one that went through many changes with a new one.
//
//     cairn-index-listing DIRECTORY
//
//     complete | incomplete             whether the index has all of its tree
//     file PATH HASH                    a file that is indexed, by its content
//     skipped PATH REASON               one that the run has read and left out
//     chunk PATH LINES HASH VECTOR      a chunk: its lines, the hash of what is searched of it, one of its embedding

/// As one word on one line, whatever the name.
func word(_ path: FilePath) -> String { String(reflecting: path.description) }

func list(_ directory: FilePath) throws(Failure) {
  let catalog = try IndexCatalog(directory: directory, mode: .reading)
  print(try catalog.snapshot().isComplete ? "complete" : "incomplete")
  for file in try catalog.files() {
    switch file.state {
    case .indexed: print("file \(word(file.path)) \(file.contentHash)")
    case .skipped(let reason): print("skipped \(word(file.path)) \(reason.rawValue)")
    }
  }
  for chunk in liveChunks(try StoredIndex(directory: directory).snapshot()) {
    let digits = Array(chunk.vector.map { String($0.bitPattern, radix: 16) }.joined(separator: " ").utf8)
    let vector = ContentHash(of: digits.span)
    let lines = "\(chunk.chunk.lines.lowerBound)-\(chunk.chunk.lines.upperBound)"
    print("chunk \(word(chunk.path)) \(lines) \(chunk.contentHash.bits) \(vector)")
  }
}

guard CommandLine.arguments.count == 2 else {
  print("usage: cairn-index-listing DIRECTORY")
  exit(2)
}
do throws(Failure) {
  try list(FilePath(CommandLine.arguments[1]))
} catch {
  print("cairn-index-listing: \(error)")
  exit(2)
}
