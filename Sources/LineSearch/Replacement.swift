import Primitives

/// What matches are shown as in place of themselves: `$1`, `$name`, `${name}` are groups, `$$` is a dollar sign. A
/// group that there is not is empty.
struct Replacement {
  private enum Part {
    case text([UInt8])
    case group(Int)
  }

  private var parts: [Part] = []

  init(_ template: [UInt8], names: [String: Int]) {
    var text: [UInt8] = []
    var i = 0
    while i < template.count {
      guard template[i] == UInt8(ascii: "$"), i + 1 < template.count else {
        text.append(template[i])
        i += 1
        continue
      }
      if template[i + 1] == UInt8(ascii: "$") {
        text.append(UInt8(ascii: "$"))
        i += 2
        continue
      }
      var name: ArraySlice<UInt8>?
      var next = i
      if template[i + 1] == UInt8(ascii: "{") {
        if let close = template[i...].firstIndex(of: UInt8(ascii: "}")) {
          name = template[(i + 2)..<close]
          next = close + 1
        }
      } else {
        var stop = i + 1
        while stop < template.count, template[stop].isASCIIWord { stop += 1 }
        if stop > i + 1 {
          name = template[(i + 1)..<stop]
          next = stop
        }
      }
      guard let name else {
        text.append(template[i])
        i += 1
        continue
      }
      if !text.isEmpty { parts.append(.text(text)) }
      text = []
      let word = String(decoding: name, as: UTF8.self)
      if let number = Int(word) ?? names[word] { parts.append(.group(number)) }
      i = next
    }
    if !text.isEmpty { parts.append(.text(text)) }
  }

  func text(_ groups: [Range<Int>?], in text: [UInt8]) -> [UInt8] {
    var all: [UInt8] = []
    for part in parts {
      switch part {
      case .text(let bytes): all += bytes
      case .group(let number): if number < groups.count, let range = groups[number] { all += text[range] }
      }
    }
    return all
  }
}
