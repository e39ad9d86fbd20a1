import Primitives

/// Finds words in text beyond ASCII: folded (`FoldedScalars`), each with its parts.
///
/// Scripts with spaces, and ASCII between their letters: a run of letters, digits and `_`, cut at 64 bytes, is a word,
/// with the parts that `WordSplitter` would find; of the word and of each part whose plain spelling (`creer` for
/// `créer`) differs, this is a part too. Scripts without spaces, and Hangul: every two letters that stand side by side
/// are a word, and each letter is a part, so that any run of letters inside of a longer one is found by pairs that lie
/// in it; a run may be of any length. Where the two kinds of scripts meet a word ends. No allocation but for the growth
/// of its own arrays.
struct ScriptSplitter {
  struct Word {
    /// The range in `bytes`.
    var range: Range<Int>
    /// Whether it belongs to the word before it.
    var isPart: Bool
    /// Whether it is the plain spelling of the word or part before it.
    var isPlain = false
  }

  /// The UTF-8 of the words found last.
  private(set) var bytes: [UInt8] = []
  private(set) var words: [Word] = []
  /// Whether the words found last are pairs of letters out of a run.
  private(set) var isPairs = false
  private var run = FoldedScalars()
  /// Where each of the run's scalars begins in `bytes`, and where the last ends.
  private var offsets: [Int] = []
  private let table = FoldingTable.shared

  /// A longer run of a script without spaces is taken in parts, which share a letter.
  private static let longestRun = 1024
  /// Scalars of a word that are read: each has a byte at least.
  private static let longestWord = WordSplitter.maximumByteCount

  private enum Kind { case none, spaced, unspaced }

  /// Finds the next word, or the next pairs, of `text` at or after `offset` and moves `offset` behind them. False at
  /// the end.
  mutating func next(in text: Span<UInt8>, from offset: inout Int) -> Bool {
    while offset < text.count {
      let kind = takeRun(of: text, from: &offset)
      bytes.removeAll(keepingCapacity: true)
      words.removeAll(keepingCapacity: true)
      switch kind {
      case .none: return false
      case .unspaced: cutPairs(goesOn: offset < text.count && isCut)
      case .spaced: cutWord()
      }
      if !words.isEmpty { return true }
    }
    return false
  }

  /// Whether the current run goes on.
  private var isCut = false

  private mutating func takeRun(of text: Span<UInt8>, from offset: inout Int) -> Kind {
    run.removeAll()
    isCut = false
    var kind = Kind.none
    var letters = 0
    var lastLetter = offset
    while offset < text.count {
      guard let (scalar, byteCount) = text.scalar(validatedAt: offset) else {
        if kind != .none { return kind }
        offset += 1
        continue
      }
      let traits = table[scalar]
      switch traits.kind {
      case FoldingTable.Kind.ignored: break
      case FoldingTable.Kind.separator:
        if kind != .none { return kind }
      case FoldingTable.Kind.mark:
        // One without a letter is nothing.
        if kind != .none, run.count < Self.longestWord || kind == .unspaced { run.append(scalar, traits) }
      case FoldingTable.Kind.unspaced:
        if kind == .spaced { return kind }
        if letters >= Self.longestRun {
          isCut = true
          offset = lastLetter
          return kind
        }
        kind = .unspaced
        let before = run.count
        run.append(scalar, traits)
        // A letter of Hangul may have joined the one before.
        if run.count > before {
          letters += 1
          lastLetter = offset
        }
      default:
        if kind == .unspaced { return kind }
        kind = .spaced
        // The rest of a long word is skipped.
        if run.count < Self.longestWord { run.append(scalar, traits) }
      }
      offset += byteCount
    }
    return kind
  }

  // MARK: Scripts without spaces

