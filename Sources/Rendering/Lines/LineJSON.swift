package import LineSearch
import Primitives

/// What was found in the JSON Lines of ripgrep: `begin`, `match`, `context`, `end`, and at the end of all `summary`.
package enum LineJSON {
  /// The messages of one file; empty where nothing was found.
  static func text(of name: [UInt8], _ found: FoundLines) -> [UInt8] {
    if found.lines.isEmpty { return [] }
    var text: [UInt8] = []
    let path = value(name[...])
    text += "{\"type\":\"begin\",\"data\":{\"path\":".utf8
    text += path
    text += "}}\n".utf8
    for line in found.lines {
      text += "{\"type\":\"\(line.isContext ? "context" : "match")\",\"data\":{\"path\":".utf8
      text += path
      text += ",\"lines\":".utf8
      text += value(found.text[line.start..<line.end])
      let number = line.number > 0 ? "\(line.number)" : "null"
      text += ",\"line_number\":\(number),\"absolute_offset\":\(line.start),\"submatches\":[".utf8
      for (position, index) in line.matches.enumerated() {
        let match = found.matches[index]
        if position > 0 { text.append(0x2C) }
        text += "{\"match\":".utf8
        text += value(found.text[match])
        if !found.replacements.isEmpty {
          text += ",\"replacement\":".utf8
          text += value(found.replacements[index][...])
        }
        text += ",\"start\":\(match.lowerBound - line.start),\"end\":\(match.upperBound - line.start)}".utf8
      }
      text += "]}}\n".utf8
    }
    text += "{\"type\":\"end\",\"data\":{\"path\":".utf8
    text += path
    let offset =
      switch found.binary {
      case .stopped(let offset), .named(let offset): "\(offset)"
      case nil: "null"
      }
    let stats = statistics(
      seconds: 0, searches: 1, found: found.lineCount > 0 ? 1 : 0, bytes: found.searchedByteCount,
      shown: text.count, lines: found.lineCount, matches: found.matchCount)
    text += ",\"binary_offset\":\(offset),\"stats\":\(stats)}}\n".utf8
    return text
  }

  /// The message at the end of all.
  package static func summary(_ totals: LineSearchRun.Totals, seconds: Double) -> String {
    // Its keys are in the order of the alphabet, as those of ripgrep's are here alone.
    let nanoseconds = Int(seconds.truncatingRemainder(dividingBy: 1) * 1e9)
    let elapsed = "{\"human\":\"\(fixed(seconds, 6))s\",\"nanos\":\(nanoseconds),\"secs\":\(Int(seconds))}"
    return "{\"data\":{\"elapsed_total\":\(elapsed),\"stats\":{\"bytes_printed\":\(totals.shownBytes),"
      + "\"bytes_searched\":\(totals.bytes),\"elapsed\":\(elapsed),\"matched_lines\":\(totals.lines),"
      + "\"matches\":\(totals.matches),\"searches\":\(totals.files),"
      + "\"searches_with_match\":\(totals.filesFound)}},\"type\":\"summary\"}"
  }

  private static func statistics(
    seconds: Double, searches: Int, found: Int, bytes: Int, shown: Int, lines: Int, matches: Int
  ) -> String {
    "{\"elapsed\":\(duration(seconds)),\"searches\":\(searches),\"searches_with_match\":\(found),"
      + "\"bytes_searched\":\(bytes),\"bytes_printed\":\(shown),\"matched_lines\":\(lines),\"matches\":\(matches)}"
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds)
    let nanoseconds = Int((seconds - Double(whole)) * 1e9)
    return "{\"secs\":\(whole),\"nanos\":\(nanoseconds),\"human\":\"\(fixed(seconds, 6))s\"}"
  }

  /// A file of `cairn files`.
  package static func file(_ name: [UInt8], byteCount: Int, language: String?) -> String {
    let path = String(decoding: value(name[...]), as: UTF8.self)
    let shown = language.map { String(decoding: value(Array($0.utf8)[...]), as: UTF8.self) }
    let word = shown.map { String($0.dropFirst(8).dropLast()) } ?? "null"
    return "{\"type\":\"file\",\"path\":\(path),\"bytes\":\(byteCount),\"language\":\(word)}"
  }

  /// The same text with escapes in place of what a terminal would obey.
  package static func forTerminal(_ json: [UInt8]) -> [UInt8] {
    guard json.contains(where: { $0 == 0x7F || $0 > 0x7F }) else { return json }
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
      guard scalar != "\n", scalar.drivesText else {
        text.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      text.append(contentsOf: "\\u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)".unicodeScalars)
    }
    return Array(String(text).utf8)
  }

  /// A text, or bytes in base 64 where they are no UTF-8.
  private static func value(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      return Array("{\"bytes\":\"\(base64(Array(bytes)))\"}".utf8)
    }
    var text = Array("{\"text\":\"".utf8)
    for byte in bytes {
      switch byte {
      case 0x22: text += [0x5C, 0x22]
      case 0x5C: text += [0x5C, 0x5C]
      case 0x08: text += "\\b".utf8
      case 0x09: text += "\\t".utf8
      case 0x0A: text += "\\n".utf8
      case 0x0C: text += "\\f".utf8
      case 0x0D: text += "\\r".utf8
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        text += "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8
      default: text.append(byte)
      }
    }
    return text + Array("\"}".utf8)
  }
}
