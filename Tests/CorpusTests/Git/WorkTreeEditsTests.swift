import Corpus
import Disk
import Primitives
import TestSupport
import Testing

/// What an index of a tree knows of its files is compared with git's index; `git status` is the reference.
@Suite struct WorkTreeEditsTests {
  private let repository: TestRepository

  init() throws {
    repository = try TestRepository()
    for number in 0..<6 { try repository.write(FilePath("src/f\(number).c"), "int f\(number);\n") }
    try repository.write("a b.txt", "text\n")
    _ = try repository.commit("first")
  }

  /// The files as an index would know them, in the order of their paths.
  private func edits(without left: Set<String> = []) throws -> (count: Int, hasStaged: Bool?)? {
    guard var edits = WorkTreeEdits(around: repository.root) else { return nil }
    let paths = try repository.git("ls-files", "-co", "--exclude-standard", "-z").split(separator: "\0").map(
      String.init)
    for path in Set(paths).subtracting(left).map({ FilePath($0) }).sorted() {
      guard let status = try? FileStatus(of: repository.root.appending(path), followsLinks: false) else { continue }
      edits.take(path, Fingerprint(status))
    }
    return (edits.finish(), edits.hasStaged)
  }

  private func reference() throws -> Int {
    try repository.git("status", "--porcelain", "-uall", "-z").split(separator: "\0").count
  }

  @Test func `a tree as it was committed has no edits`() throws {
    let edits = try #require(try edits())
    #expect(edits.count == 0)
    #expect(edits.hasStaged == false)
  }

  @Test func `new, changed and removed files are counted as git counts them`() throws {
    try repository.write("src/f1.c", "int changed;\n")
    try repository.write("src/new.c", "int new;\n")
    try repository.write("zz.c", "int last;\n")
    try removeFile(repository.root.appending("src/f3.c"))
    let edits = try #require(try edits())
    #expect(edits.count == 4)
    #expect(try reference() == 4)
    #expect(edits.hasStaged == false)
  }

  @Test func `what is added and not committed is told`() throws {
    try repository.write("src/f1.c", "int changed;\n")
    try repository.git("add", "src/f1.c")
    let edits = try #require(try edits())
    #expect(edits.hasStaged == true)
    _ = try repository.commit("second")
    #expect(try self.edits()?.hasStaged == false)
  }

  @Test func `a file that the index leaves out counts only where it has changed`() throws {
    let left: Set<String> = ["src/f0.c", "src/f5.c", "a b.txt"]
    #expect(try edits(without: left)?.count == 0)
    try repository.write("src/f5.c", "int longer_than_before;\n")
    #expect(try edits(without: left)?.count == 1)
  }

  @Test func `a copy of a tree with its times has no edits, and without a repository nothing is known`() throws {
    let copy = try TemporaryTree()
    try repository.shell("cp -a . '\(copy.root)'")
    var edits = try #require(WorkTreeEdits(around: copy.root))
    for path in ["a b.txt"] + (0..<6).map({ "src/f\($0).c" }) {
      edits.take(FilePath(path), Fingerprint(try FileStatus(of: copy.root.appending(path))))
    }
    #expect(edits.finish() == 0)
    #expect(WorkTreeEdits(around: try TemporaryTree().root) == nil)
  }
}
