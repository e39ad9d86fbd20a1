import Primitives

/// Tells the language of a file. By name where the name is enough, which costs two hash look-ups; else by the first
/// line, a modeline or the content's beginning.
enum LanguageDetector {
  static func language(of content: Span<UInt8>, path: [UInt8]) -> Language {
    if let number = number(of: content, path: path) {
      let language = LanguageTable.languages[number]
      // A name that has several meanings may turn out to have none of them.
      if language != .plainText || !hasAmbiguousExtension(path) { return language }
    }
    return CodeHeuristics.isCode(content) ? .unknownCode : .plainText
  }

  private static func hasAmbiguousExtension(_ path: [UInt8]) -> Bool {
    guard let dot = path.lastIndex(of: .dot) else { return false }
    return AmbiguousExtension(path[(dot + 1)...].map(\.asciiLowercased)) != nil
  }

  private static func number(of content: Span<UInt8>, path: [UInt8]) -> Int? {
    let bytes = path.span
    var nameStart = bytes.count
    while nameStart > 0, bytes[nameStart - 1] != .slash { nameStart -= 1 }
    let name = bytes.extracting(nameStart..<bytes.count)
    if let number = LanguageTable.fileNames[name] { return number }

    var end = name.count
    // `config.h.in` is a template of `config.h`.
    while let dot = lastDot(of: name, before: end) {
      let suffix = lowercased(name, from: dot + 1, to: end)
      if let ambiguous = AmbiguousExtension(suffix) {
        return language(modelineOf: content) ?? ambiguous.language(of: content)
      }
      if let number = LanguageTable.extensions[suffix.span] { return number }
      guard templateSuffixes.contains(suffix) else { break }
      end = dot
    }
    // `Dockerfile.dev`, `Makefile.common`.
    if let dot = firstDot(of: name), dot > 0, let number = LanguageTable.fileNames[name.extracting(0..<dot)],
      LanguageTable.rows[number].kind == .code
    {
      return number
    }
    return language(shebangOf: content) ?? language(modelineOf: content) ?? language(beginningOf: content)
  }

  private static let templateSuffixes = ["in", "tmpl", "template", "dist", "example", "sample", "orig", "bak"]
    .map { Array($0.utf8) }

  private static func lastDot(of name: Span<UInt8>, before end: Int) -> Int? {
    var i = end - 1
    while i > 0, name[i] != .dot { i -= 1 }
    // A dot at the beginning makes a hidden name, not an extension; nor does one at the end.
    return i > 0 && i + 1 < end ? i : nil
  }

  private static func firstDot(of name: Span<UInt8>) -> Int? {
    for i in 0..<name.count where name[i] == .dot { return i }
    return nil
  }

  private static func lowercased(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(end - start)
    for i in start..<end { text.append(bytes[i].asciiLowercased) }
    return text
  }

  // MARK: First line

  /// The language of the program behind `#!`.
  static func language(shebangOf content: Span<UInt8>) -> Int? {
    guard content.count > 2, content[0] == UInt8(ascii: "#"), content[1] == UInt8(ascii: "!") else { return nil }
    var line: [UInt8] = []
    for i in 2..<min(content.count, 256) {
      if content[i] == .newline { break }
      line.append(content[i] == .tab || content[i] == .carriageReturn ? .space : content[i])
    }
    var words = line.split(separator: .space).map { word in
      Array(word[((word.lastIndex(of: .slash) ?? word.startIndex - 1) + 1)...])
    }
    if words.first == Array("env".utf8) {
      words.removeFirst()
      // Options and settings of `env` come before the program.
      while let word = words.first, word.first == UInt8(ascii: "-") || word.contains(UInt8(ascii: "=")) {
        words.removeFirst()
      }
    }
    guard var program = words.first else { return nil }
    if let number = LanguageTable.interpreters[program.span] { return number }
    while let last = program.last, last.isASCIIDigit || last == .dot || last == UInt8(ascii: "-") {
      program.removeLast()
    }
    return LanguageTable.interpreters[program.span]
  }

  // MARK: Modelines

  /// The language that an editor is told by a comment: Emacs in the first two lines, Vim in the first or last five.
  static func language(modelineOf content: Span<UInt8>) -> Int? {
    let head = FirstBytes(content, limit: 1_024)
    if let found = emacsMode(head) ?? vimFileType(head) { return found }
    let tailStart = max(0, content.count - 512)
    return vimFileType(FirstBytes(content.extracting(tailStart..<content.count), limit: 512))
  }

  private static func emacsMode(_ head: FirstBytes) -> Int? {
    for line in head.bytes.split(separator: .newline, omittingEmptySubsequences: false).prefix(2) {
      guard let open = line.firstRange(of: Array("-*-".utf8)),
        let close = line[open.upperBound...].firstRange(of: Array("-*-".utf8))
      else { continue }
      let inside = Array(line[open.upperBound..<close.lowerBound]).asciiLowercased
      if !inside.contains(UInt8(ascii: ":")) { return named(inside[...]) }
      for setting in inside.split(separator: UInt8(ascii: ";")) {
        guard let colon = setting.firstIndex(of: UInt8(ascii: ":")) else { continue }
        if trimmed(setting[..<colon]) == Array("mode".utf8) { return named(setting[(colon + 1)...]) }
      }
    }
    return nil
  }

  private static func vimFileType(_ part: FirstBytes) -> Int? {
    for line in part.bytes.split(separator: .newline) {
      let line = Array(line).asciiLowercased
      guard let start = ["vim:", "vi:", "ex:"].compactMap({ line[...].firstRange(of: Array($0.utf8)) }).first else {
        continue
      }
      for key in ["filetype=", "ft=", "syntax="] {
        guard let found = line[start.upperBound...].firstRange(of: Array(key.utf8)) else { continue }
        let value = line[found.upperBound...].prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "+") }
        if let number = named(value) { return number }
      }
    }
    return nil
  }

  private static func named(_ name: ArraySlice<UInt8>) -> Int? { LanguageTable.aliases[trimmed(name).span] }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = bytes
    while bytes.first == .space || bytes.first == .tab { bytes.removeFirst() }
    while bytes.last == .space || bytes.last == .tab { bytes.removeLast() }
    return Array(bytes)
  }

  // MARK: Beginning

  /// The language of a file without a telling name, by the words that such files begin with.
  private static func language(beginningOf content: Span<UInt8>) -> Int? {
    let head = FirstBytes(content, limit: 256).bytes.drop { $0 == .space || $0 == .tab || $0 == .newline }
    let beginnings = [
      ("<?xml", "xml"), ("<?php", "php"), ("<!doctype html", "html"), ("<html", "html"), ("%yaml", "yaml"),
      ("diff --git ", "diff"), ("#compdef", "bash"),
    ]
    let text = Array(head).asciiLowercased
    for (beginning, name) in beginnings where text.starts(with: beginning.utf8) {
      return LanguageTable.aliases[Array(name.utf8).span]
    }
    return nil
  }
}
