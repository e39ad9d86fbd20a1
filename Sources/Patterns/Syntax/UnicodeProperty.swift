/// Names of Unicode classes.
enum UnicodeProperty {
  /// What PCRE2 calls the class that is called `name` here: a general category, a script or a binary property. Nil for
  /// what can be no name; one that PCRE2 does not know either it refuses itself.
  static func pcreName(of name: String) -> String? {
    let plain = name.filter { !" _-".contains($0) }.lowercased()
    guard !plain.isEmpty, plain.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "=" || $0 == ":") })
    else { return nil }
    let parts = plain.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "=" || $0 == ":" }.map(String.init)
    if parts.count == 2 {
      switch parts[0] {
      case "sc", "script": return "sc:" + parts[1]
      case "scx", "scriptextensions": return "scx:" + parts[1]
      case "gc", "generalcategory": return category(parts[1])
      default: return nil
      }
    }
    if plain == "any" { return "Any" }
    if plain == "ascii" || plain == "assigned" { return plain == "ascii" ? "ASCII" : nil }
    return category(plain) ?? (binary.contains(plain) ? plain : "sc:" + plain)
  }

  private static func category(_ name: String) -> String? {
    if let short = longNames[name] { return short }
    guard name.utf8.count <= 2, longNames.values.contains(where: { $0.lowercased() == name }) else { return nil }
    return name.prefix(1).uppercased() + name.dropFirst()
  }

  private static let longNames = [
    "letter": "L", "casedletter": "L&", "lc": "L&", "uppercaseletter": "Lu", "lowercaseletter": "Ll",
    "titlecaseletter": "Lt", "modifierletter": "Lm", "otherletter": "Lo", "mark": "M", "combiningmark": "M",
    "nonspacingmark": "Mn", "spacingmark": "Mc", "enclosingmark": "Me", "number": "N", "decimalnumber": "Nd",
    "digit": "Nd", "letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P",
    "connectorpunctuation": "Pc", "dashpunctuation": "Pd", "openpunctuation": "Ps", "closepunctuation": "Pe",
    "initialpunctuation": "Pi", "finalpunctuation": "Pf", "otherpunctuation": "Po", "symbol": "S", "mathsymbol": "Sm",
    "currencysymbol": "Sc", "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs",
    "lineseparator": "Zl", "paragraphseparator": "Zp", "other": "C", "control": "Cc", "cntrl": "Cc", "format": "Cf",
    "surrogate": "Cs", "privateuse": "Co", "unassigned": "Cn",
  ]

  private static let binary: Set<String> = [
    "alphabetic", "alpha", "asciihexdigit", "ahex", "bidicontrol", "caseignorable", "cased",
    "changeswhencasefolded", "changeswhencasemapped", "changeswhenlowercased", "changeswhentitlecased",
    "changeswhenuppercased", "dash", "defaultignorablecodepoint", "deprecated", "diacritic", "emoji",
    "emojicomponent", "emojimodifier", "emojimodifierbase", "emojipresentation", "extendedpictographic", "extender",
    "graphemebase", "graphemeextend", "hexdigit", "hex", "idcontinue", "idstart", "ideographic", "joincontrol",
    "logicalorderexception", "lowercase", "lower", "math", "noncharactercodepoint", "patternsyntax",
    "patternwhitespace", "quotationmark", "radical", "regionalindicator", "softdotted", "sentenceterminal",
    "terminalpunctuation", "unifiedideograph", "uppercase", "upper", "variationselector", "whitespace", "space",
    "xidcontinue", "xidstart",
  ]
}
