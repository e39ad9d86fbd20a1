import Primitives

/// Texts and special tokens in the order of a template.
struct TemplateProcessor: Sendable {
  private enum Slot: Sendable {
    case text(number: Int, typeID: Int32)
    case tokens([Int32], typeID: Int32)
  }
  private let single: [Slot]
  private let pair: [Slot]

  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["type", "single", "pair", "special_tokens"])
    var special: [String: [Int32]] = [:]
    for (name, token) in try part.required("special_tokens").members() {
      try token.allow(["id", "ids", "tokens"])
      special[name] = []
      for id in try token.required("ids").elements() { special[name]!.append(Int32(try id.count())) }
    }
    single = try Self.slots(try part.required("single"), special)
    pair = try Self.slots(try part.required("pair"), special)
    for slot in single {
      if case .text(1, _) = slot { throw part.wrong("the template of one text names a second one") }
    }
    for number in 0...1 {
      let isThere = pair.contains { if case .text(number, _) = $0 { true } else { false } }
      if !isThere { throw part.wrong("the template of a pair names one text only") }
    }
  }

  private static func slots(_ part: TokenizerNode, _ special: [String: [Int32]]) throws(Failure) -> [Slot] {
    var slots: [Slot] = []
    for element in try part.elements() {
      try element.allow(["Sequence", "SpecialToken"])
      if let text = element["Sequence"] {
        try text.allow(["id", "type_id"])
        let typeID = Int32(try text.required("type_id").count())
        switch try text.required("id").string() {
        case "A": slots.append(.text(number: 0, typeID: typeID))
        case "B": slots.append(.text(number: 1, typeID: typeID))
        case let other: throw text.wrong("there is no text \(other)")
        }
      } else {
        let token = try element.required("SpecialToken")
        try token.allow(["id", "type_id"])
        let name = try token.required("id").string()
        guard let ids = special[name] else { throw token.wrong("`special_tokens` lacks \(name)") }
        slots.append(.tokens(ids, typeID: Int32(try token.required("type_id").count())))
      }
    }
    return slots
  }

  func addedCount(isPair: Bool) -> Int {
    (isPair ? pair : single).reduce(0) { sum, slot in
      if case .tokens(let ids, _) = slot { sum + ids.count } else { sum }
    }
  }

  func apply(_ texts: [Encoding], addSpecialTokens: Bool) -> [Encoding] {
    (texts.count == 1 ? single : pair).compactMap { slot in
      switch slot {
      case .text(let number, let typeID):
        let ids = texts[number].ids
        return Encoding(ids: ids, typeIDs: Array(repeating: typeID, count: ids.count))
      case .tokens(let ids, let typeID):
        if !addSpecialTokens { return nil }
        return Encoding(ids: ids, typeIDs: Array(repeating: typeID, count: ids.count))
      }
    }
  }
}
