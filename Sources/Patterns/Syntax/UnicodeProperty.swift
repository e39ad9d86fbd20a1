/// A property of Unicode 16 that a class can name, as Rust's `regex` takes the names.
enum UnicodeProperty: Hashable, Sendable {
  case any, ascii, assigned
  /// A general category by its short name; `LC` is the cased letters.
  case category(String)
  /// A property of yes and no, by the first of its names in `binaries`.
  case binary(String)
  /// One of `RareProperties`.
  case rare(String)
  /// What was there in a version.
  case age(UInt8, UInt8)
  /// A script, or the scripts in which characters are used besides, by a name in small letters.
  case script(String)
  case scriptExtensions(String)
}

extension UnicodeProperty {
  /// Why a name is none.
  enum Refusal: Error {
    case unknown
    /// It is a property, but one of which there is no table here.
    case noTable
  }

  /// - Parameter name: what stands between the braces, `=` in place of `!=`.
  init(named name: String) throws(Refusal) {
    let parts = name.unicodeScalars.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "=" || $0 == ":" }
    guard parts.count == 2 else {
      let plain = try Self.plain(name.unicodeScalars[...])
      // These are categories or a script, and the short names of other properties.
      if !["cf", "sc", "lc"].contains(plain) {
        if let first = Self.binaryNames[plain] { self = .binary(first); return }
        if RareProperties.names.contains(plain) { self = .rare(plain); return }
      }
      if let category = Self.generalCategory(plain) { self = category; return }
      self = try Self.scriptProperty(plain, extensions: false)
      return
    }
    let value = try Self.plain(parts[1])
    switch try Self.plain(parts[0]) {
    case "gc", "generalcategory":
      guard let category = Self.generalCategory(value) else { throw .unknown }
      self = category
    case "sc", "script": self = try Self.scriptProperty(value, extensions: false)
    case "scx", "scriptextensions": self = try Self.scriptProperty(value, extensions: true)
    case "age":
      guard let age = Self.ageProperty(value) else { throw .unknown }
      self = age
    case "gcb", "graphemeclusterbreak", "wb", "wordbreak", "sb", "sentencebreak": throw .noTable
    default: throw .unknown
    }
  }

  /// A name in small letters, without what does not count.
  private static func plain(_ name: Substring.UnicodeScalarView) throws(Refusal) -> String {
    var plain = ""
    for scalar in name where !" _-".unicodeScalars.contains(scalar) {
      guard scalar.isASCII else { throw .unknown }
      plain.unicodeScalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
    let short = plain.hasPrefix("is") && plain != "isc" ? String(plain.dropFirst(2)) : plain
    guard !short.isEmpty, short.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "&" }) else {
      throw .unknown
    }
    return short
  }

  private static func generalCategory(_ name: String) -> UnicodeProperty? {
    switch name {
    case "any": return .any
    case "ascii": return .ascii
    case "assigned": return .assigned
    default: break
    }
    if let short = longNames[name] { return .category(short) }
    guard name.utf8.count <= 2, let short = longNames.values.first(where: { $0.lowercased() == name }) else {
      return nil
    }
    return .category(short)
  }

  private static func scriptProperty(_ name: String, extensions: Bool) throws(Refusal) -> UnicodeProperty {
    if ScriptChange.of(name, extensions: extensions) == nil {
      let source = Array("\\p{sc:\(name)}".utf8)
      guard name != "unknown", name != "zzzz", name.allSatisfy({ $0.isLetter }),
        (try? PCREProgram(source, PCREProgram.Options())) != nil
      else { throw .unknown }
    }
    return extensions ? .scriptExtensions(name) : .script(name)
  }

  /// `6.0` or `V6_0`.
  private static func ageProperty(_ name: String) -> UnicodeProperty? {
    for (major, minor) in ages {
      let isLast = name == "\(major).\(minor)"
      if isLast || name == "v\(major)\(minor)" { return .age(major, minor) }
    }
    return nil
  }

  private static let ages: [(UInt8, UInt8)] = [
    (1, 1), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (5, 0), (5, 1), (5, 2), (6, 0), (6, 1), (6, 2),
    (6, 3), (7, 0), (8, 0), (9, 0), (10, 0), (11, 0), (12, 0), (12, 1), (13, 0), (14, 0), (15, 0), (15, 1), (16, 0),
  ]

  private static let longNames = [
    "letter": "L", "casedletter": "LC", "uppercaseletter": "Lu", "lowercaseletter": "Ll", "titlecaseletter": "Lt",
    "modifierletter": "Lm", "otherletter": "Lo", "mark": "M", "combiningmark": "M", "nonspacingmark": "Mn",
    "spacingmark": "Mc", "enclosingmark": "Me", "number": "N", "decimalnumber": "Nd", "digit": "Nd",
    "letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P", "connectorpunctuation": "Pc",
    "dashpunctuation": "Pd", "openpunctuation": "Ps", "closepunctuation": "Pe", "initialpunctuation": "Pi",
    "finalpunctuation": "Pf", "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm", "currencysymbol": "Sc",
    "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs", "lineseparator": "Zl",
    "paragraphseparator": "Zp", "other": "C", "control": "Cc", "cntrl": "Cc", "format": "Cf", "privateuse": "Co",
    "unassigned": "Cn",
  ]
}

