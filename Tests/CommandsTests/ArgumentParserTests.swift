import Commands
import Settings
import TestSupport
import Testing

@Suite struct ArgumentParserTests {
  func parse(_ words: String...) throws -> ParsedArguments { try ArgumentParser.parse(words.map { Array($0.utf8) }) }
  func text(_ arguments: ParsedArguments, _ meaning: Option.Meaning) -> [String] {
    arguments.values(meaning).map { String(decoding: $0, as: UTF8.self) }
  }
  func mistake(_ words: String...) -> UsageError? {
    failure(UsageError.self) { () throws(UsageError) in try ArgumentParser.parse(words.map { Array($0.utf8) }) }
  }

  @Test(arguments: [["--limit", "5"], ["--limit=5"], ["-n", "5"], ["-n5"], ["-n=5"], ["-qn5"]])
  func `a value may follow its option in every usual way`(_ words: [String]) throws {
    let parsed = try ArgumentParser.parse((["search", "x"] + words).map { Array($0.utf8) })
    #expect(text(parsed, .setting(.limit)) == ["5"])
    #expect(parsed.operands == [Array("x".utf8)])
  }

  @Test(arguments: [("-t=", "-t NAMES"), ("-g=", "-g GLOB"), ("-n=", "-n N")])
  func `a value that is missing behind a sign is not the next word`(option: String, wanted: String) {
    #expect(mistake("search", option, "x")?.message == "\(option.dropLast()) needs a value: \(wanted)")
  }

  @Test(arguments: [
    ["man", "--directory", ""], ["man", "--directory="], ["search", "--root", "", "x"], ["grep", "-f", "", "x"],
  ])
  func `an option that takes a path takes no empty one`(_ words: [String]) {
    let error = failure(UsageError.self) { () throws(UsageError) in
      try ArgumentParser.parse(words.map { Array($0.utf8) })
    }
    #expect(error?.message.contains("an empty name") == true && error?.command?.rawValue == words[0])
  }

  @Test(arguments: [
    ["index", ""], ["mcp", ""], ["config", "import", ""], ["grep", "x", ""], ["grep", "-e", "x", ""], ["files", ""],
    ["model", "add", ""], ["eval", ""], ["cluster", "push", ""],
  ])
  func `an operand that is a path is no empty one`(_ words: [String]) {
    let error = failure(UsageError.self) { () throws(UsageError) in
      try ArgumentParser.parse(words.map { Array($0.utf8) })
    }
    #expect(error?.message.contains("is empty: cairn \(words[0]) ") == true, "\(words)")
  }

  @Test func `what is no path may be empty`() throws {
    #expect(try parse("grep", "", "a.c").operands.count == 2)
    #expect(try parse("config", "set", "collection", "").operands.count == 3)
    #expect(try parse("index", "--index-dir", "").uses.count == 1)
  }

  @Test func `options may stand before, between and after the words`() throws {
    let parsed = try parse("--root", "/a", "search", "one", "-l", "two", "--json")
    #expect(parsed.command?.name == .search)
    #expect(parsed.operands == [Array("one".utf8), Array("two".utf8)])
    #expect(parsed.has(.filesOnly) && parsed.has(.json))
    #expect(text(parsed, .root) == ["/a"])
  }

  @Test func `nothing after two dashes is an option`() throws {
    let parsed = try parse("search", "--", "--limit", "-x")
    #expect(parsed.operands == [Array("--limit".utf8), Array("-x".utf8)])
    #expect(parsed.uses.isEmpty)
  }

  @Test func `short options may be joined`() throws {
    let parsed = try parse("search", "-lq0", "word")
    #expect(parsed.has(.filesOnly) && parsed.has(.quiet) && parsed.has(.null))
  }

  @Test func `a repeated option keeps every value in order`() throws {
    #expect(text(try parse("search", "--lang", "c", "x", "--lang=go"), .language) == ["c", "go"])
  }

  @Test func `a boolean setting can be said and unsaid`() throws {
    #expect(text(try parse("index", "--include-hidden"), .setting(.includesHidden)) == ["true"])
    #expect(text(try parse("index", "--no-include-hidden"), .setting(.includesHidden)) == ["false"])
    #expect(text(try parse("index", "--include-hidden=no"), .setting(.includesHidden)) == ["no"])
  }

  @Test func `bytes that are not text survive`() throws {
    let path: [UInt8] = [0x2F, 0xFF, 0xFE]
    let parsed = try ArgumentParser.parse([Array("search".utf8), Array("--root".utf8), path, [0xC0]])
    #expect(parsed.values(.root) == [path])
    #expect(parsed.operands == [[0xC0]])
  }

  @Test func `an unknown option names the nearest one`() {
    #expect(mistake("index", "--thread", "3")?.message == "there is no option --thread; did you mean --threads?")
    #expect(mistake("index", "--zzzzzz", "x")?.message == "there is no option --zzzzzz")
    #expect(mistake("index", "-Z", "x")?.message == "there is no option -Z")
  }

  @Test func `an unknown option in a query says how to look for it`() {
    let hint = "look for \"--limt=3\" write it behind --: cairn search -- --limt=3"
    #expect(
      mistake("search", "a", "--limt=3")?.message == "there is no option --limt; did you mean --limit? Or, to \(hint)")
    #expect(
      mistake("ask", "--dotenv-filename")?.message
        == "there is no option --dotenv-filename; to look for \"--dotenv-filename\" write it behind --: cairn ask -- "
        + "--dotenv-filename")
    #expect(mistake("search", "-Zx")?.message.hasSuffix("-- -Zx") == true)
    #expect(mistake("search", "-Z")?.message.hasSuffix("-- -Z") == true)
    #expect(mistake("related", "--bar")?.message == "there is no option --bar")
  }

  @Test func `an unknown command names the nearest one, or the search that was meant`() {
    #expect(mistake("serach", "x")?.message == "there is no command \"serach\"; did you mean \"search\"?")
    #expect(mistake("dates")?.message == "there is no command \"dates\"; to search for it: cairn search dates")
  }

  @Test func `mistakes with values and operands are told apart`() {
    #expect(mistake("search", "x", "--limit")?.message == "--limit needs a value: --limit N")
    #expect(mistake("search", "--json=yes", "x")?.message == "--json takes no value")
    #expect(mistake("search")?.message == "the query is missing: cairn search [OPTIONS] QUERY...")
    #expect(mistake("index", "a", "b")?.message == "too many words: cairn index [OPTIONS] [DIRECTORY]")
    #expect(mistake("status", "--rebuild")?.message == "there is no option --rebuild")
    #expect(mistake("--rebuild", "status")?.message == "cairn status does not take --rebuild")
    #expect(mistake("--quiet")?.message == "no command was named")
  }

  @Test func `help and version need nothing else`() throws {
    #expect(try parse("search", "--help").has(.help))
    #expect(try parse("--version").has(.version))
    #expect(try parse().command == nil)
  }

  @Test func `no two options of a command have one name`() {
    for command in Command.all {
      let names = command.allOptions.map(\.name)
      let shorts = command.allOptions.compactMap(\.short)
      #expect(Set(names).count == names.count && Set(shorts).count == shorts.count, "\(command.name)")
    }
  }
}
