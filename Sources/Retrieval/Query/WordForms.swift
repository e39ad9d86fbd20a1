/// Other forms of an English word, by the regular rules of spelling: plural, -ing, -ed, -er, -ion. The forms need not be
/// words; a form that the index does not hold costs one look-up and finds nothing.
enum WordForms {
  /// Forms of `word` (lower-cased ASCII), the most certain first, without `word` itself. Empty for short words, names and numbers.
  static func variants(of word: String) -> [String] {
    guard word.utf8.count >= 4, word.utf8.allSatisfy({ $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }) else {
      return []
    }
    var forms: [String] = []
    for base in bases(of: word) {
      forms.append(base)
      forms.append(contentsOf: inflections(of: base))
    }
    var seen: Set<String> = [word]
    return Array(forms.filter { $0.utf8.count >= 3 && seen.insert($0).inserted }.prefix(limit))
  }

  /// Beyond this many the forms are far-fetched.
  static let limit = 12

  /// What `word` may be a form of. The word itself is always among them.
  private static func bases(of word: String) -> [String] {
    func without(_ suffix: String) -> String? {
      guard word.hasSuffix(suffix), word.utf8.count - suffix.utf8.count >= 3 else { return nil }
      return String(word.dropLast(suffix.count))
    }
    var bases: [String] = []
    if let stem = without("ies") {
      bases.append(stem + "y")
    } else if let stem = without("sses") {
      bases.append(stem + "ss")
    } else if let stem = without("es"), let last = stem.last, "sxzho".contains(last) {
      bases += [stem, stem + "e"]
    } else if let stem = without("s"), !stem.hasSuffix("s"), !stem.hasSuffix("u"), !stem.hasSuffix("i") {
      bases.append(stem)
    }
    for suffix in ["ing", "ed", "er", "ers", "ors", "or"] {
      guard let stem = without(suffix) else { continue }
      if suffix == "ed", stem.hasSuffix("i") {
        bases.append(String(stem.dropLast()) + "y")
      } else if isDoubled(stem) {
        bases += [String(stem.dropLast()), stem]
      } else {
        bases += [stem, stem + "e"]
      }
      break
    }
    for (suffix, endings) in [
      ("izations", ["ize"]), ("ization", ["ize"]), ("ations", ["ate", "e", ""]), ("ation", ["ate", "e", ""]),
      ("ions", ["e", ""]), ("ion", ["e", ""]), ("ment", [""]), ("ments", [""]),
    ] {
      guard let stem = without(suffix) else { continue }
      bases += endings.map { stem + $0 }
      break
    }
    bases.append(word)
    return bases
  }

  private static func inflections(of base: String) -> [String] {
    guard let last = base.last else { return [] }
    if last == "e" {
      let stem = String(base.dropLast())
      return [base + "s", stem + "ing", base + "d", base + "r"] + (base.hasSuffix("ate") ? [stem + "ion"] : [])
    }
    if last == "y", let before = base.dropLast().last, !"aeiou".contains(before) {
      let stem = String(base.dropLast())
      return [stem + "ies", base + "ing", stem + "ied"]
    }
    if "sxz".contains(last) || base.hasSuffix("ch") || base.hasSuffix("sh") {
      return [base + "es", base + "ing", base + "ed", base + "er"]
    }
    return [base + "s", base + "ing", base + "ed", base + "er"] + doubled(base)
  }

  /// `map` gives `mapping`, `mapped`, `mapper`.
  private static func doubled(_ base: String) -> [String] {
    let letters = Array(base)
    guard letters.count >= 3, letters.count <= 6, let last = letters.last, !"aeiouwxyhs".contains(last),
      "aeiou".contains(letters[letters.count - 2]), !"aeiou".contains(letters[letters.count - 3])
    else { return [] }
    return [base + "\(last)ing", base + "\(last)ed", base + "\(last)er"]
  }

  private static func isDoubled(_ stem: String) -> Bool {
    let letters = Array(stem.suffix(2))
    return letters.count == 2 && letters[0] == letters[1] && !"lsz".contains(letters[0])
  }
}
