import Glibc
import Primitives
import TestSupport
import Testing

/// What a tree can hold: entries that are no files, names and content that would drive a terminal, depth and number.
@Suite struct HostileSourceTests {
  static let entries: [HostileCase] = [
    HostileCase(
      "links to files outside", "ln -s $CANARY/source.py src/link.py; ln -s $CANARY/precious.txt src/link.md"),
    HostileCase("links to directories outside", "ln -s $CANARY src/out; ln -s / src/root; ln -s /proc src/proc"),
    HostileCase("links in a circle", "ln -s . src/loop; ln -s ../src src/again; ln -s b src/a; ln -s a src/b"),
    HostileCase("links to nothing", "ln -s /nowhere/at/all src/dangling.py; ln -s '' src/empty.py || true"),
    HostileCase("hard links", "ln src/other.py src/zz_other.py; ln notes.md src/zz.md"),
    HostileCase("FIFOs", "mkfifo src/pipe.py src/Makefile pipe.md"),
    HostileCase("sockets", HostileIndexTests.socket("src/socket.py")),
    HostileCase(
      "devices", needsRoot: true, "mknod src/zero.py c 1 5; mknod src/random.py c 1 9; mknod src/tape.py b 7 99"),
    HostileCase("files of terabytes without content", "truncate -s 4T src/hole.py; truncate -s 4900000 src/small.py"),
    HostileCase("files that may not be read", "echo 'x = 1' > src/secret.py; chmod 000 src/secret.py"),
    HostileCase(
      "links to devices", "ln -s /dev/zero src/zero.py; ln -s /dev/stdin src/input.py; ln -s /dev/tty src/tty.py"),
    HostileCase("files of the kernel", "ln -s /proc/self/mem src/mem.py; ln -s /proc/kmsg src/log.py"),
    HostileCase(
      "directories 2,000 deep",
      "perl -e 'for (1..2000) { mkdir \"deeper\" or die; chdir \"deeper\" or die } open F, \">end.py\"; print F \"x = 1\\n\"'"
    ),
    HostileCase(
      "directories whose paths are longer than any path",
      "perl -e '$n = \"d\" x 250; for (1..60) { mkdir $n or die; chdir $n or die } open F, \">end.py\"; print F \"x = 1\\n\"'"
    ),
    HostileCase(
      "20,000 empty files in one directory", "mkdir many; cd many; seq -f '%05g.py' 20000 | xargs touch"),
    HostileCase(
      "a file that is a directory's name elsewhere", "mkdir src/known.pyc known.py; echo v > known.py/known.py.c"),
    HostileCase(
      "names of temporary files and of Cairn itself",
      "mkdir cairn.tmp; echo 'x = 1' > src/a.tmp; echo v > catalog.sqlite"),
  ]

  @Test func `a tree far deeper than any path costs a line and no memory`() throws {
    let cairn = try CairnProgram(inMemory: true)
    try cairn.write("top.py", "def leap_year(): pass\n")
    // A shell cannot go so deep.
    _ = try Python.output(
      of: """
        import os, sys
        os.chdir(sys.argv[1])
        for _ in range(6000):
            os.mkdir("dd"); os.chdir("dd")
            open(".gitignore", "w").write("x_1\\n"); open("y.py", "w").write("def deep(): pass\\n")
        """, cairn.tree.root.description)
    defer { _ = try? cairn.shell("rm -rf dd") }
    let result = try cairn.run("index", "--json", "--profile=json", "--max-memory-mb", "64")
    let report = try #require(try result.objects("report").first)
    // The first directory that is too deep, and the files above it whose path with their name is.
    #expect(result.code == 0 && (report["failures"] as? [Any])?.count ?? 9 <= 3, "\(result.code)")
    #expect((report.number("files") ?? 0) > 1_300)
    #expect((try #require(try result.objects("run_profile").first).number("peak_own_bytes") ?? .max) <= 64 << 20)
    #expect(try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["top.py"])
  }

  @Test(arguments: entries)
  func `what is no file of the tree is not followed, and the others are found`(_ hostile: HostileCase) throws {
    if hostile.needsRoot && !HostileWorld.isRoot { return }
    try HostileWorld(hostile).run("entries of the tree")
  }

