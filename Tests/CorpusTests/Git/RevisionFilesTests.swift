import Corpus
import Disk
import Primitives
import TestSupport
import Testing

/// A commit as a corpus: what is in it, and the fingerprints of its files.
@Suite struct RevisionFilesTests {
  let repository: TestRepository
  let never = Cancellation()

  init() throws { repository = try TestRepository() }

  private func files(_ revision: String = "HEAD") throws -> RevisionFiles {
    let command = try GitCommand(root: repository.root, environment: repository.variables)
    return RevisionFiles(try command.resolve(Array(revision.utf8), cancellation: never), in: command)
  }

  /// The same commit as a walk of a checkout sees it, and as its objects are listed.
  private func compare(_ options: WalkOptions) throws {
    let listed = try files().list(options, cancellation: never)
    let walked = try CorpusWalker(root: repository.root, options: options, environment: GitEnvironment()).list()
    #expect(listed.files.map(\.path) == walked.files.map(\.path))
    #expect(listed.files.map(\.includesSecrets) == walked.files.map(\.includesSecrets))
    #expect(listed.files.map(\.includesGenerated) == walked.files.map(\.includesGenerated))
    #expect(
      listed.skipped.map { "\($0.path) \($0.reason) \($0.isDirectory)" }
        == walked.skipped.map { "\($0.path) \($0.reason) \($0.isDirectory)" })
  }

  @Test func `a commit has the files that a walk of its checkout has`() throws {
    for (path, content) in [
      ("a.py", "x = 1\n"), (".hidden", "x\n"), (".config/deep/b.py", "x\n"), ("deep/er/c.py", "x\n"),
      ("deep-er/d.py", "x\n"), ("deep.py", "x\n"), ("node_modules/e.js", "x\n"), ("env/pyvenv.cfg", "x\n"),
      ("env/f.py", "x\n"), ("vendor/modules.txt", "x\n"), ("vendor/g.go", "x\n"), ("vendor2/vendor/h.go", "x\n"),
      ("cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"), ("cache/i.py", "x\n"),
      ("id_rsa", "x\n"), ("large.txt", String(repeating: "x", count: 2_000)), ("wanted/node_modules/j.js", "x\n"),
      (".gitignore", "*.log\nbuild/\n"), ("kept.log", "x\n"), ("build/k.py", "x\n"),
      (".cairnignore", "deep/er/\n!wanted/node_modules/\n!id_rsa\n*.skip\n"), ("l.skip", "x\n"),
      ("deep/.cairnignore", "m.py\n"), ("deep/m.py", "x\n"), ("m.py", "x\n"),
    ] { try repository.write(FilePath(path), content) }
    try repository.shell("ln -s a.py link; ln -s deep directory; git add -f -A")
    try repository.git("commit", "-q", "-m", "all")
    var options = WalkOptions()
    options.maximumFileByteCount = 1_000
    try compare(options)
    options.includesVendored = true
    options.includesSecrets = true
    options.includesGenerated = true
    try compare(options)
    options.fileLimit = 3
    try compare(options)
  }

  @Test func `equal blobs have equal fingerprints, and no others`() throws {
    for (path, content) in [("a", "one\n"), ("b", "one\n"), ("c", "two\n"), ("d", "")] {
      try repository.write(FilePath(path), content)
    }
    try repository.commit()
    let listed = try files().list(WalkOptions(), cancellation: never).files.map(\.fingerprint)
    #expect(listed[0] == listed[1] && Set(listed).count == 3 && listed.map(\.byteCount) == [4, 4, 4, 0])
    let blob = try repository.git("rev-parse", "HEAD:a")
    #expect(listed[0].blobName == Array(blob.utf8))
    #expect(Fingerprint(byteCount: 4, modified: 1, changed: 1_700_000_000_000_000_000, inode: 3).blobName == nil)
    #expect(Fingerprint(byteCount: 4, modified: 1, changed: 0, inode: 3).blobName == nil)
  }

  @Test(arguments: ["sha1", "sha256"]) func `files are read by their blobs and by their paths`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    let paths: [FilePath] = ["a.txt", "deep/b c.txt", "line\nbreak", "q\"uote\\.txt", ":colon", "-dash"]
    for path in paths { try repository.write(path, "content of \(path)") }
    try repository.commit()
    let command = try GitCommand(root: repository.root, environment: repository.variables)
    let files = RevisionFiles(try command.resolve(Array("HEAD".utf8), cancellation: never), in: command)
    let listed = try files.list(WalkOptions(), cancellation: never).files
    #expect(Set(listed.map(\.path)) == Set(paths))
    for file in listed {
      let content = Array("content of \(file.path)".utf8)
      #expect(try files.read(file, limit: 1_000, cancellation: never) == content)
      #expect(try files.read(file.path, limit: 1_000) == content)
    }
    for path in ["nowhere", "deep", "../a.txt", "a.txt/b", ""] as [FilePath] {
      let found = failure { () throws(Failure) in try files.read(path, limit: 1_000) }
      #expect(found?.code == .notFound || found?.code == .notRegular, "\(path): \(String(describing: found))")
    }
  }
}