// MARK: Members

extension UnicodeProperty {
  /// Whether a scalar was there in Unicode 16.
  static func isKnown(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.age.map { $0 <= (16, 0) } ?? false }

  /// All scalars that have it.
  var members: ScalarSet {
    switch self {
    case .any: return .all
    case .ascii: return ScalarSet([0...0x7F])
    case .rare(let name): return RareProperties.table[name] ?? ScalarSet()
    case .script(let name): return Self.members(ofScript: name, extensions: false)
    case .scriptExtensions(let name): return Self.members(ofScript: name, extensions: true)
    case .age: return Self.members(alike: Self.alike.filter { $0.lowerBound >= 0x323B0 }, where: has)
    case .assigned, .category, .binary: return Self.members(alike: Self.alike, where: has)
    }
  }

  /// The scalars that have something; of the ranges that are alike the first speaks for all.
  private static func members(
    alike: [ClosedRange<UInt32>], where has: (Unicode.Scalar) -> Bool
  ) -> ScalarSet {
    var others: [ClosedRange<UInt32>] = []
    var parts: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in alike {
      if next < range.lowerBound { others.append(next...(range.lowerBound - 1)) }
      if let first = Unicode.Scalar(range.lowerBound), has(first) { parts.append(range) }
      next = range.upperBound + 1
    }
    return ScalarSet(parts + members(in: others, where: has).ranges)
  }

  private static func members(
    in ranges: [ClosedRange<UInt32>], where has: (Unicode.Scalar) -> Bool
  ) -> ScalarSet {
    var parts: [ClosedRange<UInt32>] = []
    for range in ranges {
      var start: UInt32?
      for value in range {
        let isMember = Unicode.Scalar(value).map(has) ?? false
        if isMember, start == nil { start = value }
        if !isMember, let first = start {
          parts.append(first...(value - 1))
          start = nil
        }
      }
      if let start { parts.append(start...range.upperBound) }
    }
    return ScalarSet(parts)
  }

  /// Ranges in which all scalars have the same properties, but for the age of ideographs.
  private static let alike: [ClosedRange<UInt32>] = [
    0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xE000...0xF8FF, 0x17000...0x187F7, 0x20000...0x2A6DF,
    0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1, 0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x30000...0x3134A,
    0x31350...0x323AF, 0x323B0...0x3FFFD, 0x40000...0x4FFFD, 0x50000...0x5FFFD, 0x60000...0x6FFFD, 0x70000...0x7FFFD,
    0x80000...0x8FFFD, 0x90000...0x9FFFD, 0xA0000...0xAFFFD, 0xB0000...0xBFFFD, 0xC0000...0xCFFFD, 0xD0000...0xDFFFD,
    0xE1000...0xEFFFD, 0xF0000...0xFFFFD, 0x100000...0x10FFFD, 0x10FFFE...0x10FFFF,
  ]

