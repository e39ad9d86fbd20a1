import Primitives

/// A pattern that is searched for in UTF-8: the leftmost match, the first branch that fits. Backtracking points are
/// kept on a stack of their own, one entry for a whole run of scalars.
struct RegexMatcher: Sendable {
  private enum Step: Sendable {
    case one(Int)
    /// As many scalars of a set as there are, then fewer.
    case run(Int, minimum: Int, maximum: Int, PatternNode.Greed)
    /// The first way, then the other; the other at once where the next byte is not among those that the first way can
    /// begin with: the number of a table, or -1.
    case either(Int, Int, beginnings: Int)
    case jump(Int)
    /// The steps that follow, up to `done`, tried by themselves; then on at `next`.
    case ahead(next: Int, isNegative: Bool)
    case atomic(next: Int)
    case lineStart
    case lineEnd
    case textStart
    case textEnd
    case done
  }

  private static let mostSteps = 20_000
  private var steps: [Step] = []
  private var sets: [ScalarSet] = []
  /// For each set, which ASCII characters are in it.
  private var ascii: [Bool] = []
  /// Tables of 256 bytes.
  private var branchBeginnings: [Bool] = []
  /// Which bytes a match can begin with.
  private var beginnings: [Bool] = []
  /// The set of the run that the pattern begins with, where it has no other branch: no match begins in a run in which
  /// one failed to begin.
  private var leadingRun: Int?

  /// A way back: the step to take, and where. For a run, that can be at any scalar from `minimum` on.
  struct WayBack {
    var step: Int
    var position: Int
    var minimum: Int
    /// The scalars to add one by one, where a run is lazy: its set, and how many are left.
    var lazySet = -1
    var lazyCount = 0
  }

  init(_ text: String, _ part: TokenizerNode) throws(Failure) {
    let node = try PatternParser.parse(text, part)
    if node.isNullable { throw part.unsupported("a pattern that matches nothing at all") }
    if node.stepCount > Self.mostSteps { throw part.unsupported("a pattern of too many repetitions") }
    compile(node)
    steps.append(.done)
    beginnings = (0..<256).map { byte in byte >= 0x80 || canBegin(with: UInt32(byte), node) }
    if case .run(let set, let minimum, let maximum, .greedy) = steps[0], minimum <= 1, maximum == .max {
      leadingRun = set
    }
  }

  /// The text itself, whatever it holds.
  init(literal text: String, _ part: TokenizerNode) throws(Failure) {
    if text.isEmpty { throw part.unsupported("an empty text to look for") }
    for scalar in text.unicodeScalars { compile(.one(.scalar(scalar.value))) }
    steps.append(.done)
    let first = text.utf8.first!
    beginnings = (0..<256).map { $0 == Int(first) }
  }

  private mutating func number(of set: ScalarSet) -> Int {
    if let known = sets.firstIndex(of: set) { return known }
    sets.append(set)
    ascii += (0..<128 as Range<UInt32>).map { set.contains($0) }
    return sets.count - 1
  }

  private mutating func beginnings(of node: PatternNode) -> Int {
    if node.isNullable { return -1 }
    branchBeginnings += (0..<256).map { $0 >= 0x80 || canBegin(with: UInt32($0), node) }
    return branchBeginnings.count / 256 - 1
  }

  /// The length of the scalar at `position`, if it is in a set.
  @inline(__always)
  private func length(_ text: Span<UInt8>, _ position: Int, in set: Int) -> Int? {
    let byte = text[position]
    if byte < 0x80 { return ascii[set &* 128 &+ Int(byte)] ? 1 : nil }
    let (scalar, length) = text.scalar(at: position)
    return sets[set].contains(scalar) ? length : nil
  }

  private mutating func compile(_ node: PatternNode) {
    switch node {
    case .one(let set): steps.append(.one(number(of: set)))
    case .sequence(let nodes): for node in nodes { compile(node) }
    case .choice(let branches):
      var jumps: [Int] = []
      for branch in branches.dropLast() {
        let fork = steps.count
        steps.append(.jump(0))
        compile(branch)
        jumps.append(steps.count)
        steps.append(.jump(0))
        steps[fork] = .either(fork + 1, steps.count, beginnings: beginnings(of: branch))
      }
      compile(branches.last!)
      for jump in jumps { steps[jump] = .jump(steps.count) }
    case .repetition(.one(let set), let minimum, let maximum, let greed):
      steps.append(.run(number(of: set), minimum: minimum, maximum: maximum ?? .max, greed))
    case .repetition(let node, let minimum, let maximum, .possessive):
      compile(.atomic(.repetition(node, minimum: minimum, maximum: maximum, .greedy)))
    case .repetition(let node, let minimum, let maximum, let greed):
      for _ in 0..<minimum { compile(node) }
      var forks: [Int] = []
      if let maximum {
        for _ in minimum..<maximum {
          forks.append(steps.count)
          steps.append(.jump(0))
          compile(node)
        }
      } else {
        forks.append(steps.count)
        steps.append(.jump(0))
        compile(node)
        steps.append(.jump(forks[0]))
      }
      for fork in forks {
        steps[fork] =
          greed == .lazy
          ? .either(steps.count, fork + 1, beginnings: -1) : .either(fork + 1, steps.count, beginnings: -1)
      }
    case .lookahead(let node, let isNegative):
      let index = steps.count
      steps.append(.done)
      compile(node)
      steps.append(.done)
      steps[index] = .ahead(next: steps.count, isNegative: isNegative)
    case .atomic(let node):
      let index = steps.count
      steps.append(.done)
      compile(node)
      steps.append(.done)
      steps[index] = .atomic(next: steps.count)
    case .lineStart: steps.append(.lineStart)
    case .lineEnd: steps.append(.lineEnd)
    case .textStart: steps.append(.textStart)
    case .textEnd: steps.append(.textEnd)
    }
  }

