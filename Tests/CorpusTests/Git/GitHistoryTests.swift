import Corpus
import Primitives
import TestSupport
import Testing

/// What commits removed, held against git's own search for changes (`git log -S`).
@Suite struct GitHistoryTests {
  /// The lines that each commit removed, by the commit's name.
  private func goneLines(_ repository: TestRepository) throws -> [String: Set<String>] {
    let command = try GitCommand(root: repository.root, environment: repository.variables)
    let history = GitHistory(command)
    let objects = GitObjects(command)
    let cancellation = Cancellation()
    let head = try #require(try history.head(cancellation: cancellation))
    let listing = try history.commits(from: head, limit: nil, cancellation: cancellation)
    var gone: [String: Set<String>] = [:]
    var found: [RemovingCommit] = []
    try history.removals(of: listing.commits.map(\.id), cancellation: cancellation) { found.append($0) }
    for commit in found {
      for removal in commit.removals {
        let text = String(
          decoding: try objects.readBlob(removal.blob, limit: 1 << 20), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for range in removal.lines {
          gone[commit.commit.description, default: []].formUnion(lines[(range.lowerBound - 1)..<range.upperBound])
        }
      }
    }
    return gone
  }

  @Test(arguments: [1, 2, 3, 4]) func `a line that git says a commit removed for good is gone with that commit`(
    seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let repository = try TestRepository()
    var files: [[String]] = (0..<4).map { file in
      (0..<25).map { "let value_\(file)_\($0) = read(\($0), from: \(file))" }
    }
    var next = 0
    var all: Set<String> = []
    func write() throws {
      for (number, lines) in files.enumerated() {
        all.formUnion(lines)
        try repository.write(FilePath("file\(number).swift"), lines.map { $0 + "\n" }.joined())
      }
      try repository.commit("change \(next)")
    }
    try write()
    for _ in 0..<25 {
      for _ in 0..<(1 + random.next(upTo: 4)) {
        let file = random.next(upTo: files.count)
        next += 1
        switch random.next(upTo: 5) {
        case 0:
          files[file].insert("func added_\(next)() { call(\(next)) }", at: random.next(upTo: files[file].count + 1))
        case 1 where files[file].count > 3: files[file].remove(at: random.next(upTo: files[file].count))
        case 2 where files[file].count > 0:
          files[file][random.next(upTo: files[file].count)] = "changed_\(next)(with: \(random.next(upTo: 99)))"
        case 3 where files[file].count > 6:
          // A block that goes to another file.
          let start = random.next(upTo: files[file].count - 5)
          let block = Array(files[file][start..<(start + 5)])
          files[file].removeSubrange(start..<(start + 5))
          files[(file + 1) % files.count].insert(contentsOf: block.map { "  " + $0.drop { $0 == " " } }, at: 0)
        default: files[file].append("return last(\(next))")
        }
      }
      try write()
    }
    let gone = try goneLines(repository)
    // A block keeps its words when it moves.
    func words(_ line: String) -> Substring { line.drop { $0 == " " } }
    let present = Set(files.joined().map(words))
    var count = 0
    for line in all.map(words) where !present.contains(line) {
      let text = String(line)
      let commits = try repository.git("log", "--format=%H", "-S", text).split(separator: "\n").map(String.init)
      let last = try #require(commits.first)
      count += 1
      #expect(gone[last]?.contains { words($0) == line } == true, "\(text) in \(last)")
    }
    #expect(count > 20)
    // And nothing that is still there, or moved, is said to be gone where git sees no change of it.
    for (commit, lines) in gone {
      for line in lines.prefix(5) {
        let text = String(words(line))
        let commits = try repository.git("log", "--format=%H", "-S", text).split(separator: "\n").map(String.init)
        #expect(commits.contains(commit), "\(text) in \(commit)")
      }
    }
  }

  @Test func `commits are listed with their texts, newest first, and not beyond the limit`() throws {
    let repository = try TestRepository()
    try repository.write("a.c", "int a;\n")
    let first = try repository.commit("First\n\nwith a body")
    try repository.write("a.c", "int b;\n")
    let second = try repository.commit("Ünïcode \u{1B}[31m and\ttab")
    let command = try GitCommand(root: repository.root, environment: repository.variables)
    let history = GitHistory(command)
    let cancellation = Cancellation()
    let head = try #require(try history.head(cancellation: cancellation))
    #expect(head.description == second)
    let all = try history.commits(from: head, limit: nil, cancellation: cancellation)
    #expect(Set(all.commits.map(\.id.description)) == [first, second] && !all.isCut)
    #expect(all.commits.map(\.parents.count).sorted() == [0, 1])
    #expect(all.commits.contains { $0.subject == Array("First".utf8) && $0.authorName == Array("A".utf8) })
    #expect(all.commits.contains { $0.subject == Array("Ünïcode \u{1B}[31m and\ttab".utf8) })
    #expect(all.commits.allSatisfy { $0.seconds == 1_577_836_800 && $0.authorAddress == Array("a@example.org".utf8) })
    let limited = try history.commits(from: head, limit: 1, cancellation: cancellation)
    #expect(limited.commits.map(\.id.description) == [second] && limited.isCut)
    #expect(!history.isShallow)
    let empty = try TestRepository()
    let none = GitHistory(try GitCommand(root: empty.root, environment: empty.variables))
    #expect(try none.head(cancellation: cancellation) == nil)
  }

  @Test func `a commit with a damaged date or author is listed with the others`() throws {
    let repository = try TestRepository()
    try repository.write("a.c", "int a;\n")
    let first = try repository.commit("First")
    var names = [first]
    for lines in [
      "author A <a@b.c> 1 +0000\\ncommitter A <a@b.c> soon +0000", "author\\ncommitter",
      "author A <a@b.c> 1 +0000\\ncommitter A <a@b.c> 99999999999999999999999999 +0000", "encoding nonsense",
    ] {
      try repository.shell(
        """
        T=$(git rev-parse 'HEAD^{tree}') P=$(git rev-parse HEAD)
        C=$(printf "tree $T\\nparent $P\\n\(lines)\\n\\nDamaged\\n" | git hash-object -t commit -w --stdin --literally)
        git update-ref HEAD $C
        """)
      names.append(try repository.git("rev-parse", "HEAD"))
    }
    try repository.write("a.c", "int b;\n")
    names.append(try repository.commit("Last"))
    let history = GitHistory(try GitCommand(root: repository.root, environment: repository.variables))
    let head = try #require(try history.head(cancellation: Cancellation()))
    let listing = try history.commits(from: head, limit: nil, cancellation: Cancellation())
    #expect(Set(listing.commits.map(\.id.description)) == Set(names))
    let damaged = listing.commits.filter { $0.subject == Array("Damaged".utf8) }
    #expect(damaged.count == 4 && damaged.allSatisfy { $0.seconds == 0 && $0.parents.count == 1 })
    let last = try #require(names.last)
    #expect(try goneLines(repository) == [last: ["int a;"]])
  }

  @Test func `a pipe in the place of a file of attributes holds nothing up`() throws {
    let repository = try TestRepository()
    try repository.write("deep/a.c", "int a;\n")
    try repository.commit()
    try repository.write("deep/a.c", "int b;\n")
    let second = try repository.commit()
    try repository.shell("mkfifo .gitattributes deep/.gitattributes")
    #expect(try goneLines(repository) == [second: ["int a;"]])
  }

  /// What makes the commit that is checked out one that git cannot read.
  @Test(arguments: [
    "echo garbage > .git/refs/heads/main", ": > .git/refs/heads/main", "rm -r .git/objects/??",
    "echo 0123456789012345678901234567890123456789 > .git/HEAD",
    "rm .git/refs/heads/main; ln -s main .git/refs/heads/main",
  ]) func `a commit that cannot be read is not taken for none`(deed: String) throws {
    let repository = try TestRepository()
    try repository.write("a.c", "int a;\n")
    try repository.commit()
    try repository.shell(deed)
    let found = failure { () throws(Failure) in
      let command = try GitCommand(root: repository.root, environment: repository.variables)
      _ = try GitHistory(command).head(cancellation: Cancellation())
    }
    #expect(found?.code == .gitFailed, "\(String(describing: found))")
  }

  @Test func `a branch without a commit is none, in a repository that has commits`() throws {
    let repository = try TestRepository()
    try repository.commit()
    try repository.git("checkout", "-q", "--orphan", "main/deep/er")
    let history = GitHistory(try GitCommand(root: repository.root, environment: repository.variables))
    #expect(try history.head(cancellation: Cancellation()) == nil)
  }

  @Test func `links, submodules, binary files and changes of mode remove nothing`() throws {
    let repository = try TestRepository()
    try repository.write("a.c", "int a;\n")
    try repository.tree.write("b.bin", [0, 1, 2, 3, 0, 10, 65, 10])
    try repository.shell("ln -s a.c link")
    try repository.commit()
    try repository.shell("chmod +x a.c; rm link b.bin; ln -s b.c link")
    try repository.commit()
    #expect(try goneLines(repository).isEmpty)
    // A file that became a link is gone.
    try repository.shell("rm a.c; ln -s b.c a.c")
    try repository.commit()
    #expect(try goneLines(repository).values.flatMap { $0 } == ["int a;"])
  }

  @Test(arguments: ["blob", "tree"]) func `a commit that git cannot compare is told, and the others are read`(
    kind: String
  ) throws {
    let repository = try TestRepository()
    var names: [String] = []
    for number in 0..<8 {
      try repository.write(FilePath("dir\(number)/f.c"), "int kept;\n")
      try repository.write("f.c", "int line_\(number);\n")
      names.append(try repository.commit("Commit \(number)"))
    }
    let object = try repository.git("rev-parse", kind == "blob" ? "HEAD~4:f.c" : "HEAD~4^{tree}")
    try repository.shell("rm -f .git/objects/\(object.prefix(2))/\(object.dropFirst(2))")
    let command = try GitCommand(root: repository.root, environment: repository.variables)
    let history = GitHistory(command)
    let head = try #require(try history.head(cancellation: Cancellation()))
    let listing = try history.commits(from: head, limit: nil, cancellation: Cancellation())
    var found: [String] = []
    let unreadable = try history.removals(of: listing.commits.map(\.id), cancellation: Cancellation()) {
      found.append($0.commit.description)
    }
    // What lacks an object cannot be compared with what is before it, nor what is after it with that.
    #expect(Set(unreadable.map(\.description)) == [names[3], names[4]])
    #expect(found == [names[7], names[6], names[5], names[2], names[1]])
  }

  @Test func `of a commit that removes very much the rest is told to be missing`() throws {
    let id = String(repeating: "1", count: 40)
    let (old, new) = (String(repeating: "2", count: 40), String(repeating: "0", count: 40))
    let count = 2_000_001
    let head =
      "\(id)\0:100644 000000 \(old) \(new) D\0f.c\0\0diff --git a/f.c b/f.c\nindex \(old)..\(new)\n"
      + "@@ -1,\(count) +0,0 @@\n"
    let lines = Array(String(repeating: "-int a;\n", count: 100_000).utf8)
    let pieces = [Array(head.utf8)] + Array(repeating: lines, count: 20) + [Array("-int a;\n".utf8)]
    let commits = try GitHistory.removals(inPatches: pieces)
    #expect(commits.count == 1 && commits[0].isCut)
    #expect(commits.first?.removals.first?.lines == [1...2_000_000])
  }

  @Test func `neither attributes nor grafts of the repository decide what a commit removed`() throws {
    let repository = try TestRepository()
    try repository.write("a.py", "int a;\n")
    let first = try repository.commit()
    try repository.write("a.py", "int b;\n")
    let second = try repository.commit()
    for attributes in ["* -diff", "*.py binary", "*.py diff=foo"] {
      try repository.shell("git config diff.foo.binary true; echo '\(attributes)' > .git/info/attributes")
      #expect(try goneLines(repository) == [second: ["int a;"]], "\(attributes)")
    }
    try repository.shell("rm .git/info/attributes; echo '\(second)' > .git/info/grafts")
    #expect(try goneLines(repository) == [second: ["int a;"]])
    #expect(first != second)
  }
}
