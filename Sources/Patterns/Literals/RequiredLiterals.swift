import Primitives

/// What a line must hold so that a pattern can match in it: literals, joined by "and" and "or". A line that holds it
/// may still not match; one that does not hold it cannot.
package indirect enum RequiredLiterals: Hashable, Sendable {
  /// Every line may match.
  case everything
  /// No line can.
  case nothing
  case literal(Literal)
  case and([RequiredLiterals])
  case or([RequiredLiterals])

  package struct Literal: Hashable, Sendable {
    package var bytes: [UInt8]
    /// Whether letters of ASCII match whatever their case; the bytes are in small letters then.
    package var foldsCase: Bool
  }
}

extension RequiredLiterals {
  /// Alternatives beyond this number make a search for any of them slower than none.
  static let exactLimit = 16
  static let choiceLimit = 256

  /// - Parameter isASCII: of lines that are all ASCII, where `k` and `s` have no partners of other bytes.
  init(_ node: RegexNode, isASCII: Bool) {
    self = LiteralReader(isASCII: isASCII).read(node).all
  }

  static func all(_ parts: [RequiredLiterals]) -> RequiredLiterals {
    var kept: [RequiredLiterals] = []
    for part in parts {
      switch part {
      case .everything: break
      case .nothing: return .nothing
      case .and(let inner): kept += inner
      default: if !kept.contains(part) { kept.append(part) }
      }
    }
    return kept.isEmpty ? .everything : kept.count == 1 ? kept[0] : .and(kept)
  }

  static func any(_ parts: [RequiredLiterals]) -> RequiredLiterals {
    var kept: [RequiredLiterals] = []
    var seen: Set<RequiredLiterals> = []
    for part in parts {
      switch part {
      case .everything: return .everything
      case .nothing: break
      case .or(let inner): kept += inner.filter { seen.insert($0).inserted }
      default: if seen.insert(part).inserted { kept.append(part) }
      }
    }
    if kept.count > choiceLimit { return .everything }
    return kept.isEmpty ? .nothing : kept.count == 1 ? kept[0] : .or(kept)
  }
}

/// Reads required literals off an expression.
private struct LiteralReader {
  let isASCII: Bool

  /// What is known of the texts that a node matches.
  struct Known {
    /// All of them, where they are few.
    var exact: [RequiredLiterals.Literal]?
    /// What they hold besides.
    var required = RequiredLiterals.everything

    var all: RequiredLiterals {
      guard let exact else { return required }
      return .all([required, .any(exact.map { $0.bytes.isEmpty ? .everything : .literal($0) })])
    }
  }

  func read(_ node: RegexNode) -> Known {
    switch node {
    case .empty, .assertion, .asciiAssertion: return Known(exact: [.init(bytes: [], foldsCase: false)])
    case .bytes(let set):
      let bytes = set.ranges.lazy.flatMap(\.self).filter { !isASCII || $0 < 0x80 }
      return Known(exact: set.count > 136 ? nil : exactly(Array(bytes)))
    case .scalar(let scalar, let folds):
      // What ASCII cannot hold: no text of it matches.
      if isASCII, scalar >= 0x80, !(folds && [0x17F, 0x212A].contains(scalar)) { return Known(exact: []) }
      return Known(exact: literals(of: scalar, folds).map { [$0] })
    case .set(let set): return Known(exact: literals(of: set))
    case .group(let inner, _, _): return read(inner)
    case .repetition(let inner, let least, let most, _):
      if least == 0 {
        guard most == 1, let exact = read(inner).exact, exact.count < RequiredLiterals.exactLimit else {
          return Known()
        }
        return Known(exact: exact + [.init(bytes: [], foldsCase: false)])
      }
      let known = read(inner)
      if least == most, least <= 8 { return read(.sequence(Array(repeating: inner, count: least))) }
      return Known(required: known.all)
    case .choice(let alternatives):
      // Nothing is made of so many.
      if alternatives.count > RequiredLiterals.choiceLimit { return Known() }
      let all = alternatives.map(read)
      var exact: [RequiredLiterals.Literal]? = []
      for known in all {
        guard let some = known.exact, known.required == .everything, let kept = exact else {
          exact = nil
          break
        }
        exact = kept + some
      }
      if let exact, exact.count <= RequiredLiterals.exactLimit { return Known(exact: exact) }
      return Known(required: .any(all.map(\.all)))
    case .sequence(let parts): return sequence(parts)
    }
  }

