import Primitives

/// What the reference knows of each Unicode scalar, found by asking it: see `Scripts/unicode-tables`.
///
/// `unicodeClassData` is a row of numbers: how many distinct classes, each class (`ScalarClass.bits`), then runs over
/// all code points (number of a class, length); how many runs of letters with a small form, and each of these: first
/// scalar counted from the first of the run before, 2 x length + (1 if every second scalar is meant), signed distance
/// to the small form. `unicodeFormData`: runs over all code points of combining classes; how many scalars decompose,
/// and each of these: distance from the one before, 4 x length of its canonical form + (2 if that composes to it again)
/// + (1 if its compatible form differs), the compatible form's length if it does, both forms, each scalar as the signed
/// distance from the one before, the first from the scalar itself.
final class UnicodeTables: Sendable {
  static let shared = UnicodeTables()

  let classes: ScalarTable<UInt16>
  /// Distance to the small form. U+0130 alone has a form of two scalars: see `smallForm`.
  let toSmall: ScalarTable<Int32>
  let combiningClass: ScalarTable<UInt8>
  /// Number of the form + 1, or 0.
  let formNumber: ScalarTable<UInt16>
  let forms: [Form]
  let formScalars: [UInt32]
  /// Of a pair of scalars, first x 2^32 + second, what they compose to.
  let compositions: [UInt64: UInt32]

  /// Where in `formScalars` the decompositions of a scalar are. Canonical ones are complete; empty if there is none.
  struct Form: Sendable {
    let canonical: Range<Int>
    let compatible: Range<Int>
  }

  private init() {
    var data = PackedNumbers(unicodeClassData)
    let distinct = (0..<data.next()).map { _ in UInt16(data.next()) }
    classes = ScalarTable(data.nextRuns().map { distinct[$0] })
    var small = [Int32](repeating: 0, count: 0x110000)
    var first = 0
    for _ in 0..<data.next() {
      first += data.next()
      let (count, step) = data.next().quotientAndRemainder(dividingBy: 2)
      let distance = Int32(data.nextSigned())
      for i in 0..<count { small[first + i * (step + 1)] = distance }
    }
    toSmall = ScalarTable(small)

    data = PackedNumbers(unicodeFormData)
    combiningClass = ScalarTable(data.nextRuns().map { UInt8($0) })
    var numbers = [UInt16](repeating: 0, count: 0x110000)
    var forms: [Form] = []
    var scalars: [UInt32] = []
    var composing: [(scalar: UInt32, form: Range<Int>)] = []
    var scalar = 0
    for _ in 0..<data.next() {
      scalar += data.next()
      let head = data.next()
      let wideCount = head & 1 == 1 ? data.next() : 0
      var ranges: [Range<Int>] = []
      for count in [head >> 2, wideCount] {
        let begin = scalars.count
        var before = scalar
        for _ in 0..<count {
          before += data.nextSigned()
          scalars.append(UInt32(before))
        }
        ranges.append(begin..<scalars.count)
      }
      forms.append(Form(canonical: ranges[0], compatible: wideCount == 0 ? ranges[0] : ranges[1]))
      numbers[scalar] = UInt16(forms.count)
      if head & 2 != 0 { composing.append((UInt32(scalar), ranges[0])) }
    }
    formNumber = ScalarTable(numbers)
    self.forms = forms
    formScalars = scalars

    // A complete form of n scalars is that of a shorter composition, and one more scalar.
    composing.sort { ($0.form.count, $0.scalar) < ($1.form.count, $1.scalar) }
    var whole: [ArraySlice<UInt32>: UInt32] = [:]
    var pairs: [UInt64: UInt32] = [:]
    for (scalar, form) in composing {
      let stem = scalars[form.dropLast()]
      if let first = stem.count == 1 ? stem.first! : whole[stem] {
        pairs[UInt64(first) << 32 | UInt64(scalars[form.upperBound - 1])] = scalar
      }
      whole[scalars[form]] = scalar
    }
    compositions = pairs
  }

  @inline(__always)
  func scalarClass(_ scalar: UInt32) -> ScalarClass { ScalarClass(bits: classes[scalar]) }
}

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

/// A value for each Unicode code point, in pages of 256 of which equal ones are kept once.
struct ScalarTable<Value: Hashable & Sendable>: Sendable {
  /// For each 256 code points, where their values begin.
  private var pages: [UInt32] = []
  private var values: [Value] = []

  /// - Parameter all: one value for each of the 0x110000 code points.
  init(_ all: [Value]) {
    precondition(all.count == 0x110000)
    var seen: [ArraySlice<Value>: UInt32] = [:]
    for start in stride(from: 0, to: all.count, by: 256) {
      let page = all[start..<start + 256]
      if let known = seen[page] {
        pages.append(known)
      } else {
        seen[page] = UInt32(values.count)
        pages.append(UInt32(values.count))
        values += page
      }
    }
  }

  @inline(__always)
  subscript(scalar: UInt32) -> Value {
    values[Int(pages[Int(truncatingIfNeeded: scalar &>> 8)]) &+ Int(truncatingIfNeeded: scalar & 0xFF)]
  }
}