  /// Whether a match may begin with an ASCII scalar; true if that is not plain.
  private func canBegin(with scalar: UInt32, _ node: PatternNode) -> Bool {
    switch node {
    case .one(let set): return set.contains(scalar)
    case .sequence(let nodes):
      for node in nodes {
        if canBegin(with: scalar, node) { return true }
        if !node.isNullable { return false }
      }
      return true
    case .choice(let branches): return branches.contains { canBegin(with: scalar, $0) }
    case .repetition(let node, _, _, _): return canBegin(with: scalar, node)
    case .atomic(let node): return canBegin(with: scalar, node)
    // Nothing of what follows is known to be refused, nor is anything taken: the nodes after it decide.
    case .lookahead, .lineStart, .lineEnd, .textStart, .textEnd: return false
    }
  }

  /// Calls `found` with each match inside `range`, from the left. What lies outside of it does not exist.
  func forEachMatch(in text: Span<UInt8>, _ range: Range<Int>, _ ways: inout [WayBack], _ found: (Range<Int>) -> Void) {
    let text = text.extracting(range)
    var position = 0
    while position < text.count {
      if beginnings[Int(text[position])], let end = match(text, at: position, from: 0, &ways), end > position {
        found(range.lowerBound + position..<range.lowerBound + end)
        position = end
        continue
      }
      let first = position
      position += text.scalar(at: position).length
      if let leadingRun, sets[leadingRun].contains(text.scalar(at: first).value) {
        while position < text.count, case (let scalar, let length) = text.scalar(at: position),
          sets[leadingRun].contains(scalar)
        {
          position += length
        }
      }
    }
  }

  /// Where the match ends that begins at `start`, if there is one.
  private func match(_ text: Span<UInt8>, at start: Int, from firstStep: Int, _ ways: inout [WayBack]) -> Int? {
    let bottom = ways.count
    var position = start
    var step = firstStep
    while true {
      var fits = true
      switch steps[step] {
      case .done:
        ways.removeLast(ways.count - bottom)
        return position
      case .one(let set):
        if position < text.count, case (let scalar, let length) = text.scalar(at: position), sets[set].contains(scalar)
        {
          position &+= length
          step &+= 1
        } else {
          fits = false
        }
      case .run(let set, let minimum, let maximum, let greed):
        var count = 0
        let wanted = greed == .lazy ? minimum : maximum
        var least = position
        while count < wanted, position < text.count, case (let scalar, let length) = text.scalar(at: position),
          sets[set].contains(scalar)
        {
          position &+= length
          count &+= 1
          if count == minimum { least = position }
        }
        fits = count >= minimum
        step &+= 1
        if fits, greed == .greedy, position > least {
          ways.append(WayBack(step: step, position: position, minimum: least))
        } else if fits, greed == .lazy, maximum > minimum {
          ways.append(
            WayBack(step: step, position: position, minimum: position, lazySet: set, lazyCount: maximum - minimum))
        }
      case .either(let first, let second, let table):
        if table >= 0, position == text.count || !branchBeginnings[table &* 256 &+ Int(text[position])] {
          step = second
        } else {
          ways.append(WayBack(step: second, position: position, minimum: -1))
          step = first
        }
      case .jump(let target): step = target
      case .ahead(let next, let isNegative):
        fits = (match(text, at: position, from: step + 1, &ways) == nil) == isNegative
        step = next
      case .atomic(let next):
        if let end = match(text, at: position, from: step + 1, &ways) { position = end } else { fits = false }
        step = next
      case .lineStart:
        fits = position == 0 || (position < text.count && text[position - 1] == 10)
        step &+= 1
      case .lineEnd:
        fits = position == text.count || text[position] == 10
        step &+= 1
      case .textStart:
        fits = position == 0
        step &+= 1
      case .textEnd:
        fits = position == text.count
        step &+= 1
      }
      if fits { continue }
      goBack: while true {
        guard ways.count > bottom else { return nil }
        let last = ways.count - 1
        step = ways[last].step
        position = ways[last].position
        if ways[last].lazySet >= 0 {
          guard ways[last].lazyCount > 0, position < text.count,
            case (let scalar, let length) = text.scalar(at: position), sets[ways[last].lazySet].contains(scalar)
          else {
            ways.removeLast()
            continue goBack
          }
          position += length
          ways[last].position = position
          ways[last].lazyCount -= 1
        } else if ways[last].minimum < 0 {
          ways.removeLast()
        } else {
          position -= text.scalar(before: position).length
          ways[last].position = position
          if position <= ways[last].minimum { ways.removeLast() }
        }
        break
      }
    }
  }
}
