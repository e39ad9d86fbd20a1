import Primitives

/// The working memory of normalizers: a text, and the one that is made of it.
struct NormalizerScratch {
  var text: [UInt8] = []
  var output: [UInt8] = []
  var scalars: [UInt32] = []
  /// For patterns.
  var ways: [RegexMatcher.WayBack] = []
  private var marks: [(combiningClass: UInt8, scalar: UInt32)] = []
  /// Whether the first scalar of `text` stems from the first one of the text that was given.
  var beginsText = false

  enum Form { case canonical, compatible }

  /// What was made is the text of the next step.
  mutating func swap() { Swift.swap(&text, &output) }

  /// Puts `scalars` into a decomposed form, marks in their canonical order.
  mutating func decompose(_ form: Form) {
    let tables = UnicodeTables.shared
    var input = scalars
    Swift.swap(&input, &scalars)
    scalars.removeAll(keepingCapacity: true)
    for scalar in input { append(scalar, form, tables) }
    orderMarks(tables)
  }

  @inline(__always)
  private mutating func append(_ scalar: UInt32, _ form: Form, _ tables: UnicodeTables) {
    if 0xAC00...0xD7A3 ~= scalar {
      // Hangul syllables are a product of a leading consonant, a vowel and perhaps a trailing consonant.
      let index = scalar - 0xAC00
      scalars.append(0x1100 + index / 588)
      scalars.append(0x1161 + index % 588 / 28)
      if index % 28 != 0 { scalars.append(0x11A7 + index % 28) }
      return
    }
    let number = tables.formNumber[scalar]
    if number == 0 {
      scalars.append(scalar)
      return
    }
    let entry = tables.forms[Int(number) - 1]
    let range = form == .canonical ? entry.canonical : entry.compatible
    if range.isEmpty {
      scalars.append(scalar)
    } else {
      for i in range { scalars.append(tables.formScalars[i]) }
    }
  }

  /// Sorts each run of marks by combining class, equal ones as they stand. A run of a million marks costs no more for
  /// each than a short one, but for the logarithm.
  private mutating func orderMarks(_ tables: UnicodeTables) {
    var start = 0
    while start < scalars.count {
      if tables.combiningClass[scalars[start]] == 0 {
        start += 1
        continue
      }
      var end = start + 1
      while end < scalars.count, tables.combiningClass[scalars[end]] != 0 { end += 1 }
      if end - start > 1 {
        marks.removeAll(keepingCapacity: true)
        for i in start..<end { marks.append((tables.combiningClass[scalars[i]], scalars[i])) }
        // The standard library's sort keeps the order of equals.
        marks.sort { $0.combiningClass < $1.combiningClass }
        for i in start..<end { scalars[i] = marks[i - start].scalar }
      }
      start = end
    }
  }

  /// Puts together what composes, in `scalars` that are decomposed.
  mutating func compose() {
    let tables = UnicodeTables.shared
    var starter = -1
    var count = 0
    var classBefore: UInt8 = 0
    for scalar in scalars {
      let combiningClass = tables.combiningClass[scalar]
      let isNext = starter == count - 1 || (classBefore != 0 && classBefore < combiningClass)
      if starter >= 0, isNext, let whole = Self.composition(scalars[starter], scalar, tables) {
        scalars[starter] = whole
        continue
      }
      if combiningClass == 0 { starter = count }
      classBefore = combiningClass
      scalars[count] = scalar
      count += 1
    }
    scalars.removeLast(scalars.count - count)
  }

  private static func composition(_ first: UInt32, _ second: UInt32, _ tables: UnicodeTables) -> UInt32? {
    if 0x1100...0x1112 ~= first, 0x1161...0x1175 ~= second {
      return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
    }
    if 0xAC00...0xD7A3 ~= first, (first - 0xAC00) % 28 == 0, 0x11A8...0x11C2 ~= second {
      return first + second - 0x11A7
    }
    return tables.compositions[UInt64(first) << 32 | UInt64(second)]
  }

  /// Drops the spaces at the ends.
  mutating func strip(left: Bool, right: Bool) {
    let tables = UnicodeTables.shared
    var end = text.count
    if right {
      while end > 0, case (let scalar, let length) = text.span.scalar(before: end), tables.scalarClass(scalar).isSpace {
        end -= length
      }
      text.removeLast(text.count - end)
    }
    var start = 0
    if left {
      while start < end, case (let scalar, let length) = text.span.scalar(at: start), tables.scalarClass(scalar).isSpace
      {
        start += length
      }
      if start > 0 { beginsText = false }
      text.removeFirst(start)
    }
  }

  /// Appends `scalars` to `output`, each in its small form.
  mutating func appendScalarsInSmall() {
    let tables = UnicodeTables.shared
    for scalar in scalars {
      if scalar == 0x130 {
        output.append(UInt8(ascii: "i"))
        output.append(scalar: 0x307)
      } else {
        output.append(scalar: UInt32(bitPattern: Int32(bitPattern: scalar) + tables.toSmall[scalar]))
      }
    }
  }
}
