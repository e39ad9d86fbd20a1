import Primitives
import TestSupport
import Testing

/// What users of grep and ripgrep type.
@Suite struct OtherToolTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    for name in ["a.py", "b.c", "c.go", "lib/d.py", "lib/e.js", "web/f.ts"] {
      try cairn.write(FilePath(name), name.hasSuffix(".c") ? "int landmark;\n" : "landmark = 1\n")
    }
  }

  private func files(_ arguments: String...) throws -> [String] {
    let result = try cairn.start(["search", "-l"] + arguments).wait()
    #expect(result.errors.isEmpty, "\(arguments): \(result.errorText)")
    return result.outputLines.sorted()
  }

  @Test(arguments: [
    (["-t", "py"], ["a.py", "lib/d.py"]), (["-tpy"], ["a.py", "lib/d.py"]), (["--type=py"], ["a.py", "lib/d.py"]),
    (["--type", "py,c"], ["a.py", "b.c", "lib/d.py"]), (["--lang", "python, c"], ["a.py", "b.c", "lib/d.py"]),
    (["-t", "py", "-t", "go"], ["a.py", "c.go", "lib/d.py"]), (["--language", "Go,C"], ["b.c", "c.go"]),
    (["-T", "py,js,ts"], ["b.c", "c.go"]),
    (["--type-not", "py", "--not-lang", "c"], ["c.go", "lib/e.js", "web/f.ts"]),
    (["--ext", "py"], ["a.py", "lib/d.py"]), (["--ext", ".py,*.js"], ["a.py", "lib/d.py", "lib/e.js"]),
    (["--ext", "go", "--ext=c"], ["b.c", "c.go"]), (["-g", "*.py"], ["a.py", "lib/d.py"]),
    (["--glob=lib/**"], ["lib/d.py", "lib/e.js"]), (["-g", "!*.py"], ["b.c", "c.go", "lib/e.js", "web/f.ts"]),
    (["-g", "lib", "-g", "!*.js"], ["lib/d.py"]), (["--path", "!lib"], ["a.py", "b.c", "c.go", "web/f.ts"]),
    (["--include", "*.{c,go}"], ["b.c", "c.go"]), (["-i", "-t", "c"], ["b.c"]), (["--ignore-case", "-tgo"], ["c.go"]),
    (["--path", "lib", "--ext", "py"], ["lib/d.py"]), (["lang:python,c"], ["a.py", "b.c", "lib/d.py"]),
    (["ext:c,go"], ["b.c", "c.go"]), (["path:!*.py", "lang:!ts"], ["b.c", "c.go", "lib/e.js"]),
    (["-lang:python,c"], ["c.go", "lib/e.js", "web/f.ts"]),
  ])
  func `an option that can mean something does it, with several values too`(
    options: [String], wanted: [String]
  ) throws {
    let result = try cairn.start(["search", "-l"] + options + ["landmark"]).wait()
    #expect(result.code == 0 && result.outputLines.sorted() == wanted, "\(options): \(result.errorText)")
    #expect(result.errors.isEmpty, "\(options): \(result.errorText)")
  }

  @Test func `ripgrep's name for a list of files means it, and letters may stand together`() throws {
    #expect(try cairn.run("search", "--files-with-matches", "-tc", "landmark").outputLines == ["b.c"])
    #expect(try cairn.run("search", "-ilqtc", "landmark").outputLines == ["b.c"])
  }

  @Test(arguments: [
    ("-r", "leave it out"), ("-rn", "leave it out"), ("-e", "between two slashes"), ("-E", "between two slashes"),
    ("-F", "quotation marks"), ("-w", "leave it out"), ("-v", "--path '!GLOB'"), ("-c", "-l lists"), ("-A", "-C N"),
    ("--after-context=3", "-C N"), ("-m", "--limit N"), ("--top-k=3", "--limit N"), ("--line-number", "always shown"),
    ("--column", "--vimgrep"), ("-H", "--vimgrep"), ("--hidden", "--include-hidden"), ("--no-ignore", "gitignore"),
    ("-uu", "gitignore"), ("-L", "--follow-links"), ("-s", "capital"), ("-S", "capital"), ("--exclude=x", "--path '!"),
    ("--sort=path", "best result"), ("-f", "cairn search -"),
    ("-vn", "--path '!GLOB'"),
  ])
  func `another answers with what does its work`(option: String, said: String) throws {
    let result = try cairn.run("search", option, "landmark")
    #expect(result.code == 2 && result.outputText.isEmpty)
    #expect(result.errorText.contains(said) && result.errorText.contains("there is no option"), "\(result.errorText)")
  }

  @Test func `a value that is none says what is wanted`() throws {
    for options in [["-n"], ["-in"]] {
      let result = try cairn.start(["search"] + options + ["landmark", "x"]).wait()
      #expect(
        result.code == 2 && result.errorText.contains("lines have their numbers without it"), "\(result.errorText)")
    }
    for option in ["--lang", "--ext", "--kind", "-T"] {
      let result = try cairn.run("search", option, ",", "landmark")
      #expect(result.code == 2 && result.errorText.contains("takes a name"), "\(result.errorText)")
    }
    #expect(try cairn.run("search", "-g", "!", "landmark").errorText.contains("takes a pattern"))
    #expect(try cairn.run("search", "--kind", "function,typo", "landmark").errorText.contains("is called \"typo\""))
    let unknown = try cairn.run("search", "-t", "pyton", "landmark")
    #expect(unknown.code == 2 && unknown.errorText.contains("did you mean \"python\""), "\(unknown.errorText)")
    let absent = try cairn.run("search", "--ext", "zig", "landmark")
    #expect(absent.code == 1 && absent.errorText.contains("no indexed file ends in .zig"), "\(absent.errorText)")
  }

  @Test(arguments: [
    ("version", "--version"), ("init", "cairn index"), ("find", "cairn files"), ("rg", "cairn grep"),
    ("clean", "cairn remove"), ("daemon", "cairn watch"), ("serach", "\"search\""),
  ])
  func `another tool's command answers with ours`(command: String, said: String) throws {
    let result = try cairn.run(command)
    #expect(result.code == 2 && result.errorText.contains(said), "\(result.errorText)")
  }

  // MARK: -q

  @Test func `with -q nothing near passes for what is nowhere`() throws {
    try cairn.write("z.py", "def parse_landmarks(text):\n    return text.split('landmark')\n")
    for query in [
      "parse_landmerks", "\"landmarks in the text\"", "kind:function parse_landmerks", "quagga", "quagga okapi",
    ] {
      let loud = try cairn.run("search", query)
      #expect(loud.errorText.contains("no indexed file holds"), "\(loud.errorText)")
      for options in [[], ["-l"], ["--vimgrep"]] {
        let quiet = try cairn.start(["search", "-q"] + options + [query]).wait()
        #expect(quiet.code == 1 && quiet.outputText.isEmpty && quiet.errorText.isEmpty, "\(query): \(quiet.outputText)")
      }
    }
    let found = try cairn.run("search", "-q", "-l", "-n1", "parse_landmarks")
    #expect(found.code == 0 && found.outputLines == ["z.py"])
    let json = try cairn.run("search", "-q", "--json", "parse_landmerks").objects("summary").first
    #expect(json?["nowhere"] as? Bool == true)
  }
}
