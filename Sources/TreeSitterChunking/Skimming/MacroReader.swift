import Primitives

/// Tells macros that only annotate from what they stand before, by how they are written and by what follows: a grammar
/// does not know macros, and takes `FOO_API` in `class FOO_API Name {` for the name, or loses its way. Looks a few
/// words ahead, never further than `reach`.
struct MacroReader {
  /// Bytes of a macro's arguments that are scanned for their end.
  private static let reach = 2_000
  /// Bytes of a comment behind a macro. A text may have one behind each word.
  private static let reachOfComment = 400

  /// Whether the text is C++, where a name and a parenthesis may begin a constructor.
  let isCpp: Bool

  // MARK: class A_MACRO Name {

  /// The macros between `class`, `struct`, `union` or `enum`, which ends at `position`, and the name of what is defined
  /// there. Empty where nothing is defined, or where there are none.
  func macros(behind position: Int, isEnum: Bool, _ source: Span<UInt8>) -> [Range<Int>] {
    guard mayHaveMacros(behind: position, source), let found = items(behind: position, source) else { return [] }
    var items = found.items
    let next = found.end
    while let last = items.last, Self.contextual.contains(where: { source.equals(last.bytes, $0) }) {
      items.removeLast()
    }
    guard items.count > 1, let name = items.last, !name.hasArguments, next < source.count else { return [] }
    switch source[next] {
    case .leftBrace: break
    case .colon where next + 1 < source.count && source[next + 1] != .colon:
      // A list of bases leads to a body, the width of a bit field to a semicolon.
      var end = next
      let limit = min(source.count, next + Self.reach)
      while end < limit, source[end] != .leftBrace, source[end] != .semicolon { end += 1 }
      guard end < limit, source[end] == .leftBrace else { return [] }
    case .lessThan where isCpp: break
    default: return []
    }
    return items.dropLast().map(\.bytes).filter { item in
      !(isEnum && (source.equals(item, "class") || source.equals(item, "struct")))
        && !Self.known.contains(where: { source.begins(item, with: $0) })
    }
  }

  /// The macros between `namespace`, which ends at `position`, and its brace, before the name, behind it or without one
  /// (`namespace std _GLIBCXX_VISIBILITY(default) {`). Empty where there are none.
  func macros(behindNamespace position: Int, _ source: Span<UInt8>) -> [Range<Int>] {
    guard let (items, next) = items(behind: position, source), next < source.count, source[next] == .leftBrace else {
      return []
    }
    // The name has no arguments, and where there is a choice it is no word of capitals.
    let name =
      items.lastIndex { !$0.hasArguments && !source.isCapitals($0.bytes) } ?? items.lastIndex { !$0.hasArguments }
    let others = items.indices.filter { $0 != name }.map { items[$0] }
    let areMacros = others.allSatisfy { item in
      source.isCapitals(item.bytes.lowerBound..<source.endOfIdentifier(at: item.bytes.lowerBound))
    }
    return areMacros ? others.map(\.bytes) : []
  }

  /// Up to six words with their arguments behind `position`, and where the first other thing stands; nil if an
  /// argument's end is not found.
  private func items(
    behind position: Int, _ source: Span<UInt8>
  ) -> (items: [(bytes: Range<Int>, hasArguments: Bool)], end: Int)? {
    var items: [(bytes: Range<Int>, hasArguments: Bool)] = []
    var next = source.endOfBlanks(position)
    while next < source.count, items.count < 6 {
      if source.begins(next..<source.count, with: "[[") {
        guard let close = source.firstOffset(of: "]]", from: next, before: min(source.count, next + 200)) else {
          return nil
        }
        items.append((next..<(close + 2), true))
        next = source.endOfBlanks(close + 2)
        continue
      }
      guard source.isIdentifier(at: next) || source[next] >= 0x80 else { break }
      var end = source.endOfIdentifier(at: next)
      // `a::b` is one name.
      while end + 2 < source.count, source[end] == .colon, source[end + 1] == .colon, source.isIdentifier(at: end + 2) {
        end = source.endOfIdentifier(at: end + 2)
      }
      var item = (bytes: next..<end, hasArguments: false)
      let open = source.endOfBlanks(end)
      if open < source.count, source[open] == .leftParenthesis {
        guard let close = endOfArguments(at: open, source) else { return nil }
        item = (next..<close, true)
        end = close
      }
      items.append(item)
      next = source.endOfBlanks(end)
    }
    return (items, next)
  }

