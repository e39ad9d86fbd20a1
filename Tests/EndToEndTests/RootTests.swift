import Foundation
import Primitives
import TestSupport
import Testing

@Suite struct RootTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  @Test func `a worktree or a clone inside an indexed tree answers for itself`() throws {
    let result = try cairn.shell(
      """
      git init -q . && git config user.email a@example.org && git config user.name a && echo '.agents/' >.gitignore
      git add -A && git commit -qm first && $CAIRN index -q
      git worktree add -q .agents/one -b one && cd .agents/one && printf 'def only_in_branch(): pass\n' >branch.py
      $CAIRN search -l -n1 only_in_branch
      """)
    #expect(result.outputLines == ["branch.py"], "\(result.outputText)\(result.errorText)")
  }

  @Test func `worktrees, submodules and clones inside an indexed tree are their own roots, with an index or without`()
    throws
  {
    let made = try cairn.shell(
      """
      export GIT_CONFIG_COUNT=3 GIT_CONFIG_KEY_0=user.email GIT_CONFIG_VALUE_0=a@example.org
      export GIT_CONFIG_KEY_1=user.name GIT_CONFIG_VALUE_1=a GIT_CONFIG_KEY_2=protocol.file.allow GIT_CONFIG_VALUE_2=always
      git init -q . && git add -A && git commit -qm first
      git init -q "$HOME/other" && echo 'def only_in_module(): pass' >"$HOME/other/m.py"
      git -C "$HOME/other" add -A && git -C "$HOME/other" commit -qm first
      git submodule add -q "$HOME/other" module && git clone -q "$HOME/other" clone && git clone -q "$HOME/other" indexed
      git worktree add -q visible -b two && $CAIRN index -q indexed && $CAIRN index -q && mkdir -p module/sub clone/sub
      """)
    #expect(made.code == 0, "\(made.errorText)")
    for (directory, file) in [("module", "m.py"), ("clone", "m.py"), ("indexed", "m.py")] {
      let result = try cairn.shell("cd \(directory) && $CAIRN search -l only_in_module")
      #expect(
        result.outputLines == [file] && result.errors.isEmpty, "\(directory): \(result.outputText)\(result.errorText)")
    }
    let deeper = try cairn.shell("cd clone/sub && $CAIRN search -l only_in_module")
    #expect(deeper.outputLines == ["../m.py"], "\(deeper.outputText)")
    let tree = try cairn.shell("cd visible/src && $CAIRN search -l -n1 leap_year; $CAIRN status --json")
    #expect(tree.outputLines.first == "dates.py" && tree.outputText.contains("/visible\""), "\(tree.outputText)")
    // The tree around them has what is in them too.
    #expect(try cairn.run("search", "-l", "-n9", "only_in_module").outputLines.contains("clone/m.py"))
  }

  @Test func `a part of a repository with an index of its own says that only it is searched`() throws {
    let result = try cairn.shell("git init -q . && $CAIRN index -q src && cd src && $CAIRN search -l multiply_matrices")
    #expect(!result.outputText.contains("matrix.c") && result.errorText.contains("only this directory is searched"))
    let named = try cairn.shell("$CAIRN search --root src -l parse")
    #expect(named.code == 0 && !named.errorText.contains("only this directory"))
    let whole = try cairn.shell("$CAIRN search -l -n1 multiply_matrices")
    #expect(whole.outputLines == ["lib/matrix.c"] && whole.errors.isEmpty, "\(whole.errorText)")
  }

  @Test func `a search from a directory that is left out says so`() throws {
    try cairn.write(".cairnignore", "build/\n")
    try cairn.write("build/out.py", "def built(): pass\n")
    let result = try cairn.shell("$CAIRN index -q && cd build && $CAIRN search -l built")
    #expect(result.errorText.contains("no file below build is indexed"), "\(result.errorText)")
    #expect(!(try cairn.shell("cd src && $CAIRN search -l parse").errorText.contains("no file below")))
  }

  @Test func `options of index that choose files hold for the searches after it`() throws {
    try cairn.write(".hidden/secret_place.py", "def hidden_wombat(): pass\n")
    func isFound() throws -> Bool {
      try cairn.run("search", "-l", "-n1", "hidden_wombat").outputLines == [".hidden/secret_place.py"]
    }
    _ = try cairn.run("index", "-q")
    #expect(!(try isFound()))
    _ = try cairn.run("index", "-q", "--include-hidden")
    #expect(try isFound())
    // Neither a plain run nor a rebuild forgets what was named.
    _ = try cairn.run("index", "-q", "--rebuild")
    #expect(try isFound())
    #expect(try cairn.run("config").outputText.contains("kept with the index"))
    _ = try cairn.run("index", "-q", "--no-include-hidden")
    #expect(!(try isFound()))
  }

  @Test func `options that cannot be read are said`() throws {
    _ = try cairn.run("index", "-q", "--max-file-bytes", "100000")
    try cairn.write(".cairn/options", "max_file_bytes = 1\n# 0\n")
    let result = try cairn.run("search", "-l", "-n1", "leap_year")
    #expect(result.outputLines == ["src/dates.py"] && result.errorText.contains("name them again"))
  }

  @Test func `the home directory is indexed only where that is wanted`() throws {
    let top = String(decoding: cairn.tree.root.bytes, as: UTF8.self)
    let home = "HOME='\(top)' XDG_STATE_HOME='\(top)/.state'"
    for command in ["index", "search parse", "ask --context-only parse"] {
      let refused = try cairn.shell("\(home) $CAIRN \(command) </dev/null")
      #expect(refused.code == 2 && refused.errorText.contains("your home directory"), "\(refused.errorText)")
    }
    #expect(try cairn.shell("\(home) $CAIRN search --no-update parse").code == 2)
    let asked = try cairn.shell("script -qec \"\(home) $CAIRN index\" /dev/null </dev/null")
    #expect(asked.code == 2 && asked.outputText.contains("go on? [y/N]"), "\(asked.outputText)")
    let wanted = try cairn.shell("\(home) $CAIRN index -q --yes && \(home) $CAIRN search -l -n1 leap_year")
    #expect(wanted.outputLines == ["src/dates.py"], "\(wanted.errorText)")
    // What lies in it is not swallowed by its index.
    let below = try cairn.shell("cd src && \(home) $CAIRN status")
    #expect(below.code == 1 && below.outputText.contains("/src yet"), "\(below.outputText)")
    for command in ["index /", "search --root / x", "related --root / /etc/passwd:1", "ask --context-only --root / x"] {
      let refused = try cairn.shell("$CAIRN \(command) </dev/null")
      #expect(refused.code == 2 && refused.errorText.contains("the whole machine"), "\(refused.errorText)")
    }
    for directory in ["/", top] {
      let refused = try cairn.shell("HOME='\(top)' $CAIRN bench \(directory) </dev/null")
      #expect(
        refused.code == 2 && refused.errorText.contains("name the directory of a project"), "\(refused.errorText)")
    }
  }

  @Test func `the home directory is the same by whatever path it is reached`() throws {
    _ = try cairn.shell("mkdir -p real/project && echo 'def leap_year(): pass' >real/project/a.py && ln -s real link")
    let top = String(decoding: cairn.tree.root.bytes, as: UTF8.self)
    for (home, place) in [("real", "link"), ("link", "real"), ("link", "link"), ("real/project/..", "real")] {
      for command in [
        "cd \(place) && $CAIRN index", "$CAIRN index \(place)", "$CAIRN search --root \(place) leap_year",
      ] {
        let refused = try cairn.shell(
          "export HOME='\(top)/\(home)' XDG_STATE_HOME='\(top)/.state'; \(command) </dev/null")
        #expect(
          refused.code == 2 && refused.errorText.contains("your home directory"),
          "\(home), \(command): \(refused.errorText)")
      }
    }
    // Mounted at a second place it has a path without a link in it.
    let mounts = "mkdir -p mounted whole && mount --bind real mounted && mount --bind / whole"
    let inside = "export HOME='\(top)/real' XDG_STATE_HOME='\(top)/.state'; \(mounts) || exit 99; "
    func mounted(_ line: String) throws -> ProgramResult { try cairn.shell("unshare -m sh -c \"\(inside)\(line)\"") }
    let refused = try mounted("$CAIRN index mounted </dev/null")
    // Not every user may mount.
    guard FileManager.default.fileExists(atPath: "/usr/bin/unshare"), try mounted("true").code == 0 else { return }
    #expect(refused.code == 2 && refused.errorText.contains("mounted, your home directory"), "\(refused.errorText)")
    let machine = try mounted("$CAIRN index whole </dev/null")
    #expect(machine.code == 2 && machine.errorText.contains("whole, the whole machine"), "\(machine.errorText)")
    // An index that the home directory has is not that of what lies in it there either.
    let below = try mounted("$CAIRN index -q --yes real && cd mounted/project && $CAIRN status")
    #expect(below.code == 1 && below.outputText.contains("/mounted/project yet"), "\(below.outputText)")
  }
}
