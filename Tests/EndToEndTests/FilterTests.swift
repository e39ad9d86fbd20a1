import Foundation
import Primitives
import TestSupport
import Testing

@Suite struct FilterTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    try cairn.write("app/[id]/page.tsx", "export function idPage() {\n\treturn null;\n}\n")
    _ = try cairn.run("index", "-q")
  }

  func files(_ words: String...) throws -> [String] { try cairn.start(["search", "-l"] + words).wait().outputLines }

  @Test(arguments: ["*.{py,tsx}", "app/[id]/page.tsx", "app/[id]", "[id]", ".", "./app", "app/**/*.{ts,tsx}"])
  func `paths are what they mean in a shell`(pattern: String) throws {
    #expect(try files("--path", pattern, "idPage").first == "app/[id]/page.tsx")
    #expect(try files("idPage", "path:" + pattern).first == "app/[id]/page.tsx")
  }

  @Test func `absolute paths and those of the directory one stands in name places`() throws {
    let root = String(decoding: cairn.tree.root.bytes, as: UTF8.self)
    #expect(try files("--path", root, "idPage").first == "app/[id]/page.tsx")
    #expect(try files("--path", root + "/app", "idPage").first == "app/[id]/page.tsx")
    #expect(try files("--path", root + "/src", "idPage").allSatisfy { $0.hasPrefix("src/") })
    let below = try cairn.shell("cd app && $CAIRN search -l --path . idPage; $CAIRN search -l --path ../src parse")
    #expect(below.outputLines == ["[id]/page.tsx", "../src/dates.py", "../src/server.js"], "\(below.outputText)")
    let linked = try cairn.shell("ln -s . again && cd again/app && $CAIRN search -l --path \"$PWD\" idPage")
    #expect(linked.outputLines.count == 1, "\(linked.outputText)\(linked.errorText)")
  }

  @Test(arguments: [
    (["lang:pyton", "parse"], "no language is called \"pyton\"; did you mean \"python\"?", 1),
    (["--lang", "pyton", "parse"], "--lang: no language is called \"pyton\"; did you mean \"python\"?", 2),
    (["-t", "py,pyton", "parse"], "did you mean \"python\"?", 2),
    (["-T", "pyton", "parse"], "--not-lang: no language", 2),
    (["--kind", "functon", "parse"], "--kind: no kind of symbol is called \"functon\"; did you mean \"function\"?", 2),
    (["--ext", "src/x", "parse"], "--ext: \"src/x\" is the ending of no file's name", 2),
    (["--ext", "pyy", "parse"], "no indexed file ends in .pyy; did you mean \"py\"?", 1),
    (["ext:pyy", "parse"], "did you mean \"py\"?", 1),
    (["--path", "scr", "parse"], "no indexed file has a path like \"scr\"; did you mean \"src\"?", 1),
    (["path:src/date.py", "parse"], "did you mean \"dates.py\"?", 1),
    (["type:py", "parse"], "\"type:py\" is no filter and was searched for as words; lang:py asks for the language", 0),
    (["-lang:pyton", "parse"], "no language is called \"pyton\"", 0),
    (["lang:haskell", "parse"], "no indexed file is in the language \"haskell\"", 1),
    (["kind:bogus", "parse"], "no kind of symbol is called \"bogus\"; there are: function,", 1),
    (["kind:functon", "parse"], "did you mean \"function\"?", 1),
    (["kind:functon,function", "parse"], "did you mean \"function\"?", 0),
    (["-kind:functon", "parse"], "so it leaves nothing out; did you mean \"function\"?", 0),
    (["kind:bogus"], "\"kind:bogus\" is no kind of symbol and was searched for as words", 1),
    (["kind:functon"], "was searched for as words; did you mean \"function\"?", 1),
    (["lang:pyton"], "was searched for as words; did you mean \"python\"?", 1),
    (["sym:parse"], "\"sym:parse\" is no filter", 0),
    (["par.*se"], "as a pattern it is /par.*se/", 1),
    (["path:nowhere/**", "parse"], "no indexed file has a path like \"nowhere/**\"", 1),
    (["--path", "src", "--path", "nowhere", "parse"], "no indexed file has a path like \"nowhere\"", 0),
    (["ext:rb", "parse"], "no indexed file ends in .rb", 1),
    (["--ext", "rb,lua", "parse"], "no indexed file ends in .rb or .lua", 1),
    (["lang:,", "parse"], "\"lang:,\" names nothing and was searched for as words", 0),
    (["parse", "-header"], "\"-header\" excludes nothing", 0),
    (["lang:python"], "the query has filters and nothing to search for", 2),
  ])
  func `a filter that cannot match says so`(words: [String], said: String, code: Int) throws {
    // What begins with a dash and is no filter stands behind two.
    let arguments = words.last?.hasPrefix("-h") == true ? ["search", "--"] + words : ["search"] + words
    let result = try cairn.start(arguments).wait()
    #expect(result.errorText.contains(said) && result.code == code, "\(result.code) \(result.errorText)")
    if code < 2 {
      let summary = try cairn.start(["search", "--json"] + arguments.dropFirst()).wait().objects("summary").first
      #expect((summary?["notes"] as? [String])?.contains { $0.contains(said) } == true)
    }
  }

  @Test func `what is said of a value that is repeated is said once`() throws {
    let result = try cairn.run("search", "-t", "haskell,haskell,haskell", "parse")
    #expect(result.errorText.components(separatedBy: "haskell").count == 2, "\(result.errorText)")
  }

  @Test func `an extension filters, and a filter that leaves out may come first`() throws {
    #expect(Set(try files("ext:py,js", "multiply parse listen")) == ["src/dates.py", "src/server.js"])
    #expect(try files("-lang:python", "parse").contains("src/dates.py") == false)
    #expect(try files("-path:src", "parse listen").allSatisfy { !$0.hasPrefix("src/") })
    let unknown = try cairn.run("search", "-word", "parse")
    #expect(unknown.code == 2 && unknown.errorText.contains("to look for \"-word\" write it behind --"))
  }

  @Test(arguments: [
    ["idPage", "path:app/** ext:tsx"], ["idPage", "ext:tsx path:app/**"], ["idPage ext:tsx", "--path", "app/**"],
  ])
  func `an ending and a path are asked for together`(arguments: [String]) throws {
    try cairn.write("other/id.tsx", "export function idPageOther() {\n\treturn idPage();\n}\n")
    try cairn.write("app/id.py", "def idPage():\n    pass\n")
    let found = try cairn.start(["search", "-l", "-n", "50"] + arguments).wait().outputLines
    #expect(found == ["app/[id]/page.tsx"])
  }

  @Test(arguments: [
    ["path:docs", "quantise"], ["path:docs", "\"quantise the rows\""], ["--lang", "markdown", "quantise"],
    ["--path", "docs/**", "Matrix.quantise"], ["kind:class", "quantise"], ["-lang:python", "quantise"],
  ])
  func `what stands only where the filters do not look is said to`(arguments: [String]) throws {
    let cairn = try CairnProgram()
    try cairn.write("src/rows.py", "def quantise(rows):\n    # quantise the rows\n    return [int(r) for r in rows]\n")
    try cairn.write("src/kinds.py", "class Kind:\n    value = 1\n")
    try cairn.write("docs/guide.md", "# Guide\n\nHow numbers are rounded, and why.\n")
    let found = try cairn.start(["search", "--json"] + arguments).wait()
    let summary = try #require(found.objects("summary").first)
    let absent = try #require((summary["absent"] as? [[String: Any]])?.last)
    #expect(found.code == 1 && summary["nowhere"] as? Bool == true && absent["elsewhere"] as? Bool == true)
    let shown = try cairn.start(["search"] + arguments).wait()
    #expect(shown.errorText.contains("nothing that the filters pass holds"), "\(shown.errorText)")
    #expect(try cairn.start(["search", "-q"] + arguments).wait().outputText.isEmpty)
    #expect(try cairn.run("search", "path:src", "quantise").code == 0)
  }
}
