import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// What a repository can say of itself: git's files, ignore files, a project's settings. Nothing in them may run a
/// program, make a request, hold a run up or lead out of the tree.
@Suite struct HostileProjectTests {
  // MARK: Git

  /// Every setting of git that names a program, each of which would leave a mark.
  static let programs = """
    git init -q .
    run="touch $CANARY/ran"
    for key in core.fsmonitor core.pager core.editor core.sshCommand core.askPass core.gitProxy core.alternateRefsCommand \
      diff.external diff.x.textconv diff.x.command filter.x.clean filter.x.smudge filter.x.process merge.x.driver \
      sequence.editor gpg.program credential.helper uploadpack.packObjectsHook interactive.diffFilter alias.status \
      alias.ls-files alias.rev-parse alias.check-ignore pager.status; do git config $key "$run"; done
    printf '* filter=x diff=x merge=x\\n' > .gitattributes
    mkdir -p hooks; git config core.hooksPath hooks
    for hook in post-index-change fsmonitor-watchman pre-commit post-checkout; do
      printf '#!/bin/sh\\ntouch %s/ran\\n' "$CANARY" | tee hooks/$hook > .git/hooks/$hook; chmod +x hooks/$hook .git/hooks/$hook
    done
    """

  static let repositories: [HostileCase] = [
    HostileCase("programs in every setting of git", programs),
    HostileCase(
      "programs, and an index that git has",
      programs
        + "\nGIT_CONFIG_COUNT=0; cp .git/config .git/kept; : > .git/config; git add -f . ; mv .git/kept .git/config"),
    HostileCase(".git is a file that leads outside", "echo \"gitdir: $CANARY\" > .git"),
    HostileCase(".git is a file that leads to a FIFO", "mkfifo pipe; echo 'gitdir: pipe' > .git"),
    HostileCase(".git is a file that leads to itself", "echo 'gitdir: .git' > .git"),
    HostileCase(".git is a file that leads to a device", "echo 'gitdir: /dev/zero' > .git"),
    HostileCase(".git is a file without an end", "truncate -s 4T .git"),
    HostileCase(".git is noise", "head -c 100000 /dev/urandom > .git"),
    HostileCase(".git is a FIFO", "mkfifo .git"),
    HostileCase(".git is a socket", HostileIndexTests.socket(".git")),
    HostileCase(".git is a link outside", "ln -s $CANARY .git"),
    HostileCase(".git is a link to itself", "ln -s .git .git"),
    HostileCase("a common directory outside", "git init -q .; echo $CANARY > .git/commondir"),
    HostileCase(
      "a common directory that is itself", "git init -q .; echo . > .git/commondir; echo ../.git/../.git > .git/gitdir"),
    HostileCase("a work tree elsewhere", "git init -q .; git config core.worktree $CANARY"),
    HostileCase(
      "settings that include themselves",
      "git init -q .; printf '[include]\\npath = config\\n[include]\\npath = ../.git/config\\n' >> .git/config"),
    HostileCase(
      "settings that include a FIFO and devices",
      "git init -q .; mkfifo pipe; for f in $PWD/pipe /dev/zero /dev/stdin; do printf '[include]\\npath = %s\\n' $f >> .git/config; done"
    ),
    HostileCase("patterns from a FIFO", "git init -q .; mkfifo pipe; git config core.excludesFile $PWD/pipe"),
    HostileCase("patterns from a device", "git init -q .; git config core.excludesFile /dev/zero"),
    HostileCase(
      "patterns from outside",
      "git init -q .; echo 'known.py' > $STRANGER/rules; git config core.excludesFile $CANARY/precious.txt"),
    HostileCase("settings that are a FIFO", "git init -q .; rm .git/config; mkfifo .git/config"),
    HostileCase("settings that are /dev/zero", "git init -q .; ln -sf /dev/zero .git/config"),
    HostileCase("settings without an end", "git init -q .; truncate -s 4T .git/config"),
    HostileCase("settings of noise", "git init -q .; head -c 200000 /dev/urandom > .git/config"),
    HostileCase("an index that is a FIFO", "git init -q .; mkfifo .git/index"),
    HostileCase("an index that is /dev/zero", "git init -q .; ln -s /dev/zero .git/index"),
    HostileCase("an index without an end", "git init -q .; truncate -s 4T .git/index"),
    HostileCase(
      "an index that counts to 4 billion",
      "git init -q .; printf 'DIRC\\000\\000\\000\\002\\377\\377\\377\\377' > .git/index; head -c 100000 /dev/zero >> .git/index"
    ),
    HostileCase(
      "an index of noise",
      "git init -q .; { printf 'DIRC\\000\\000\\000\\004\\000\\000\\001\\000'; head -c 100000 /dev/urandom; } > .git/index"
    ),
    HostileCase("an index cut short", "git init -q .; git add .; truncate -s 100 .git/index"),
    HostileCase(
      "private patterns that are a FIFO",
      "git init -q .; mkdir -p .git/info; rm -f .git/info/exclude; mkfifo .git/info/exclude"),
    HostileCase("a head that is a FIFO", "git init -q .; rm .git/HEAD; mkfifo .git/HEAD"),
    HostileCase(
      "a repository in a repository in a repository",
      "for i in 1 2 3 4 5 6 7 8; do mkdir m; cd m; git init -q .; ln -s ../.. up; done"),
    HostileCase(
      "submodules that lead outside",
      "git init -q .; printf '[submodule \"x\"]\\n\\tpath = ../x\\n\\turl = ext::sh -c touch%%20ran\\n' > .gitmodules; mkdir sub; echo \"gitdir: $CANARY\" > sub/.git; echo 'x = 1' > sub/a.py"
    ),
  ]