  /// Whether more than a name comes before a body: nearly always not.
  private func mayHaveMacros(behind position: Int, _ source: Span<UInt8>) -> Bool {
    var next = source.endOfBlanks(position)
    guard next < source.count else { return false }
    if source[next] == .leftBracket { return true }
    next = source.endOfBlanks(source.endOfIdentifier(at: next))
    guard next < source.count else { return false }
    if source[next] == .leftParenthesis { return true }
    guard source.isIdentifier(at: next) else { return false }
    next = source.endOfBlanks(source.endOfIdentifier(at: next))
    guard next < source.count else { return false }
    return source[next] == .leftBrace || source[next] == .colon || source[next] == .lessThan
      || source[next] == .leftParenthesis
      || source.isIdentifier(at: next)
  }

  private static let contextual: [StaticString] = ["final", "sealed", "abstract", "override"]
  /// What the grammars know in this place.
  private static let known: [StaticString] = ["alignas", "__declspec", "__attribute__"]

  // MARK: FOO_API int f(void); and Q_OBJECT

  /// Where the macro ends whose word is `word`, its arguments included, if it is one that only annotates what comes
  /// next or stands alone on its line; nil if it is not.
  /// - Parameters:
  ///   - isFirst: it begins a statement or a declaration.
  ///   - isFirstOnLine: nothing stands before it on its line.
  ///   - isMember: it stands among the members of a class, a struct or a union, where a name alone means nothing.
  ///   - others: macros behind it on its line that are examined, since each must be one for this to be.
  func end(
    ofMacro word: Range<Int>, _ source: Span<UInt8>, isFirst: Bool, isFirstOnLine: Bool, isMember: Bool, others: Int = 4
  ) -> Int? {
    guard word.count >= 2, source.isUppercase(at: word.lowerBound) || source[word.lowerBound] == .underscore,
      source.isCapitals(word), !(word.upperBound < source.count && source[word.upperBound] == .colon)
    else { return nil }
    var end = word.upperBound
    let open = source.endOfSpaces(end)
    let hasArguments = open < source.count && source[open] == .leftParenthesis
    if hasArguments {
      guard let close = endOfArguments(at: open, source) else { return nil }
      end = close
    }
    let next = source.endOfSpaces(end)
    guard next < source.count else { return nil }
    if source.isIdentifier(at: next) {
      if makesDefinition(word, source) { return nil }
      let second = next..<source.endOfIdentifier(at: next)
      if Self.declaring.contains(where: { source.equals(second, $0) }) { return end }
      // `Q_OBJECT public:`
      if isFirst, isMember, Self.accesses.contains(where: { source.equals(second, $0) }) { return end }
      // `Q_OBJECT Q_DISABLE_COPY(A)`: the second stands alone.
      if isFirst, isMember, others > 0, word.count >= 3, source.isCapitals(second),
        self.end(
          ofMacro: second, source, isFirst: true, isFirstOnLine: isFirstOnLine, isMember: true, others: others - 1)
          != nil
      {
        return end
      }
      return isFirst && !hasArguments && isType(second, source) ? end : nil
    }
    guard isFirst, isFirstOnLine || isMember, word.count >= 3, !makesDefinition(word, source) else { return nil }
    switch source[next] {
    case .rightBrace where isMember: return end
    case .newline, .carriageReturn, .slash:
      return isComplete(behind: next, hasArguments: hasArguments, isKnown: hasArguments || isMember, source) ? end : nil
    default: return nil
    }
  }

  private static let accesses: [StaticString] = ["public", "private", "protected", "signals", "slots"]

  /// Whether a macro of this name defines what its arguments name.
  private func makesDefinition(_ word: Range<Int>, _ source: Span<UInt8>) -> Bool {
    if source.begins(word, with: "DECLARE_") { return true }
    return source.contains("DEFINE", in: word) || source.contains("TEST", in: word)
      || source.contains("BENCHMARK", in: word)
  }

