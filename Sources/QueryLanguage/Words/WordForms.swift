import Primitives

/// Other forms of an English word, by the regular rules of spelling: plural, -ing, -ed, -er, -ion. The forms need not
/// be words; a form that the index does not hold costs one look-up and finds nothing.
enum WordForms {
  /// Forms of `word` (lower-cased ASCII), the most certain first, without `word` itself. Empty for short words, names
  /// and numbers.
  static func variants(of word: String) -> [String] {
    guard word.utf8.count >= 4, word.utf8.allSatisfy({ $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }) else {
      return []
    }
    let word = Array(word.utf8)
    var forms = FormList(of: word)
    var base: [UInt8] = []
    for (count, ending) in bases(of: word) {
      base.removeAll(keepingCapacity: true)
      base.append(contentsOf: word[..<count])
      base.append(contentsOf: ending.utf8)
      forms.add(base[...])
      addInflections(of: base, to: &forms)
    }
    return forms.strings
  }

  /// Beyond this many the forms are too remote to be useful.
  static let limit = 12

  /// The forms that were found, stored contiguously, each once.
  private struct FormList {
    /// The word itself, which is no form, and the forms.
    private var bytes: [UInt8]
    private var ends: [Int]

    init(of word: [UInt8]) {
      bytes = word
      ends = [word.count]
      bytes.reserveCapacity((limit + 2) * (word.count + 4))
      ends.reserveCapacity(limit + 1)
    }

    var strings: [String] {
      (1..<ends.count).map { String(decoding: bytes[ends[$0 - 1]..<ends[$0]], as: UTF8.self) }
    }

    /// Adds a stem with an ending: where there is room, it is long enough and not there yet.
    mutating func add(_ stem: ArraySlice<UInt8>, _ ending: String = "") {
      if ends.count > limit || stem.count + ending.utf8.count < 3 { return }
      let start = bytes.count
      bytes.append(contentsOf: stem)
      bytes.append(contentsOf: ending.utf8)
      if isKnown(start..<bytes.count) { bytes.removeLast(bytes.count - start) } else { ends.append(bytes.count) }
    }

    private func isKnown(_ form: Range<Int>) -> Bool {
      let bytes = bytes.span
      var start = 0
      for end in ends {
        if bytes.extracting(start..<end).isEqual(to: bytes.extracting(form)) { return true }
        start = end
      }
      return false
    }
  }

  /// What `word` may be a form of: how much of it is kept and what follows. The word itself is always among them.
  private static func bases(of word: [UInt8]) -> [(count: Int, ending: String)] {
    /// The length of the stem before `suffix`.
    func before(_ suffix: String) -> Int? {
      let count = word.count - suffix.utf8.count
      return count >= 3 && word[count...].elementsEqual(suffix.utf8) ? count : nil
    }
    var bases: [(count: Int, ending: String)] = []
    bases.reserveCapacity(8)
    if word.last == UInt8(ascii: "s") {
      if let stem = before("ies") {
        bases.append((stem, "y"))
      } else if let stem = before("sses") {
        bases.append((stem, "ss"))
      } else if let stem = before("es"), "sxzho".utf8.contains(word[stem - 1]) {
        bases += [(stem, ""), (stem, "e")]
      } else if let stem = before("s"), !"sui".utf8.contains(word[stem - 1]) {
        bases.append((stem, ""))
      }
    }
    for suffix in ["ing", "ed", "er", "ers", "ors", "or"] {
      guard let stem = before(suffix) else { continue }
      if suffix == "ed", word[stem - 1] == UInt8(ascii: "i") {
        bases.append((stem - 1, "y"))
      } else if isDoubled(word[..<stem]) {
        bases += [(stem - 1, ""), (stem, "")]
      } else {
        bases += [(stem, ""), (stem, "e")]
      }
      break
    }
    if let stem = before("izations") ?? before("ization") {
      bases.append((stem, "ize"))
    } else if let stem = before("ations") ?? before("ation") {
      bases += [(stem, "ate"), (stem, "e"), (stem, "")]
    } else if let stem = before("ions") ?? before("ion") {
      bases += [(stem, "e"), (stem, "")]
    } else if let stem = before("ment") ?? before("ments") {
      bases.append((stem, ""))
    }
    bases.append((word.count, ""))
    return bases
  }

  private static func addInflections(of base: [UInt8], to forms: inout FormList) {
    guard let last = base.last else { return }
    let (whole, stem) = (base[...], base.dropLast())
    if last == UInt8(ascii: "e") {
      forms.add(whole, "s")
      forms.add(stem, "ing")
      forms.add(whole, "d")
      forms.add(whole, "r")
      if base.suffix(3).elementsEqual("ate".utf8) { forms.add(stem, "ion") }
    } else if last == UInt8(ascii: "y"), let before = stem.last, !"aeiou".utf8.contains(before) {
      forms.add(stem, "ies")
      forms.add(whole, "ing")
      forms.add(stem, "ied")
    } else {
      let isHissed = "sxz".utf8.contains(last) || (last == UInt8(ascii: "h") && "cs".utf8.contains(stem.last ?? 0))
      forms.add(whole, isHissed ? "es" : "s")
      addEndings(to: whole, &forms)
      // `map` gives `mapping`, `mapped`, `mapper`.
      if !isHissed, isDoubling(base) { addEndings(to: base + [last], &forms) }
    }
  }

  private static func addEndings(to stem: ArraySlice<UInt8>, _ forms: inout FormList) {
    forms.add(stem, "ing")
    forms.add(stem, "ed")
    forms.add(stem, "er")
  }
  private static func addEndings(to stem: [UInt8], _ forms: inout FormList) { addEndings(to: stem[...], &forms) }

  /// Whether the last letter is written twice before an ending.
  private static func isDoubling(_ base: [UInt8]) -> Bool {
    let count = base.count
    return count >= 3 && count <= 6 && !"aeiouwxyhs".utf8.contains(base[count - 1])
      && "aeiou".utf8.contains(base[count - 2]) && !"aeiou".utf8.contains(base[count - 3])
  }

  private static func isDoubled(_ stem: ArraySlice<UInt8>) -> Bool {
    stem.count >= 2 && stem.last == stem.dropLast().last && !"lsz".utf8.contains(stem.last ?? 0)
  }
}
