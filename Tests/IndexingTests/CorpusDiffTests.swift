import Catalog
import Corpus
import Indexing
import Inspection
import Primitives
import Testing

@Suite struct CorpusDiffTests {
  /// The same by lookup in a dictionary.
  func slowly(
    _ files: [SourceFile], _ known: [FileRecord]
  ) -> (diff: CorpusDiff, filesToRead: [CorpusDiff.FileToRead]) {
    var diff = CorpusDiff(of: [])
    var filesToRead: [CorpusDiff.FileToRead] = []
    let records = Dictionary(uniqueKeysWithValues: known.map { ($0.path, $0) })
    let paths = Set(files.map(\.path))
    for file in files {
      guard let record = records[file.path], record.fingerprint == file.fingerprint else {
        filesToRead.append(CorpusDiff.FileToRead(file: file, known: records[file.path]))
        continue
      }
      if case .skipped(let reason) = record.state {
        diff.unchangedSkipped[reason, default: 0] += 1
      } else {
        diff.unchangedCount += 1
      }
    }
    diff.gone = known.filter { !paths.contains($0.path) }
    return (diff, filesToRead)
  }

  @Test func `one pass over two sorted lists finds what a dictionary finds`() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<300 {
      var files: [SourceFile] = []
      var known: [FileRecord] = []
      for first in UInt8(0)..<UInt8.random(in: 0...20, using: &random) {
        let path = FilePath(bytes: first % 3 == 0 ? [first &* 17] : [first &* 17, first])
        let print = Fingerprint(byteCount: Int.random(in: 0...1, using: &random), modified: 1, changed: 1, inode: 1)
        if Bool.random(using: &random) { files.append(SourceFile(path: path, fingerprint: print)) }
        if Bool.random(using: &random) {
          let state: FileRecord.State =
            Bool.random(using: &random)
            ? .indexed(segment: 1, number: 2) : .skipped([.binary, .empty].randomElement(using: &random)!)
          known.append(
            FileRecord(
              path: path, fingerprint: Fingerprint(byteCount: 0, modified: 1, changed: 1, inode: 1),
              contentHash: ContentHash(high: 0, low: 0), state: state))
        }
      }
      files.sort { $0.path < $1.path }
      known.sort { $0.path < $1.path }
      var diff = CorpusDiff(of: files)
      for record in known { diff.add(record) }
      diff.finish()
      let (expected, filesToRead) = slowly(files, known)
      #expect((0..<diff.readCount).map { diff.fileToRead($0) } == filesToRead)
      #expect((0..<diff.readCount).map { diff.byteCountToRead($0) } == filesToRead.map(\.file.fingerprint.byteCount))
      #expect(diff.gone == expected.gone)
      #expect(diff.unchangedCount == expected.unchangedCount)
      #expect(diff.unchangedSkipped == expected.unchangedSkipped)
    }
  }
}