  /// The characters that `parts` begins with, as one literal, and how many they are; nil for fewer than two.
  private func text(_ parts: ArraySlice<RegexNode>) -> (RequiredLiterals.Literal, count: Int)? {
    var bytes: [UInt8] = []
    var (count, foldsCase) = (0, false)
    for part in parts {
      guard case .scalar(let scalar, let folds) = part, !isASCII || scalar < 0x80,
        let literal = literals(of: scalar, folds)
      else { break }
      bytes += literal.bytes
      foldsCase = foldsCase || literal.foldsCase
      count += 1
    }
    if count < 2 { return nil }
    return (.init(bytes: foldsCase ? bytes.asciiLowercased : bytes, foldsCase: foldsCase), count)
  }

  private func exactly(_ bytes: [UInt8]) -> [RequiredLiterals.Literal]? {
    bytes.count > 8 ? nil : bytes.map { .init(bytes: [$0], foldsCase: false) }
  }

  private func sequence(_ parts: [RegexNode]) -> Known {
    var required: [RequiredLiterals] = []
    var run: [RequiredLiterals.Literal] = [.init(bytes: [], foldsCase: false)]
    var isWhole = true
    func flush() { required.append(Known(exact: run).all) }
    var index = 0
    while index < parts.count {
      let known: Known
      if let (literal, count) = text(parts[index...]) {
        known = Known(exact: [literal])
        index += count
      } else {
        known = read(parts[index])
        index += 1
      }
      required.append(known.required)
      if let exact = known.exact, let joined = joined(run, exact) {
        run = joined
        continue
      }
      flush()
      isWhole = false
      // What does not fit behind what came before begins anew.
      run = known.exact ?? [.init(bytes: [], foldsCase: false)]
    }
    if isWhole { return Known(exact: run, required: .all(required)) }
    flush()
    return Known(required: .all(required))
  }

  /// Each of `a` followed by each of `b`; nil where that is too many.
  private func joined(
    _ a: [RequiredLiterals.Literal], _ b: [RequiredLiterals.Literal]
  ) -> [RequiredLiterals.Literal]? {
    guard a.count * b.count <= RequiredLiterals.exactLimit else { return nil }
    var all: [RequiredLiterals.Literal] = []
    for first in a {
      for second in b {
        let folds = first.foldsCase || second.foldsCase
        let bytes = first.bytes + second.bytes
        let literal = RequiredLiterals.Literal(bytes: folds ? bytes.asciiLowercased : bytes, foldsCase: folds)
        if !all.contains(literal) { all.append(literal) }
      }
    }
    return all
  }

  /// Nil where the scalar has spellings that differ by more than a letter's case in ASCII.
  private func literals(of scalar: UInt32, _ folds: Bool) -> RequiredLiterals.Literal? {
    guard let value = Unicode.Scalar(scalar) else { return nil }
    let bytes = Array(String(Character(value)).utf8)
    guard folds else { return .init(bytes: bytes, foldsCase: false) }
    guard scalar < 0x80 else { return nil }
    let lower = bytes[0].asciiLowercased
    let isLetter = lower.isASCIILowercase
    if !isASCII, lower == UInt8(ascii: "k") || lower == UInt8(ascii: "s") { return nil }
    return .init(bytes: [lower], foldsCase: isLetter)
  }

  private func literals(of set: ScalarClass) -> [RequiredLiterals.Literal]? {
    guard case .parts(let parts, false, let folds) = set else { return nil }
    var all: [RequiredLiterals.Literal] = []
    for part in parts {
      guard case .range(let lower, let upper) = part, upper - lower < 5 else { return nil }
      for scalar in lower...upper {
        guard let literal = literals(of: scalar, folds) else { return nil }
        if !all.contains(literal) { all.append(literal) }
      }
    }
    return all.count <= 8 ? all : nil
  }
}