  private mutating func cutPairs(goesOn: Bool) {
    isPairs = true
    offsets.removeAll(keepingCapacity: true)
    var marks = 0
    for i in 0..<run.count {
      let isMark = run.kinds[i] == FoldingTable.Kind.mark
      if isMark {
        // Marks of other scripts are decoration here, and there is an end to those of its own.
        if offsets.isEmpty || marks >= 4 || table[run.scalars[i]].isLeftOutOfPlain { continue }
        marks += 1
      } else {
        marks = 0
        offsets.append(bytes.count)
      }
      bytes.append(scalar: run.scalars[i])
    }
    let count = offsets.count
    if count == 0 { return }
    offsets.append(bytes.count)
    if count == 1 {
      words.append(Word(range: 0..<bytes.count, isPart: false))
      return
    }
    for i in 0..<(count - 1) {
      words.append(Word(range: offsets[i]..<offsets[i + 2], isPart: false))
      words.append(Word(range: offsets[i]..<offsets[i + 1], isPart: true))
    }
    // The last letter of a run that goes on is the first of the next part.
    if !goesOn { words.append(Word(range: offsets[count - 1]..<offsets[count], isPart: true)) }
  }

  // MARK: Scripts with spaces

  private mutating func cutWord() {
    isPairs = false
    offsets.removeAll(keepingCapacity: true)
    var count = 0
    while count < run.count {
      let start = bytes.count
      bytes.append(scalar: run.scalars[count])
      if bytes.count > WordSplitter.maximumByteCount {
        bytes.removeLast(bytes.count - start)
        break
      }
      offsets.append(start)
      count += 1
    }
    // Never inside a letter: without its mark it would be another.
    if count < run.count, count > 0, run.kinds[count] == FoldingTable.Kind.mark {
      repeat { count -= 1 } while count > 0 && run.kinds[count] == FoldingTable.Kind.mark
      bytes.removeLast(bytes.count - offsets[count])
      offsets.removeLast(offsets.count - count)
    }
    offsets.append(bytes.count)
    let kinds = run.kinds
    guard bytes.count > 1, kinds[..<count].contains(where: { $0 != FoldingTable.Kind.underscore }) else { return }
    add(0..<count, isPart: false)
    // A number's digits and letters mean nothing apart.
    if kinds[0] == FoldingTable.Kind.digit { return }
    var start = 0
    var lastCapital = 0
    var previous = FoldingTable.Kind.underscore
    for i in 0..<count {
      let kind = kinds[i]
      switch kind {
      case FoldingTable.Kind.lower:
        if previous == FoldingTable.Kind.digit {
          endPart(&start, i, of: count)
        } else if previous == FoldingTable.Kind.upper, lastCapital > start {
          endPart(&start, lastCapital, of: count)
        }
      case FoldingTable.Kind.upper:
        if previous == FoldingTable.Kind.lower || previous == FoldingTable.Kind.digit { endPart(&start, i, of: count) }
        lastCapital = i
      case FoldingTable.Kind.digit:
        if previous == FoldingTable.Kind.lower || previous == FoldingTable.Kind.upper { endPart(&start, i, of: count) }
      case FoldingTable.Kind.underscore:
        if previous != FoldingTable.Kind.underscore { endPart(&start, i, of: count) }
        start = i + 1
      default:
        // A mark is of its letter's kind.
        continue
      }
      previous = kind
    }
    if previous != FoldingTable.Kind.underscore { endPart(&start, count, of: count) }
  }

  /// Notes the part from `start` to `end`, if it has more than one byte and is not the word, and begins the next one at
  /// `end`.
  private mutating func endPart(_ start: inout Int, _ end: Int, of count: Int) {
    if start < end, offsets[end] - offsets[start] > 1, start > 0 || end < count { add(start..<end, isPart: true) }
    start = end
  }

  /// Adds a word, and its plain spelling where that is another.
  private mutating func add(_ range: Range<Int>, isPart: Bool) {
    let own = offsets[range.lowerBound]..<offsets[range.upperBound]
    words.append(Word(range: own, isPart: isPart))
    if !run.hasPlain { return }
    let start = bytes.count
    run.appendPlain(range, to: &bytes)
    let plain = start..<bytes.count
    if plain.count > 1, !bytes.span.extracting(plain).isEqual(to: bytes.span.extracting(own)) {
      words.append(Word(range: plain, isPart: true, isPlain: true))
    } else {
      bytes.removeLast(plain.count)
    }
  }
}