  @Test(arguments: repositories)
  func `nothing in git's files runs, hangs or leads outside`(_ hostile: HostileCase) throws {
    var hostile = hostile
    // Where git's own files cannot be read, nobody knows what belongs to the tree: that is said, and nothing guessed.
    hostile.duty = .mayRefuse
    hostile.commands = [HostileWorld.search, ["status"], ["index"], ["index", "--rebuild"], HostileWorld.search]
    try HostileWorld(hostile).run("git's files")
  }

  // MARK: Ignore files

  static let ignoreForms: [(name: String, deed: String)] = [
    ("is a FIFO", "mkfifo $P"), ("is a link to a FIFO", "mkfifo pipe; ln -s pipe $P"),
    ("is /dev/zero", "ln -s /dev/zero $P"),
    ("is a directory", "mkdir $P"), ("is a socket", HostileIndexTests.socket("$P")),
    ("has no end", "truncate -s 4T $P"),
    ("is a link outside", "ln -s $CANARY/precious.txt $P"), ("is a link to itself", "ln -s $(basename $P) $P"),
    ("is noise", "head -c 300000 /dev/urandom | tr -d '*?[!' > $P"),
    ("has 800,000 patterns", "seq -f 'generated/path/%.0f/*.o' 800000 > $P"),
    ("has 800,000 names", "seq -f 'name%.0f' 800000 > $P"),
    ("has 800,000 paths", "seq -f '/build/%.0f/out' 800000 > $P"),
    ("has 800,000 endings", "seq -f '*.e%.0f' 800000 > $P"),
    ("has 200,000 exceptions", "seq -f '!deep/%.0f/**/x' 200000 > $P"),
    ("has a line of 8 MB", "head -c 8000000 /dev/zero | tr '\\0' 'a' > $P"),
    (
      "has stars without an end",
      "for i in $(seq 200); do printf '**/*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b%d\\n' $i; done > $P; touch src/$(head -c 200 /dev/zero | tr '\\0' a).py"
    ),
    ("has 10,000 brackets", "head -c 10000 /dev/zero | tr '\\0' '[' > $P"),
    ("ends in backslashes", #"printf 'x\\\\\\\n\\\n\\' > $P"#),
  ]

  @Test(arguments: [".gitignore", ".cairnignore", "src/.gitignore"])
  func `an ignore file holds nothing up, whatever it is`(_ name: String) throws {
    for form in Self.ignoreForms {
      try HostileWorld(
        HostileCase(
          "\(name) \(form.name)", duty: .mayRefuse, commands: [HostileWorld.search, ["index"]],
          "git init -q .; P=\(name); \(form.deed)")
      ).run("ignore files")
    }
  }

  @Test func `a pattern on the command line is matched in a moment, whatever it is`() throws {
    let cairn = try CairnProgram(inMemory: true)
    try cairn.writeSample()
    try cairn.write(FilePath("src/" + String(repeating: "a", count: 200) + ".py"), "def long_name(): pass\n")
    #expect(try cairn.run("index").code == 0)
    let patterns = [
      String(repeating: "[", count: 10_000), String(repeating: "{a,", count: 5_000),
      String(repeating: "*a", count: 2_000) + "b",
      String(repeating: "**/", count: 5_000) + "x", String(repeating: "?*", count: 3_000),
      String(repeating: "[!a]*", count: 2_000),
      String(repeating: "{a,b}", count: 60), String(repeating: "\\", count: 9_999),
    ]
    for pattern in patterns {
      let result = try cairn.start(["search", "--no-update", "--path", pattern, "leap year"]).wait(limit: .seconds(2))
      #expect(result.code <= 2, "\(pattern.prefix(20))… took too long or crashed: \(result.code)")
      #expect(result.code != 2 || !result.errors.isEmpty)
    }
  }

  // MARK: The project's file

  static let projectFiles: [HostileCase] = [
    HostileCase("cairn.toml is a FIFO", duty: .mayRefuse, "mkfifo cairn.toml"),
    HostileCase("cairn.toml is /dev/zero", duty: .mayRefuse, "ln -s /dev/zero cairn.toml"),
    HostileCase("cairn.toml is a link outside", duty: .mayRefuse, "ln -s $CANARY/precious.txt cairn.toml"),
    HostileCase("cairn.toml is a link to itself", duty: .mayRefuse, "ln -s cairn.toml cairn.toml"),
    HostileCase("cairn.toml is a directory", duty: .mayRefuse, "mkdir cairn.toml"),
    HostileCase("cairn.toml is a socket", duty: .mayRefuse, HostileIndexTests.socket("cairn.toml")),
    HostileCase("cairn.toml has no end", duty: .mayRefuse, "truncate -s 4T cairn.toml"),
    HostileCase("cairn.toml of 100 MB", duty: .mayRefuse, "seq -f 'k%.0f = 1' 8000000 > cairn.toml"),
    HostileCase("cairn.toml of noise", duty: .mayRefuse, "head -c 100000 /dev/urandom > cairn.toml"),
    HostileCase(
      "cairn.toml that is not UTF-8", duty: .mayRefuse, #"printf 'limit = 3 # \377\376\n"\377" = 1\n' > cairn.toml"#),
    HostileCase("cairn.toml with zeros", duty: .mayRefuse, #"printf 'limit = 3\n\0\0\0' > cairn.toml"#),
    HostileCase(
      "cairn.toml of 200,000 brackets", duty: .mayRefuse,
      "{ printf 'x = '; head -c 200000 /dev/zero | tr '\\0' '['; } > cairn.toml"),
    HostileCase(
      "cairn.toml of 100,000 nested tables", duty: .mayRefuse,
      "{ printf '['; for i in $(seq 100000); do printf 'a.'; done; printf 'a]\\n'; } > cairn.toml"),
    HostileCase(
      "cairn.toml whose names drive a terminal", duty: .mayRefuse,
      #"printf '"\\u001b[2J\\u0007\\u202e" = 1\n' > cairn.toml"#),
    HostileCase(
      "cairn.toml whose text drives a terminal", duty: .mayRefuse,
      #"printf 'limit = \033[2J\033]0;x\007\n' > cairn.toml"#),
    HostileCase(
      "cairn.toml whose values drive a terminal", duty: .mayRefuse,
      #"printf 'color = "\\u001b[2J\\u0007\\u009b\\u202e"\n' > cairn.toml"#),
    HostileCase(
      "a model's name that drives a terminal", duty: .mayRefuse,
      #"printf 'embedding_model = "\\u001b[2J\\u0007\\u009b\\u202e"\n' > cairn.toml"#),
    HostileCase(
      "a chat model's name that drives a terminal", duty: .mayRefuse,
      #"printf 'code_llm_model = "\\u001b]0;x\\u0007"\n' > cairn.toml"#),
    HostileCase(
      "a model's directory outside", duty: .mayRefuse, "printf 'embedding_model = \"%s\"\\n' $CANARY > cairn.toml"),
    HostileCase(
      "a model's directory in the tree", duty: .mayRefuse,
      "mkdir model; mkfifo model/config.json model/tokenizer.json model/model.onnx; printf 'embedding_model = \"./model\"\\n' > cairn.toml"
    ),
    HostileCase(
      "a reranker's directory in the tree", duty: .mayRefuse,
      "mkdir model; mkfifo model/config.json; printf 'rerank_model = \"./model\"\\n' > cairn.toml"),
    HostileCase(
      "all of the machine", duty: .mayRefuse,
      "printf 'threads = 1024\\nmax_memory_mb = 1048576\\nbatch_size = 65536\\nmax_file_bytes = 1099511627776\\n' > cairn.toml; truncate -s 4T src/hole.py"
    ),
    HostileCase(
      "as little as can be", duty: .mayRefuse,
      "printf 'threads = 1\\nmax_memory_mb = 1\\nparallel = false\\ncommit_interval_s = 1\\nmemory_mapping_threshold_mb = 1048576\\n' > cairn.toml"
    ),
  ]

  @Test(arguments: projectFiles)
  func `a project's file does no harm, whatever it is`(_ hostile: HostileCase) throws {
    try HostileWorld(hostile).run("the project's file")
    if hostile.name.contains("terminal") {
      try HostileWorld(hostile).runOnTerminal("the project's file, on a terminal")
    }
  }

  @Test func `a value of the wrong kind is an error for every setting, and never passed over`() throws {
    let cairn = try CairnProgram(inMemory: true)
    try cairn.write("a.py", "def a():\n    return 1\n")
    let keys = try cairn.run("config", "--json").objects("setting").compactMap { $0.text("key") }
    #expect(keys.count > 30)
    let wrong = ["[1]", "{ a = 1 }", "1979-05-27", "nan", "[]", "{}", "[[]]", "07:32:00", "1.5"]
    var passedOver: [String] = []
    for key in keys {
      for value in wrong {
        try cairn.write("cairn.toml", "\(key) = \(value)\n")
        let result = try cairn.run("config")
        if result.code != 2 { passedOver.append("\(key) = \(value)") }
        if result.code == 2, !result.errorText.contains("cairn.toml") { passedOver.append("\(result.errorText)") }
      }
      for value in ["-9223372036854775808", "9223372036854775807", "'''\u{1B}[2J'''", #""\u001b[2J""#, "\"\"", "true"] {
        try cairn.write("cairn.toml", "\(key) = \(value)\n")
        let result = try cairn.start(["status"]).wait(limit: .seconds(10))
        #expect(result.code <= 2 && (result.code != 2 || !result.errors.isEmpty), "\(key) = \(value): \(result.code)")
        #expect(HostileWorld.controls(in: result.errors + result.output).isEmpty, "\(key) = \(value)")
      }
    }
    #expect(passedOver.isEmpty, "accepted, or refused without naming the file: \(passedOver.count): \(passedOver)")
  }

  // MARK: Requests

  /// A server of a test, and what stands in the user's own file.
  func cairn(_ server: TestServer, own: String) throws -> CairnProgram {
    var cairn = try CairnProgram(inMemory: true)
    try cairn.home.write(".config/cairn/config.toml", own)
    cairn.environment["USERS_KEY"] = "the-users-key"
    try cairn.writeSample()
    return cairn
  }

  static let theirs = [
    "embedding_model = \"endpoint:x\"", "rerank_model = \"endpoint:x\"",
    "local_first = true\nembedding_model = \"endpoint:x\"",
    "embedding_endpoint = \"URL\"\nembedding_model = \"endpoint:x\"", "llm_endpoint = \"URL\"\ncode_llm_model = \"x\"",
    "hub = \"URL\"\nembedding_model = \"minilm\"", "hub = \"URL\"\nrerank_model = \"x\"",
    "embedding_key_variable = \"HOME\"\nembedding_model = \"endpoint:x\"", "embedding_model = \"URL\"",
    "model_dir = \"URL\"",
    "embedding_model = \"endpoint:\"", "embedding_model = \"ENDPOINT:x\"", "embedding_model = \" endpoint:x\"",
  ]

  @Test(arguments: theirs)
  func `a project's file never makes a request, whatever the user's own file holds`(_ project: String) throws {
    let server = try TestServer { $0.reply(200, "{\"data\":[]}") }
    let personal = [
      "", "embedding_endpoint = \"\(server.url())\"\nembedding_key_variable = \"USERS_KEY\"\n",
    ]
    for own in personal {
      let cairn = try cairn(server, own: own)
      try cairn.write("cairn.toml", project.replacingOccurrences(of: "URL", with: server.url()) + "\n")
      for command in [
        ["search", "leap_year"], ["index"], ["index", "--rebuild"], ["related", "src/dates.py:1"], ["status"],
        ["ask", "leap year"],
      ] {
        let result = try cairn.start(command).wait(limit: .seconds(10))
        #expect(result.code <= 3 && (result.code != 2 || !result.errors.isEmpty), "\(command): \(result.code)")
      }
      #expect(server.connectionCount == 0, "\(server.requests.map { "\($0.method) \($0.path)" })")
    }
  }

  @Test func `the user's own file does make requests, so that the test above can fail`() throws {
    let server = try TestServer { $0.reply(500, "no") }
    let cairn = try cairn(
      server, own: "embedding_endpoint = \"\(server.url())\"\nembedding_model = \"endpoint:x\"\nrequest_timeout_s = 1\n"
    )
    let run = try cairn.start(["index"])
    server.wait(forRequestCount: 1)
    run.send(SIGKILL)
    _ = run.wait()
    #expect(server.connectionCount > 0)
  }
}