  /// Whether `word` reads as the type of something that is named next: then what stood before it was none.
  private func isType(_ word: Range<Int>, _ source: Span<UInt8>) -> Bool {
    // `NAME const x`, `NAME operator new`
    for other: StaticString in ["const", "volatile", "operator"] where source.equals(word, other) { return false }
    var next = word.upperBound
    while next + 2 < source.count, source[next] == .colon, source[next + 1] == .colon, source.isIdentifier(at: next + 2)
    {
      next = source.endOfIdentifier(at: next + 2)
    }
    if isCpp, next < source.count, source[next] == .lessThan {
      var depth = 0
      let limit = min(source.count, next + 200)
      repeat {
        if source[next] == .lessThan { depth += 1 }
        if source[next] == .greaterThan { depth -= 1 }
        if source[next] == .semicolon || source[next] == .leftBrace { return false }
        next += 1
      } while next < limit && depth > 0
    }
    let end = next
    while next < source.count,
      source[next] == .space || source[next] == .tab || source[next] == .star || source[next] == .ampersand
    {
      next += 1
    }
    return next > end && next < source.count && source.isIdentifier(at: next)
      && !source[next].isASCIIDigit
  }

  /// Whether the line after `position` begins something new, so that the macro before it was a line of its own. A brace
  /// would be the body of a function that it makes; in C a name and a parenthesis are a function whose type it is.
  private func isComplete(behind position: Int, hasArguments: Bool, isKnown: Bool, _ source: Span<UInt8>) -> Bool {
    var next = position
    if source[next] == .slash, !(next + 1 < source.count && (source[next + 1] == .slash || source[next + 1] == .star)) {
      return false
    }
    // To what comes next, past comments.
    while next < source.count {
      if source[next] <= .space {
        next += 1
      } else if source.begins(next..<source.count, with: "//") {
        while next < source.count, source[next] != .newline { next += 1 }
      } else if source.begins(next..<source.count, with: "/*") {
        let limit = min(source.count, next + Self.reachOfComment)
        next += 3
        while next < limit, !(source[next] == .slash && source[next - 1] == .star) { next += 1 }
        if next >= limit { return false }
        next += 1
      } else {
        break
      }
    }
    guard next < source.count else { return true }
    switch source[next] {
    // Before a brace it may be the one value of an enumeration.
    case .rightBrace: return isKnown
    case .tilde, .hash, .leftBracket, .atSign: return true
    default:
      guard source.isIdentifier(at: next) || source[next] >= 0x80 else { return false }
      if isCpp { return true }
      let open = source.endOfSpaces(source.endOfIdentifier(at: next))
      return !(open < source.count && source[open] == .leftParenthesis && !hasArguments)
    }
  }

  /// Words that begin a declaration, or go on with one in a place where a name could not: what stands before them is
  /// neither a type nor a name.
  private static let declaring: [StaticString] = [
    "void", "int", "char", "unsigned", "signed", "long", "short", "float", "double", "bool", "static", "inline",
    "extern",
    "virtual", "class", "struct", "union", "enum", "namespace", "template", "typedef", "explicit", "constexpr",
    "friend",
    "using", "typename", "auto", "size_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "int8_t", "int16_t",
    "int32_t",
    "int64_t", "_Bool", "__inline", "__inline__",
  ]

  /// One past the parenthesis that closes the one at `open`; nil if that is far.
  private func endOfArguments(at open: Int, _ source: Span<UInt8>) -> Int? {
    var depth = 0
    var position = open
    let limit = min(source.count, open + Self.reach)
    while position < limit {
      switch source[position] {
      case .leftParenthesis: depth += 1
      case .rightParenthesis:
        depth -= 1
        if depth == 0 { return position + 1 }
      case .doubleQuote:
        position += 1
        while position < limit, source[position] != .doubleQuote, source[position] != .newline {
          position += source[position] == .backslash ? 2 : 1
        }
      case .semicolon, .leftBrace: return nil
      default: break
      }
      position += 1
    }
    return nil
  }

  // MARK: name! { items }