  /// Whether a scalar has it; not to be asked of scripts beyond ASCII.
  func has(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .any: return true
    case .ascii: return scalar.isASCII
    case .rare(let name): return RareProperties.table[name]?.contains(scalar.value) ?? false
    case .age(let major, let minor):
      return scalar.properties.age.map { $0 <= (Int(major), Int(minor)) } ?? false
    case .assigned: return Self.category(of: scalar) != "Cn"
    case .category(let name):
      let category = Self.category(of: scalar)
      return name == category || name == "LC" && ["Lu", "Ll", "Lt"].contains(category)
        || name.utf8.count == 1 && category.hasPrefix(name)
    case .binary(let name):
      guard let holds = Self.binaries[name]?.holds else { return false }
      let isOther = Self.changedIn17[name]?.contains { $0.contains(scalar.value) } ?? false
      return holds(scalar.properties) != isOther && (Self.isKnown(scalar) || Self.hasUnassigned.contains(name))
    case .script(let name), .scriptExtensions(let name):
      let isLetter = scalar.properties.isAlphabetic
      return ["latin", "latn"].contains(name) && isLetter || ["common", "zyyy"].contains(name) && !isLetter
    }
  }

  private static func members(ofScript name: String, extensions: Bool) -> ScalarSet {
    let change = ScriptChange.of(name, extensions: extensions) ?? ScriptChange()
    if change.isNew { return ScalarSet(change.added) }
    let source = Array("\\p{\(extensions ? "scx" : "sc"):\(name)}+".utf8)
    guard let program = try? PCREProgram(source, PCREProgram.Options()) else { return ScalarSet() }
    var text: [UInt8] = []
    text.reserveCapacity(1 << 20)
    for range in [UInt32(0)...0x323AF, 0xE0000...0xE0FFF] {
      for case let scalar? in range.lazy.map(Unicode.Scalar.init) { text += UTF8.encode(scalar) ?? .init() }
    }
    let matcher = PCREMatcher(program)
    var found: [ClosedRange<UInt32>] = []
    unsafe text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var position = 0
      while case .match(let range) = unsafe matcher.match(in: base, from: position, to: buffer.count) {
        let run = unsafe String(decoding: buffer[range], as: UTF8.self).unicodeScalars
        found += run.map { $0.value...$0.value }
        position = range.upperBound
      }
    }
    return ScalarSet(found + change.added).subtracting(ScalarSet(change.removed))
  }

  private static func category(of scalar: Unicode.Scalar) -> String {
    guard isKnown(scalar) else { return "Cn" }
    // A letter without case since Unicode 17.
    if scalar.value == 0x295 { return "Ll" }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    default: "Cn"
    }
  }

  // MARK: Perl's classes

  static func members(of kind: ScalarClass.PerlClass) -> ScalarSet {
    switch kind {
    case .digit: digits
    case .space: spaces
    case .word: words
    }
  }

  private static let digits = UnicodeProperty.category("Nd").members
  private static let spaces = UnicodeProperty.binary("whitespace").members
  private static let words = members(alike: alike) { scalar in
    switch category(of: scalar) {
    case "Mn", "Mc", "Me", "Nd", "Pc": true
    default: isKnown(scalar) && (scalar.properties.isAlphabetic || scalar.properties.isJoinControl)
    }
  }
}

// MARK: PCRE2

extension UnicodeProperty {
  /// What PCRE2 calls it, and what it lacks there, since its tables are those of Unicode 14; nil where it has no name,
  /// or holds more there.
  var pcre: (name: String, added: [ClosedRange<UInt32>])? {
    let name: String
    switch self {
    case .any, .ascii, .assigned, .rare, .age: return nil
    case .category("LC"): name = "L&"
    case .category("Mn"), .category("Cn"), .category("C"): return nil
    case .category(let short): name = short
    case .binary(let long):
      if Self.hasNoTableInPCRE.contains(long) { return nil }
      name = long
    case .script(let script), .scriptExtensions(let script):
      let isOfExtensions = self == .scriptExtensions(script)
      let change = ScriptChange.of(script, extensions: isOfExtensions) ?? ScriptChange()
      if change.isNew || !change.removed.isEmpty { return nil }
      return ((isOfExtensions ? "scx:" : "sc:") + script, change.added)
    }
    return (name, Self.members(in: Self.changed, where: has).ranges)
  }

