import Chunking
import Corpus
import Disk
import IndexStorage
import Primitives
import ResultNotes
import Searching
import TestSupport
import Testing

/// A file as it is, whatever the index knows of it.
@Suite struct PresentFileTests {
  let test: TestSession
  init() throws { test = try TestSession() }

  private func names(_ path: FilePath, _ session: IndexSession) throws(Failure) -> [String] {
    try session.presentFile(at: path).definitions.map(\.symbol.name)
  }

  @Test func `without an index a file is read, and its symbols are known`() throws {
    let session = try test.session()
    let file = try session.presentFile(at: "dates.py")
    #expect(file.lines.first == "def parse_date(text):" && file.language == "python" && file.isAsIndexed)
    #expect(try names("dates.py", session) == ["parse_date"])
    #expect(!session.index.isFilled(), "an index was made")
  }

  @Test func `it says of a file what the index says, and of one that was changed what it defines now`() throws {
    let session = try test.session()
    let before = try session.presentFile(at: "dates.py")
    _ = try session.find("parse_date")
    #expect(
      try session.presentFile(at: "dates.py") == before
        && session.indexedFile(at: "dates.py", readsText: true) == before)
    try test.tree.write(
      "dates.py", "# new\ndef parse_day(text):\n    return 1\n\ndef parse_date(text):\n    return 2\n")
    try test.tree.write("sub/late.py", "def late():\n    pass\n")
    #expect(try names("dates.py", session) == ["parse_day", "parse_date"])
    #expect(try names("sub/late.py", session) == ["late"])
  }

  @Test func `what a run leaves out is not served, and the reason is said`() throws {
    try test.tree.write(".gitignore", "ignored.py\nbuild/\n")
    try test.tree.write("ignored.py", "def hidden():\n    pass\n")
    try test.tree.write("build/made.py", "def made():\n    pass\n")
    try test.tree.write("node_modules/x/a.js", "function vendored() {}\n")
    try test.tree.write("key.py", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n")
    try test.tree.write("id_rsa", "x\n")
    try test.tree.write("data.bin", "a\0b\n")
    makeLink(test.tree.root.appending("link.py"), to: "dates.py")
    for isIndexed in [false, true] {
      let session = try test.session()
      if isIndexed { _ = try session.find("parse_date") }
      for path in [
        "ignored.py", "build/made.py", "node_modules/x/a.js", "key.py", "id_rsa", "data.bin", "link.py", "nothing.py",
        ".git/config", "../other.py", "dates.py/x",
      ] {
        let failure = failure { () throws(Failure) in try session.presentFile(at: FilePath(path)) }
        #expect(
          failure.map { [.notFound, .leftOut].contains($0.code) } == true, "\(path): \(String(describing: failure))")
      }
    }
  }

  @Test func `a directory is listed without an index, and with what is new`() throws {
    try test.tree.write(".gitignore", "build/\n")
    try test.tree.write("build/made.py", "x = 1\n")
    try test.tree.write("src/deep/a.py", "x = 1\n")
    try test.tree.write("src/b.py", "x = 1\n")
    let session = try test.session()
    let top = try session.presentDirectory("")
    #expect(top.files == [".gitignore", "dates.py", "mail.py"].filter { $0 != ".gitignore" })
    #expect(top.directories.map(\.path) == ["src"])
    let inner = try session.presentDirectory("src")
    #expect(inner.files == ["src/b.py"] && inner.directories.map(\.path) == ["src/deep"])
    for path in ["build", "nowhere", "dates.py"] {
      #expect(
        failure { () throws(Failure) in try session.presentDirectory(FilePath(path)) }?.code == .notFound, "\(path)")
    }
  }

  @Test func `what a run has listed may stand for a walk`() throws {
    try test.tree.write(".gitignore", "*.log\n")
    try test.tree.write("first.log", "x\n")
    let session = try test.session()
    _ = try session.find("parse_date")
    try test.tree.write("second.log", "x\n")
    func names(_ keptAbove: Int?) throws(Failure) -> [FilePath] {
      var paths: [FilePath] = []
      _ = try session.leftOutEntries(in: nil, keptAbove: keptAbove) { paths.append($0.path) }
      return paths.filter { $0.bytes.suffix(4).elementsEqual(".log".utf8) }
    }
    #expect(try names(nil) == ["first.log", "second.log"] && names(1_000) == names(nil))
    let kept = try names(0)
    // A file system whose times cannot be trusted has no list that is kept.
    #expect(try kept == ["first.log"] || kept == names(nil))
  }
}
