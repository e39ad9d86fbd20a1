import Corpus

extension PartInput {
  /// Listing the tree: directories, ignore files, the status of every file. One thread, so that it can be counted.
  func walk() throws -> Part {
    var options = WalkOptions()
    options.threadCount = 1
    let walker = CorpusWalker(root: root, options: options)
    let count = try walker.list().files.count
    return Part("walk", per: "file", count: count) { keep(try walker.list().files.count) }
  }
}