  /// Where the braces of a Rust macro begin and end that holds items: `cfg_x! { pub fn … }`. Nil for one that holds
  /// anything else.
  static func itemBraces(
    behind word: Range<Int>, _ source: Span<UInt8>, _ literals: SkimRules.Literals
  ) -> Range<Int>? {
    guard word.upperBound < source.count, source[word.upperBound] == .exclamationMark,
      !source.equals(word, "macro_rules")
    else {
      return nil
    }
    let open = source.endOfBlanks(word.upperBound + 1)
    guard open < source.count, source[open] == .leftBrace else { return nil }
    var next = source.endOfBlanks(open + 1)
    // Attributes and comments before the first item.
    while next < source.count, source[next] == .hash || source[next] == .slash {
      while next < source.count, source[next] != .newline { next += 1 }
      next = source.endOfBlanks(next)
    }
    guard next < source.count, source.isIdentifier(at: next) else { return nil }
    let first = next..<source.endOfIdentifier(at: next)
    guard items.contains(where: { source.equals(first, $0) }) else { return nil }
    let end = literals.endOfBraces(at: open, in: source)
    return source[end - 1] == .rightBrace ? open..<end : nil
  }

  private static let items: [StaticString] = [
    "pub", "fn", "struct", "enum", "union", "trait", "impl", "mod", "use", "const", "static", "type", "unsafe", "async",
    "extern",
  ]
}

extension Span<UInt8> {
  /// Past spaces, tabs and line ends.
  fileprivate func endOfBlanks(_ position: Int) -> Int {
    var position = position
    while position < count, self[position] <= .space { position += 1 }
    return position
  }

  /// Past spaces and tabs.
  fileprivate func endOfSpaces(_ position: Int) -> Int {
    var position = position
    while position < count, self[position] == .space || self[position] == .tab { position += 1 }
    return position
  }
}

extension SkimRules.Literals {
  /// One past the brace that closes the one at `open`, or the end of the text.
  func endOfBraces(at open: Int, in source: Span<UInt8>) -> Int {
    var depth = 0
    var position = open
    while position < source.count {
      let end = end(at: position, in: source)
      if end > position {
        position = end
        continue
      }
      if source[position] == .leftBrace { depth += 1 }
      if source[position] == .rightBrace {
        depth -= 1
        if depth == 0 { return position + 1 }
      }
      position += 1
    }
    return source.count
  }
}

extension SkimRules {
  /// Words of C code bases, those of kernels above all, that say how something is linked, checked or placed and nothing
  /// of what it is. They are macros, so the grammar does not know them and loses its way: in `static int __init
  /// setup(void)` it takes `__init` for the name. The skimmer leaves them out.
  static let cAnnotations: Set<String> = [
    "__init", "__exit", "__initdata", "__initconst", "__exitdata", "__initdata_or_module", "__init_or_module",
    "__refdata", "__ref",
    "__net_init", "__net_exit", "__net_initdata", "__meminit", "__meminitdata", "__cpuinit", "__devinit", "__devexit",
    "__devinitdata",
    "__init_memblock", "__initdata_memblock", "__paging_init", "__head", "__user", "__iomem", "__percpu", "__rcu",
    "__kernel",
    "__force", "__bitwise", "__nocast", "__private", "__safe", "__must_check", "__always_inline", "__always_unused",
    "__maybe_unused",
    "__used", "__unused", "__weak", "__cold", "__pure", "__hot", "__noreturn", "__noclone", "__deprecated", "__visible",
    "__malloc", "__sched", "__lockfunc", "__kprobes", "__read_mostly", "__ro_after_init", "__latent_entropy",
    "__randomize_layout",
    "__no_randomize_layout", "__packed", "__cacheline_aligned", "__cacheline_aligned_in_smp", "____cacheline_aligned",
    "____cacheline_aligned_in_smp", "__page_aligned_data", "__page_aligned_bss", "__irq_entry", "__softirq_entry",
    "__exception",
    "__no_sanitize_address", "__no_kasan_or_inline", "__no_kcsan", "__nonstring", "__designated_init", "__trace",
    "__cpuidle",
    "__flatten", "__mustcheck", "__THROW", "__nonnull", "__wur", "__printf", "__scanf", "__releases", "__acquires",
    "__must_hold",
    "__aligned", "__section", "__alloc_size", "__assume_aligned", "__counted_by", "__attribute_const__", "__bpf_kfunc",
    "asmlinkage", "notrace", "noinline", "noinline_for_stack", "nokprobe_inline", "noinstr", "__noinstr", "__ksym",
    "__weak_symbol",
  ]
}