  static let names: [HostileCase] = [
    name("a newline", #"a\nb.py"#), name("escape sequences", #"\033[2J\033]0;owned\007.py"#),
    name("colours", #"\033[666mred.py"#), name("a hyperlink", #"\033]8;;evil:x\033\\link.py"#),
    name("eight-bit controls", #"\302\2332J\302\235.py"#), name("bytes that are not UTF-8", #"\377\376\200.py"#),
    name("right-to-left marks", #"\342\200\256yp.exe.py"#), name("isolates", #"\342\201\246x\342\201\251.py"#),
    name("a leading dash", #"-rf.py"#), name("formats", #"%%n%%s%%p.py"#),
    name("quotes and backslashes", #"\047\"\\\\$(id).py"#),
    name("a delete and a bell", #"\177\007\010\010.py"#), name("spaces alone", #"   "#),
    name("a carriage return", #"a\rb.py"#),
    name("line separators", #"\342\200\250\342\200\251.py"#),
    HostileCase(
      "255 bytes",
      "f() { printf \"def near_canary_landmark(): return 1\\n\" > \"$1\"; }; f $(printf 'n%.0s' $(seq 252)).py"),
    HostileCase(
      "a directory of escapes",
      "d=$(printf 'x\\033[2Jy'); mkdir \"$d\"; echo 'def near_canary_landmark(): pass' > \"$d/a.py\""),
  ]

  @Test(arguments: names)
  func `no name drives the terminal`(_ hostile: HostileCase) throws {
    try HostileWorld(hostile).run("names")
    try HostileWorld(hostile).runOnTerminal("names, on a terminal")
  }

  static let contents: [HostileCase] = [
    content("escape sequences", #"\033[2J\033]0;owned\007\033[666m"#),
    content("hyperlinks", #"\033]8;;evil:x\033\\here\033]8;;\033\\"#),
    content("eight-bit controls", #"\302\2332J\302\220"#),
    content("marks that reorder", #"\342\200\256\342\201\246 } \342\201\251"#),
    content("bytes that are not UTF-8", #"\377\376 \300\200 \355\240\200"#),
    content("carriage returns", #"safe\rdanger"#),
    content("backspaces and bells", #"a\010\010\007b"#),
    content("overlong combining marks", #"\314\200\314\200\314\200\314\200"#),
    content("a tab and a form feed", #"\t\014x"#), content("line separators", #"\342\200\250x\302\205"#),
    HostileCase(
      "a title of escapes",
      #"printf '# \033[2J canary_landmark \033]0;x\007\n\ncanary_landmark\n' > title.md; printf 'def \033[2Jcanary_landmark2():\n  pass\n' > odd.py"#
    ),
    HostileCase(
      "a line of 4 MB",
      "{ printf 'x = \"'; head -c 4000000 /dev/zero | tr '\\0' 'a'; printf '\" # canary_landmark\\n'; } > src/zz.py"),
    HostileCase(
      "200,000 brackets",
      "head -c 200000 /dev/zero | tr '\\0' '(' > src/zz.py; head -c 200000 /dev/zero | tr '\\0' '[' > src/zz.js"),
    HostileCase("tags without an end", "for i in $(seq 20000); do printf '<a '; done > src/zz.html"),
    HostileCase("zeros in the middle", #"printf 'def a(): pass\n\0\0\0\ncanary_landmark\n' > src/zz.py"#),
    HostileCase("a byte-order mark of UTF-16", #"printf '\377\376d\0e\0f\0' > src/zz.py"#),
  ]

  @Test(arguments: contents)
  func `no content drives the terminal or stops the run`(_ hostile: HostileCase) throws {
    try HostileWorld(hostile).run("content")
    try HostileWorld(hostile).runOnTerminal("content, on a terminal")
  }

  @Test func `a tree that changes under the run does no harm`() throws {
    let cairn = try CairnProgram(inMemory: true)
    let outside = try TemporaryTree(inMemory: true)
    try outside.write("secret.py", "def outside_the_tree():\n    return 1\n")
    try cairn.write("src/known.py", "def canary_landmark():\n    return 1\n")
    for number in 0..<50 { try cairn.write(FilePath("src/\(number).py"), "def number_\(number)():\n    return 1\n") }
    let before = TreeRecord(outside.root)
    // A shell that makes files of links, FIFOs of files and directories of both, as fast as it can.
    let changer = try Program(
      "/bin/sh",
      [
        Array("-c".utf8),
        Array(
          """
          while :; do for i in 1 2 3 4 5 6 7 8; do
            rm -rf src/$i.py; ln -s \(outside.root)/secret.py src/$i.py
            rm -rf src/$i.py; mkfifo src/$i.py
            rm -rf src/$i.py; mkdir src/$i.py; rmdir src/$i.py; ln -s \(outside.root) src/$i.py
            rm -rf src/$i.py; echo "def number_$i(): return 2" > src/$i.py
          done; done
          """.utf8),
      ], in: cairn.tree.root, environment: ["PATH": "/usr/bin:/bin"])
    for round in 0..<12 {
      let result = try cairn.start(round % 4 == 3 ? ["index", "--rebuild"] : ["index"]).wait(limit: .seconds(10))
      #expect(result.code == 0, "\(result.code) \(result.errorText)")
      let answer = try cairn.start(["search", "-n", "3", "canary_landmark"]).wait(limit: .seconds(10))
      #expect(answer.outputText.hasPrefix("src/known.py:"), "\(answer.errorText)")
      let leak = try cairn.start(["search", "--no-update", "-n", "3", "outside_the_tree"]).wait(limit: .seconds(10))
      #expect(!leak.outputText.contains("outside_the_tree():"), "a link was followed out of the tree")
    }
    changer.send(SIGKILL)
    _ = changer.wait()
    #expect(before.differences(to: TreeRecord(outside.root)).isEmpty)
  }

  /// A file of that name, written for `printf`, that holds something near the landmark.
  private static func name(_ what: String, _ format: String) -> HostileCase {
    HostileCase(
      "a name with \(what)",
      "n=$(printf -- '\(format)x'); n=\"${n%x}\"; printf 'def near_canary_landmark(): return 1\\n' > \"./src/$n\"")
  }

  /// A file with that content, written for `printf`, near the landmark.
  private static func content(_ what: String, _ format: String) -> HostileCase {
    HostileCase(
      "content with \(what)",
      "printf 'def near_canary_landmark():\\n  return \"\(format)\" # \(format)\\n' > src/zz.py\n"
        + "printf '/* \(format) canary_landmark \(format) */\\nint near_landmark;\\n' > src/zz.c")
  }
}
