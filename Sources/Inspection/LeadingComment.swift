import Primitives

/// The comments above the first line of code, without their leaders, in lower case. A line that only sets the stage
/// (`#!`, `<?php`, `<?xml ...?>`, `package x`, `'use strict'`, `#pragma once`) does not end them.
struct LeadingComment {
  /// Line by line, blanks at both ends dropped; a blank line is empty.
  private(set) var lines: [[UInt8]] = []

  /// All lines with a blank between them.
  var text: ArraySlice<UInt8> { Array(lines.joined(separator: [.space]))[...] }

  static func text(of head: [UInt8]) -> LeadingComment {
    var comment = LeadingComment()
    comment.read(head)
    return comment
  }

  private mutating func read(_ head: [UInt8]) {
    /// What ends the block comment that we are in.
    var end: [UInt8]?
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for raw in head[start...].split(separator: .newline, omittingEmptySubsequences: false) {
      var line = Self.trimmed(raw)
      if let close = end {
        if let found = line.firstRange(of: close) {
          end = nil
          line = line[..<found.lowerBound]
        }
        append(line)
        continue
      }
      if line.elementsEqual("---".utf8) { continue }
      if Self.code.contains(where: { line.starts(with: $0) }) { return }
      if line.isEmpty || Self.stages.contains(where: { line.starts(with: $0) }) { continue }
      if let block = Self.blocks.first(where: { line.starts(with: $0.open) }) {
        line = line.dropFirst(block.open.count)
        if let found = line.firstRange(of: block.close) { line = line[..<found.lowerBound] } else { end = block.close }
        append(line)
      } else if let leader = Self.leaders.first(where: { line.starts(with: $0) }) {
        append(line.dropFirst(leader.count))
      } else {
        return
      }
    }
  }

  /// Takes out what stands in quotation marks: a text that quotes the words of generated files speaks of them. Only
  /// what has a blank in it is a quotation.
  mutating func removeQuotations() {
    for i in lines.indices where lines[i].contains(where: Self.quotes.contains) {
      var open: UInt8 = 0
      var kept: [UInt8] = []
      var start = 0
      for (offset, byte) in lines[i].enumerated() where open == 0 ? Self.quotes.contains(byte) : byte == open {
        let piece = lines[i][start..<offset]
        if open == 0 || !piece.contains(.space) { kept += piece }
        start = offset + 1
        open = open == 0 ? byte : 0
      }
      // One that does not end on its line is none.
      kept += lines[i][start...]
      lines[i] = kept
    }
  }

  private static let quotes = ByteSet("\"`".utf8)

  private mutating func append(_ line: ArraySlice<UInt8>) {
    // The frame that comments are drawn in is no part of their text.
    var line = line
    while let first = line.first, Self.frame.contains(first) { line.removeFirst() }
    while let last = line.last, Self.frame.contains(last) { line.removeLast() }
    lines.append(Array(line).asciiLowercased)
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let first = line.first, first == .space || first &- 9 < 5 { line.removeFirst() }
    while let last = line.last, last == .space || last &- 9 < 5 { line.removeLast() }
    return line
  }

  private static let frame = ByteSet("/*#-=;!%+ \t".utf8)
  private static let leaders = ["//", "#", "--", ";", "%", "'", "dnl ", "REM ", "rem "].map { Array($0.utf8) }
  private static let blocks = [
    ("/*", "*/"), ("<!--", "-->"), ("\"\"\"", "\"\"\""), ("'''", "'''"), ("{-", "-}"), ("(*", "*)"), ("--[[", "]]"),
    ("<#", "#>"), ("=begin", "=end"), ("r\"\"\"", "\"\"\""),
  ].map { (open: Array($0.0.utf8), close: Array($0.1.utf8)) }
  /// Lines of C that begin like a comment of other languages.
  private static let code = ["#include", "#import", "#if "].map { Array($0.utf8) }
  private static let stages = [
    "#!", "<?php", "<?xml", "<!DOCTYPE", "<!doctype", "package ", "'use strict'", "\"use strict\"", "@charset", "%YAML",
    "syntax = ", "#ifndef", "#define", "#pragma",
  ].map { Array($0.utf8) }
}
