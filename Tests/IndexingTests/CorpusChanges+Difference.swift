import Corpus
import Disk
import Inspection
import Primitives

extension CorpusListing {
  /// What a walk of the tree at `root` finds.
  init(of root: FilePath, _ options: WalkOptions = WalkOptions()) throws(Failure) {
    self = try CorpusWalker(root: root, options: options).list()
  }
}

extension CorpusChanges {
  /// What is to be told of two walks, one after the other.
  init(from old: CorpusListing, to new: CorpusListing) {
    let known = Set(old.files)
    let listed = Set(new.files.map(\.path))
    let leftOutBefore = Set(old.skipped)
    var leftOut: [SkipReason: Int] = [:]
    for entry in new.skipped { leftOut[entry.reason, default: 0] += 1 }
    self.init(
      files: new.files.filter { !known.contains($0) }, gone: old.files.map(\.path).filter { !listed.contains($0) },
      skipped: new.skipped.filter { !leftOutBefore.contains($0) }, leftOut: leftOut, fileCount: new.files.count,
      unread: new.unread, isCut: new.isCut)
  }
}
