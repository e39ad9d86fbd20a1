import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// An index directory is Cairn's alone or it is not used; nothing outside it is written, removed or followed.
@Suite struct PlaceTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram()
    try cairn.write("a.py", "def leap_year(): pass\n")
  }

  private var index: FilePath { cairn.tree.root.appending(".cairn") }
  private func lines(_ result: ProgramResult) -> [Substring] { result.errorText.split(separator: "\n") }

  @Test func `a clone whose segments are a link costs the user nothing, and one line says where the index is`() throws {
    try cairn.home.write("thesis.tex", "thesis")
    try cairn.home.write("id_ed25519", "key")
    let result = try cairn.shell(
      """
      g="git -c user.name=x -c user.email=x@example.org -c init.defaultBranch=main"
      mkdir -p evil/.cairn && cp a.py evil && cd evil && $g init -q . && ln -s "$HOME" .cairn/segments &&
      $g add -f . && $g commit -qm x && cd .. && $g clone -q evil clone && cd clone && "$CAIRN" search -l -n1 leap_year
      """)
    #expect(result.code == 0 && result.outputLines == ["a.py"], "\(result.errorText)")
    #expect(
      lines(result).count == 1 && result.errorText.contains("/.cairn to have the index there"), "\(result.errorText)")
    #expect(fileExists(cairn.home.root.appending("thesis.tex")) && fileExists(cairn.home.root.appending("id_ed25519")))
    #expect(!fileExists(cairn.home.root.appending("000001.segment")))
  }

  @Test func `a user's directory is no index, whoever names it`() throws {
    try cairn.write("d/report.tmp", "v")
    try cairn.write("d/segments/my_data.csv", "v")
    let before = try cairn.shell("ls -lR d").outputText
    let named = try cairn.run("index", "--index-dir", "d")
    #expect(named.code == 2 && named.errorText.contains("name a new or an empty directory"), "\(named.errorText)")
    try cairn.write("cairn.toml", "index_dir = \"d\"\n")
    let project = try cairn.run("search", "-l", "-n1", "leap_year")
    #expect(project.code == 0 && project.outputLines == ["a.py"])
    #expect(lines(project).count == 1 && project.errorText.contains("cairn.toml is not used"), "\(project.errorText)")
    #expect(try cairn.shell("ls -lR d").outputText == before)
    #expect(fileExists(index.appending("catalog.sqlite")))
  }

  @Test func `a project's file is the project's by whatever path the root is named`() throws {
    try cairn.write("p/a.py", "def leap_year(): pass\n")
    try cairn.write("p/.git/HEAD", "ref: refs/heads/main\n")
    makeLink(cairn.tree.root.appending("link"), to: "p")
    for root in ["p", "./p/", "link", "p/../p", cairn.tree.root.appending("link").description] {
      try cairn.write("p/cairn.toml", "index_dir = \".git/mine\"\n")
      let refused = try cairn.run("index", "--root", root)
      #expect(refused.code == 0 && refused.errorText.contains("git's own"), "\(root): \(refused.errorText)")
      #expect(!fileExists(cairn.tree.root.appending("p/.git/mine")))
      try cairn.write("p/cairn.toml", "index_dir = \"build/index\"\n")
      #expect(try cairn.run("index", "-q", "--root", root).code == 0)
      #expect(fileExists(cairn.tree.root.appending("p/build/index/catalog.sqlite")), "\(root)")
      #expect(!fileExists(cairn.tree.root.appending("p/p")), "\(root)")
      removeTree(cairn.tree.root.appending("p/build"))
      try cairn.write("p/cairn.toml", "limit = [1]\n")
      let wrong = try cairn.run("index", "--root", root).errorText
      #expect(wrong.contains(cairn.tree.root.appending("p/cairn.toml").description), "\(root): \(wrong)")
    }
  }

  @Test func `a project's index lies below its root by directories alone`() throws {
    try cairn.write("p/a.py", "def leap_year(): pass\n")
    try cairn.write("p/real/keep", "x")
    // The root named relative, with a link of its own name in it.
    makeLink(cairn.tree.root.appending("p/p"), to: cairn.home.root)
    try cairn.write("p/cairn.toml", "index_dir = \"ix\"\n")
    #expect(try cairn.run("search", "--root", "p", "-l", "-n1", "leap_year").outputLines == ["p/a.py"])
    #expect(fileExists(cairn.tree.root.appending("p/ix/catalog.sqlite")))
    #expect(!fileExists(cairn.home.root.appending("ix")))
    // A link inside, that leads inside.
    makeLink(cairn.tree.root.appending("p/link"), to: "real")
    for name in ["link/ix", "link"] {
      try cairn.write("p/cairn.toml", "index_dir = \"\(name)\"\n")
      let linked = try cairn.run("search", "--root", "p", "-l", "-n1", "leap_year")
      #expect(
        linked.outputLines == ["p/a.py"] && linked.errorText.contains("is a symbolic link"), "\(linked.errorText)")
    }
    #expect(try cairn.shell("ls p/real").outputLines == ["keep"])
  }

  @Test func `a project's file does not give away the index of a project inside`() throws {
    try cairn.write("p/inner/b.py", "def inner_thing(): pass\n")
    #expect(try cairn.run("index", "-q", "--root", "p/inner").code == 0)
    try cairn.write("p/cairn.toml", "index_dir = \"inner/.cairn\"\n")
    for arguments in [["index"], ["search", "-l", "inner_thing"], ["index", "--rebuild"]] {
      let result = try cairn.start([arguments[0], "--root", "p"] + arguments.dropFirst()).wait()
      #expect(result.code == 0 && result.errorText.contains("it is the index of"), "\(result.errorText)")
      #expect(result.errorText.contains("cairn.toml is not used") && !result.errorText.contains("--rebuild"))
    }
    #expect(fileExists(cairn.tree.root.appending("p/.cairn/catalog.sqlite")))
    let inner = try cairn.run("search", "--no-update", "--root", "p/inner", "-l", "-n1", "inner_thing")
    #expect(inner.outputLines == ["p/inner/b.py"], "\(inner.errorText)")
  }

  @Test func `a directory in the place of one of the index's files is told and left alone`() throws {
    #expect(try cairn.run("index").code == 0)
    for name in ["catalog.sqlite", "catalog.sqlite-wal", "writer.lock"] {
      _ = try cairn.shell("rm -f .cairn/\(name) && mkdir .cairn/\(name) && echo mine >.cairn/\(name)/thesis.tex")
      let result = try cairn.run("index")
      #expect(
        result.code == 2 && result.errorText.contains(index.appending(FilePath(name)).description)
          && result.errorText.contains("move it away"), "\(result.errorText)")
      #expect(fileExists(index.appending(FilePath("\(name)/thesis.tex"))))
      _ = try cairn.shell("mv .cairn/\(name) kept-\(name)")
      #expect(try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["a.py"])
    }
  }

  @Test func `a directory in the place of the mark is taken away where it is empty, and told of where it is not`()
    throws
  {
    #expect(try cairn.run("index").code == 0)
    let name = ".cairn/catalog.newest"
    _ = try cairn.shell("rm \(name) && mkdir \(name)")
    #expect(try cairn.run("verify").code == 2)
    #expect(try cairn.run("index").errorText.isEmpty == false)
    #expect(try FileStatus(of: cairn.tree.root.appending(FilePath(name))).kind == .file)
    #expect(try cairn.run("verify").code == 0)
    _ = try cairn.shell("rm \(name) && mkdir \(name) && echo mine >\(name)/thesis.tex")
    for _ in 0..<2 {
      let result = try cairn.run("index", "--json")
      let report = try #require(try result.objects("report").first)
      #expect(result.code == 0 && (report["repairs"] as? [Any])?.isEmpty == true, "\(report)")
      #expect("\(report["failures"] ?? "")".contains("move it away"), "\(report)")
      #expect(try cairn.run("verify").outputText.contains("move it away"))
    }
    #expect(try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["a.py"])
    _ = try cairn.shell("mv \(name) kept && \"$CAIRN\" index -q")
    #expect(try cairn.run("verify").code == 0)
    #expect(fileExists(cairn.tree.root.appending("kept/thesis.tex")))
  }

  @Test func `a project may name a new directory of its own, and none of git's`() throws {
    try cairn.write("cairn.toml", "index_dir = \"build/index\"\n")
    let own = try cairn.run("search", "-l", "-n1", "leap_year")
    #expect(own.outputLines == ["a.py"] && own.errors.isEmpty, "\(own.errorText)")
    #expect(fileExists(cairn.tree.root.appending("build/index/catalog.sqlite")))
    _ = try cairn.shell("mkdir .git")
    try cairn.write("cairn.toml", "index_dir = \".git/index-of-mine\"\n")
    #expect(try cairn.run("search", "-l", "-n1", "leap_year").errorText.contains("git's own"))
    #expect(!fileExists(cairn.tree.root.appending(".git/index-of-mine")))
  }

  @Test(arguments: ["writer.lock", "catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "cairn.tag"])
  func `a link in .cairn chooses no file outside`(_ name: String) throws {
    _ = try cairn.shell("mkdir -m 700 .cairn victims")
    makeLink(index.appending(name), to: cairn.tree.root.appending("victims/created"))
    #expect(try cairn.run("index").code == 0)
    removeTree(index)
    // The same in a directory that is Cairn's own.
    #expect(try cairn.run("index").code == 0)
    try cairn.tree.remove(FilePath(".cairn/" + name))
    makeLink(index.appending(name), to: cairn.tree.root.appending("victims/created"))
    let result = try cairn.run("search", "-l", "-n1", "leap_year")
    #expect(result.code == 0 && result.outputLines == ["a.py"], "\(result.errorText)")
    #expect(try listDirectory(cairn.tree.root.appending("victims")).isEmpty)
  }

  @Test func `an index that git begins to track is left for the cache`() throws {
    #expect(try cairn.run("index").code == 0)
    let result = try cairn.shell(
      "git init -q . && git add -f .cairn/catalog.sqlite && \"$CAIRN\" search -l -n1 leap_year")
    #expect(result.code == 0 && result.outputLines == ["a.py"])
    #expect(lines(result).count == 1 && result.errorText.contains("git tracks files in it"), "\(result.errorText)")
  }

  @Test func `an archive's index is not believed, and a copy of the user's own is`() throws {
    #expect(try cairn.run("index").code == 0)
    _ = try cairn.shell("mkdir copy && cp -a a.py .cairn copy")
    let copy = try cairn.run("search", "--no-update", "-l", "-n1", "leap_year", in: cairn.tree.root.appending("copy"))
    #expect(copy.code == 0 && copy.outputLines == ["a.py"] && copy.errors.isEmpty, "\(copy.errorText)")
    var other = cairn
    let home = try TemporaryTree()
    other.environment["HOME"] = home.root.description
    let foreign = try other.run("search", "--no-update", "leap_year")
    #expect(foreign.code == 2 && foreign.errorText.contains("not one that you made"), "\(foreign.errorText)")
  }

  @Test(arguments: ["000", "077", "0277"])
  func `everything is for the user alone, whatever the umask says`(_ umask: String) throws {
    let result = try cairn.shell(
      "umask \(umask); \"$CAIRN\" index -q && find .cairn \"$HOME/.local/state/cairn\" -printf '%y%m\n'")
    #expect(result.code == 0, "\(result.errorText)")
    #expect(Set(result.outputLines) == ["d700", "f600"])
    try cairn.write("b.py", "def other(): pass\n")
    #expect(try cairn.shell("umask \(umask); \"$CAIRN\" search -l -n1 other").outputLines == ["b.py"])
  }

  @Test func `programs that make the user's key at once agree`() throws {
    let jobs = try (0..<8).map { job in
      try cairn.write(FilePath("\(job)/a.py"), "def leap_year(): pass\n")
      return try cairn.start(["index", "-q", "\(job)"])
    }
    for job in jobs { #expect(job.wait().code == 0) }
    for job in 0..<8 {
      let again = try cairn.run("search", "--no-update", "-l", "--root", "\(job)", "leap_year")
      #expect(again.code == 0 && again.errors.isEmpty, "\(again.errorText)")
    }
  }

  @Test func `an index that may not be written answers, and says once that it was not brought up to date`() throws {
    let result = try cairn.shell(
      """
      run="$CAIRN"
      if [ "$(id -u)" = 0 ]; then
        cp "$CAIRN" "$HOME/cairn" && chmod -R a+rwX "$HOME" . && chown -R 65534:65534 . "$HOME"
        run="setpriv --reuid 65534 --regid 65534 --clear-groups $HOME/cairn"
      fi
      $run index -q && chmod 500 .cairn && echo 'def later(): pass' >b.py
      $run search -l -n1 leap_year && $run status --json | grep -c '"indexed":true'
      $run index; echo $?
      chmod 700 .cairn
      """)
    #expect(result.outputLines == ["a.py", "1", "2"], "\(result.outputText)\(result.errorText)")
    let told = lines(result)
    #expect(told.count == 3 && told.count { $0.contains("cannot be written") } == 2, "\(result.errorText)")
    #expect(told[1].contains("the answer is from the index as it was: 1 changed file is not in it (b.py)"))
    #expect(result.errorText.contains("--index-dir") && !fileExists(cairn.home.root.appending(".cache")))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can make files of another user"))
  func `another user's index is read when the user says so, and only then`() throws {
    let result = try cairn.shell(
      """
      "$CAIRN" index -q && chmod -R a+rX . .cairn && cp "$CAIRN" "$HOME/cairn" && chmod 755 "$HOME"
      mkdir -m 700 "$HOME/other" && chown 65534:65534 "$HOME/other"
      run="setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=$HOME/other $HOME/cairn"
      $run search --no-update -l leap_year; echo $?
      $run search --trusted-directories "$PWD" -l -n1 leap_year; echo $?
      $run index --trusted-directories "$PWD"; echo $?
      """)
    #expect(result.outputLines == ["2", "a.py", "0", "2"], "\(result.outputText)\(result.errorText)")
    #expect(result.errorText.contains("trusted_directories = \"\(cairn.tree.root)\""), "\(result.errorText)")
    try cairn.write("cairn.toml", "trusted_directories = \"/\"\n")
    #expect(try cairn.run("search", "leap_year").errorText.contains("cannot set \"trusted_directories\""))
  }

  @Test func `a run that was killed while it made its directory stops no other`() throws {
    _ = try cairn.shell("mkdir .cairn && printf half >.cairn/cairn.tag-0123456789abcdef.tmp")
    let result = try cairn.run("search", "-l", "-n1", "leap_year")
    #expect(result.code == 0 && result.outputLines == ["a.py"] && result.errors.isEmpty, "\(result.errorText)")
    #expect(!fileExists(index.appending("cairn.tag-0123456789abcdef.tmp")))
  }
}
