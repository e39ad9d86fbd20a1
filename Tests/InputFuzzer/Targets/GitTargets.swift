import Corpus
import Primitives

extension InputTarget {
  /// An ignore file and a path: a byte of switches, the path, a NUL, the file.
  static let ignoreRules = InputTarget("ignore-rules", byteLimit: 2048) { input in
    guard input.count > 1 else { return }
    let foldsCase = input[0] & 1 != 0
    let isDirectory = input[0] & 2 != 0
    let parts = input.extracting(1...).array.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    // As a walk gives them: components without anything empty.
    let path = Array(parts[0].split(separator: UInt8(ascii: "/")).joined(separator: [UInt8(ascii: "/")]))
    guard parts.count == 2, !path.isEmpty else { return }
    let nameStart = (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    let content = Array(parts[1])

    let rules = IgnoreRules(content, foldsCase: foldsCase)
    let verdict = rules.verdict(path: path.span, nameStart: nameStart, isDirectory: isDirectory)
    // The slow twin: each line by itself, and the last that has something to say wins. Behind a line break, since only
    // the mark at the beginning of a file is none of its first pattern.
    var expected: IgnoreRules.Verdict?
    for (number, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let single = IgnoreRules((number > 0 ? [UInt8(ascii: "\n")] : []) + line, foldsCase: foldsCase)
      expected = single.verdict(path: path.span, nameStart: nameStart, isDirectory: isDirectory) ?? expected
    }
    expect(verdict == expected, "the rules say \(verdict as Any), line by line \(expected as Any)")
    if let scope = try? RuleScope(rules, base: Span(), outer: nil, path: ".gitignore") {
      let inScope = scope.verdict(path: path.span, nameStart: nameStart, isDirectory: isDirectory)
      expect(inScope == verdict, "the scope says \(inScope as Any), its rules \(verdict as Any)")
    }
    let pattern = Array(content.prefix { $0 != UInt8(ascii: "\n") }.prefix(64))
    for isForPaths in [false, true] {
      guard let glob = GitGlob(pattern.span, isForPaths: isForPaths, foldsCase: foldsCase) else { continue }
      let text = path.span.extracting(first: 128)
      let slow = glob.exhaustiveMatch(text)
      expect(glob.matches(text) == slow, "a glob matches otherwise than its slow twin")
      let quick = glob.backtrackingMatch(text, stepLimit: 1 << 20)
      expect((quick ?? slow) == slow, "a glob matches by backtracking otherwise than its slow twin")
    }
  }

  /// git's index: a byte of switches, the length of the file in two bytes, the file, and its shared part behind it.
  static let gitIndex = InputTarget("git-index", byteLimit: 8192) { input in
    guard input.count >= 3 else { return }
    let idByteCount = input[0] & 1 == 0 ? 20 : 32
    let rest = input.extracting(3...)
    let own = rest.extracting(first: input.number(at: 1))
    let shared = rest.extracting(own.count..<rest.count).array
    let index = GitIndex(own, objectIDByteCount: idByteCount, foldsCase: input[0] & 2 != 0) { name, read in
      expect(name.utf8.count == 12 + 2 * idByteCount, "a shared part has an odd name: \(name)")
      read(shared.span)
    }
    expect(index.isReadable || index.count == 0, "an index that cannot be read tracks something")
    expect(index.count <= input.count / (42 + idByteCount), "\(index.count) entries in \(input.count) bytes")
    for path in ["a", "src/main.c", "src"] {
      let bytes = Array(path.utf8)
      let isTracked = index.tracksFile(bytes.span) || index.tracksRepository(bytes.span)
      expect(!isTracked || index.count > 0, "an index without entries tracks \(path)")
      _ = index.tracksAnything(below: bytes.span)
      _ = GitIndexScan(bytes, objectIDByteCount: idByteCount).finds(in: own)
    }
  }

  /// A file of git's settings. What was read is the same where it is written down and read again.
  static let gitConfiguration = InputTarget("git-configuration", byteLimit: 4096) { input in
    let settings = GitSettings.read(input.array)
    let again = GitSettings.read(GitSettings.text(of: settings))
    expect(settings == again, "settings that are written down are read as others")
  }
}

private enum GitSettings {
  static func read(_ content: [UInt8]) -> [GitConfigLexer.Setting] {
    var lexer = GitConfigLexer(content)
    var settings: [GitConfigLexer.Setting] = []
    while let setting = lexer.next() { settings.append(setting) }
    return settings
  }

  static func text(of settings: [GitConfigLexer.Setting]) -> [UInt8] {
    var text: [UInt8] = []
    for setting in settings {
      if let subsection = setting.subsection {
        text += Array("[\(setting.section) \"".utf8) + escaped(subsection) + Array("\"]\n".utf8)
      } else if !setting.section.isEmpty || !text.isEmpty {
        text += Array("[\(setting.section)]\n".utf8)
      }
      text += Array(setting.name.utf8)
      if let value = setting.value { text += Array(" = \"".utf8) + escaped(value) + Array("\"".utf8) }
      text += Array("\n".utf8)
    }
    return text
  }

  private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte in
      switch byte {
      case UInt8(ascii: "\n"): Array("\\n".utf8)
      case UInt8(ascii: "\\"), UInt8(ascii: "\""): [UInt8(ascii: "\\"), byte]
      default: [byte]
      }
    }
  }
}
