/// What the reference takes a scalar for. Its libraries are of different ages, so the traits are not derived from the
/// category: each is what the part of the reference that asks for it says.
struct ScalarClass: Hashable, Sendable {
  let bits: UInt16

  /// Number of the general category, in the order of `categoryNames`.
  var category: Int { Int(bits & 31) }

  /// `clean_text` drops it.
  var isDropped: Bool { bits & 1 << 5 != 0 }
  /// `StripAccents` drops it.
  var isAccent: Bool { bits & 1 << 6 != 0 }
  /// `strip_accents` of the BERT normalizer drops it, after decomposition.
  var isNonspacing: Bool { bits & 1 << 7 != 0 }
  var isPunctuation: Bool { bits & 1 << 8 != 0 }
  var isNumeric: Bool { bits & 1 << 9 != 0 }
  /// Matches `\w`.
  var isWord: Bool { bits & 1 << 10 != 0 }
  var isSpace: Bool { bits & 1 << 11 != 0 }

  /// In the order in which `Scripts/unicode-tables` numbers them.
  static let categoryNames = [
    "Cn", "Cc", "Cf", "Co", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
    "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp",
  ]
}