  private static func ranges(_ rows: String) -> [ClosedRange<UInt32>] {
    rows.split(separator: " ").compactMap(ScalarSet.range)
  }

  /// What Unicode 14 did not have, and what changed since.
  private static let changed = ranges(
    """
    19B 264 363-36F A71 AFB C04 CC0 CC7-CC8 CCA-CCB E3A F82-F83 10FC 1715 1734 17D4-17D5 1A60 1B3B 1B3D \
    1B43-1B44 1BAA 1BE6 1BF2-1BF3 1DD3-1DE6 200C-200D 2024 2CF9-2CFB 30FB A7F2-A7F4 A806 A82C A953 A9C0 AB69 \
    FE12 FE15-FE16 FF65 10A38-10A3A 10A3F 11080-11081 111C0 11235 11237 1133B 1134D 116B6 1171E 1193D \
    16FF0-16FF1 1D166 1D16D 897 CF3 ECE 1B4E-1B4F 1B7F 1C89-1C8A 2427-2429 2FFC-2FFF 31E4-31E5 31EF A7CB-A7CD \
    A7DA-A7DC 105C0-105F3 10D40-10D65 10D69-10D85 10D8E-10D8F 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 \
    1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 113E1-113E2 116D0-116E3 \
    11B00-11B09 11BC0-11BE1 11BF0-11BF9 11F00-11F10 11F12-11F3A 11F3E-11F5A 1342F 13439-13455 13460-143FA \
    16100-16139 16D40-16D79 18CFF 1B132 1B155 1CC00-1CCF9 1CD00-1CEB3 1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E08F \
    1E4D0-1E4F9 1E5D0-1E5FA 1E5FF 1F6DC 1F774-1F776 1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 \
    1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF 1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 \
    1FBCB-1FBEF 2B739 2EBF0-2EE5D 31350-323AF
    """)

  /// What of `\w` came after Unicode 14.
  static let addedWords = ranges(
    """
    897 CF3 ECE 1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D40-10D65 10D69-10D6D 10D6F-10D85 10EC2-10EC4 \
    10EFC-10EFF 1123F-11241 11380-11389 1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D3 \
    113E1-113E2 116D0-116E3 11BC0-11BE0 11BF0-11BF9 11F00-11F10 11F12-11F3A 11F3E-11F42 11F50-11F5A 1342F \
    13440-13455 13460-143FA 16100-16139 16D40-16D6C 16D70-16D79 18CFF 1B132 1B155 1CCF0-1CCF9 1DF25-1DF2A \
    1E030-1E06D 1E08F 1E4D0-1E4F9 1E5D0-1E5FA 2B739 2EBF0-2EE5D 31350-323AF
    """)

  /// What of `\d` came after Unicode 14.
  static let addedDigits = ranges(
    """
    10D40-10D49 116D0-116E3 11BF0-11BF9 11F50-11F59 16130-16139 16D70-16D79 1CCF0-1CCF9 1E4F0-1E4F9 1E5F1-1E5FA
    """)
}

// MARK: Yes and no

extension UnicodeProperty {
  /// Those that scalars can have which are not assigned, or have before they are.
  private static let hasUnassigned: Set<String> = [
    "defaultignorablecodepoint", "noncharactercodepoint", "patternsyntax", "patternwhitespace",
  ]

  /// What Swift says otherwise than Unicode 16.
  private static let changedIn17: [String: [ClosedRange<UInt32>]] = [
    "cased": [0x295...0x295], "lowercase": [0x295...0x295],
    "changeswhencasemapped": [0xA7D3...0xA7D3, 0xA7D5...0xA7D5],
    "changeswhentitlecased": [0xA7D3...0xA7D3, 0xA7D5...0xA7D5],
    "changeswhenuppercased": [0xA7D3...0xA7D3, 0xA7D5...0xA7D5],
    "diacritic": [0x5A2...0x5A2, 0x5C5...0x5C5, 0x5C7...0x5C7, 0x1D9B...0x1DBE],
  ]

  /// Those that PCRE2 does not know, and those of which it has members that are none any more.
  private static let hasNoTableInPCRE: Set<String> = [
    "idsbinaryoperator", "idstrinaryoperator", "bidimirrored", "caseignorable", "graphemebase", "graphemeextend",
    "terminalpunctuation",
  ]

  /// All names, for each the first in its row.
  private static let binaryNames: [String: String] = {
    var names: [String: String] = [:]
    for (first, row) in binaries {
      names[first] = first
      for name in row.others { names[name] = first }
    }
    return names
  }()

  private typealias Row = (others: [String], holds: @Sendable (Unicode.Scalar.Properties) -> Bool)

  /// By the long name.
  private static let binaries: [String: Row] = [
    "asciihexdigit": (["ahex"], { $0.isASCIIHexDigit }), "alphabetic": (["alpha"], { $0.isAlphabetic }),
    "bidicontrol": (["bidic"], { $0.isBidiControl }), "bidimirrored": (["bidim"], { $0.isBidiMirrored }),
    "caseignorable": (["ci"], { $0.isCaseIgnorable }), "cased": ([], { $0.isCased }),
    "changeswhencasefolded": (["cwcf"], { $0.changesWhenCaseFolded }),
    "changeswhencasemapped": (["cwcm"], { $0.changesWhenCaseMapped }),
    "changeswhenlowercased": (["cwl"], { $0.changesWhenLowercased }),
    "changeswhentitlecased": (["cwt"], { $0.changesWhenTitlecased }),
    "changeswhenuppercased": (["cwu"], { $0.changesWhenUppercased }), "dash": ([], { $0.isDash }),
    "defaultignorablecodepoint": (["di"], { $0.isDefaultIgnorableCodePoint }),
    "deprecated": (["dep"], { $0.isDeprecated }), "diacritic": (["dia"], { $0.isDiacritic }),
    "emoji": ([], { $0.isEmoji }), "emojimodifier": (["emod"], { $0.isEmojiModifier }),
    "emojimodifierbase": (["ebase"], { $0.isEmojiModifierBase }),
    "emojipresentation": (["epres"], { $0.isEmojiPresentation }), "extender": (["ext"], { $0.isExtender }),
    "graphemebase": (["grbase"], { $0.isGraphemeBase }), "graphemeextend": (["grext"], { $0.isGraphemeExtend }),
    "hexdigit": (["hex"], { $0.isHexDigit }), "idcontinue": (["idc"], { $0.isIDContinue }),
    "idstart": (["ids"], { $0.isIDStart }), "idsbinaryoperator": (["idsb"], { $0.isIDSBinaryOperator }),
    "idstrinaryoperator": (["idst"], { $0.isIDSTrinaryOperator }), "ideographic": (["ideo"], { $0.isIdeographic }),
    "joincontrol": (["joinc"], { $0.isJoinControl }),
    "logicalorderexception": (["loe"], { $0.isLogicalOrderException }),
    "lowercase": (["lower"], { $0.isLowercase }), "math": ([], { $0.isMath }),
    "noncharactercodepoint": (["nchar"], { $0.isNoncharacterCodePoint }),
    "patternsyntax": (["patsyn"], { $0.isPatternSyntax }),
    "patternwhitespace": (["patws"], { $0.isPatternWhitespace }),
    "quotationmark": (["qmark"], { $0.isQuotationMark }), "radical": ([], { $0.isRadical }),
    "sentenceterminal": (["sterm"], { $0.isSentenceTerminal }), "softdotted": (["sd"], { $0.isSoftDotted }),
    "terminalpunctuation": (["term"], { $0.isTerminalPunctuation }),
    "unifiedideograph": (["uideo"], { $0.isUnifiedIdeograph }), "uppercase": (["upper"], { $0.isUppercase }),
    "variationselector": (["vs"], { $0.isVariationSelector }),
    "whitespace": (["wspace", "space"], { $0.isWhitespace }),
    "xidcontinue": (["xidc"], { $0.isXIDContinue }), "xidstart": (["xids"], { $0.isXIDStart }),
  ]
}
