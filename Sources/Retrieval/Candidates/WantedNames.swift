import Kernels
import Primitives
import QueryLanguage
import Segments

/// The names whose definitions a query asks for, as bytes: what `DefinitionStep` compares every symbol with. Nearly
/// every symbol is rejected by a prefilter on the first bytes of its name. Built once for a query, and a value that
/// threads may share.
struct WantedNames: Sendable {
  /// What a name is to the query, the weightiest first.
  enum Role { case action, actionAndMore, joined, single }

  /// A name of a query of two words, of which the other may say where it is defined: `json loads`.
  private struct Member {
    var name: [UInt8]
    var holder: String
  }

  private struct Asked {
    var word: [UInt8]
    var text: [UInt8]
    /// Whether it is a word with a capital, which names a type or nothing: `Logger`.
    var isType = false
  }

  /// The names written in the query.
  private let asked: [Asked]
  private let actions: [[UInt8]]
  private let joined: [[UInt8]]
  private let single: [[UInt8]]
  private let members: [Member]
  private let qualifiers: Set<String>
  /// The last of them.
  private let closest: String?
  private var beginnings = TrigramPrefilter()
  /// Whether one word is all of the query.
  let isOneWord: Bool

  init(_ query: ParsedQuery) {
    let identifiers = query.terms.filter(\.isIdentifier)
    // Of `a.b.c` the last is asked for, the others say where it lies.
    let isOneWord = query.terms.count == 1 && !query.quotesSigns || query.signed != nil
    self.isOneWord = isOneWord
    // One word by itself is asked for as a name, whatever it looks like.
    let names =
      query.quotesSigns
      ? [] : query.shape == .symbol ? Array(identifiers.suffix(1)) : isOneWord ? query.terms : identifiers
    let types = query.shape == .symbol || isOneWord || query.isPasted ? [] : query.terms.filter(Self.isCapitalised)
    // What is called so but for its signs is another.
    let signed = query.signed.map { Asked(word: Array($0.symbol.utf8), text: Array($0.name.utf8)) }
    asked =
      signed.map { [$0] } ?? names.map { Asked(word: Array($0.word.utf8), text: Array($0.text.utf8)) }
      + types.map { Asked(word: Array($0.word.utf8), text: Array($0.text.utf8), isType: true) }
    qualifiers = query.shape == .symbol ? Set(query.terms.dropLast().map(\.word)) : []
    closest = query.shape == .symbol ? query.terms.dropLast().last?.word : nil
    actions = signed == nil ? query.actionNames.map { Array($0.utf8) } : []
    joined = signed == nil ? query.joinedNames.map { Array($0.utf8) } : []
    var single: [[UInt8]] = []
    for term in query.contentTerms where !term.isIdentifier && !term.isMessageHead {
      single.append(Array(term.word.utf8))
      if let variant = term.variants.first { single.append(Array(variant.utf8)) }
    }
    self.single = single
    let words = query.terms.map(\.word)
    let isPair =
      query.isOfTwoWords && words[0] != words[1] && !query.isCopied
      && (query.shape == .words || query.shape == .mixed)
      && query.terms.allSatisfy { !$0.isStopWord && $0.word.utf8.allSatisfy { $0 < 0x80 } }
    members =
      isPair
      ? [
        Member(name: Array(words[1].utf8), holder: words[0]), Member(name: Array(words[0].utf8), holder: words[1]),
      ] : []
    for name in asked { beginnings.insert(name.word.span) }
    for member in members { beginnings.insert(member.name.span) }
    for names in [actions, joined, single] { for name in names { beginnings.insert(name.span) } }
  }

  private static func isCapitalised(_ term: QueryTerm) -> Bool {
    let bytes = term.text.utf8
    return term.isPlainWord && bytes.count >= 3 && bytes.first.map { $0.isASCIIUppercase } ?? false
      && bytes.dropFirst().allSatisfy { $0.isASCIILowercase }
  }

  /// Whether the name of this number is that of a type alone, as it is written.
  func isType(_ number: Int) -> Bool { asked[number].isType }

  var isEmpty: Bool { beginnings.isEmpty }

  /// Puts `name` in lower case and gives the part of it that counts, its last name: some grammars give `Parser::read`
  /// or `M.read`. Nil if the name cannot be wanted, else the range of that part in `lower` and in `name`, which
  /// differ where letters are folded to others.
  func lastName(in name: Span<UInt8>, lowercased lower: inout [UInt8]) -> (lower: Range<Int>, written: Range<Int>)? {
    if name.isEmpty { return nil }
    var range = 0..<0
    var start = 0
    var all: UInt8 = 0
    for i in name.indices {
      all |= name[i]
      if Self.isSeparator(name[i]) { start = i + 1 } else { range = start..<(i + 1) }
    }
    if range.isEmpty { range = 0..<name.count }
    let isPlain = all < 0x80
    // Letters beyond ASCII may be capitals of any other.
    if isPlain, !beginnings.mayBegin(at: range.lowerBound, in: name), !beginnings.mayBegin(at: 0, in: name) {
      return nil
    }
    let written = range
    lower.removeAll(keepingCapacity: true)
    for i in name.indices { lower.append(name[i].asciiLowercased) }
    if !isPlain {
      // They change their length when they are folded; such names are rare.
      let head = FoldedText.folded(lower.span.extracting(0..<range.lowerBound))
      let own = FoldedText.folded(name.extracting(range))
      let tail = FoldedText.folded(lower.span.extracting(range.upperBound..<lower.count))
      lower = head + own + tail
      range = head.count..<(head.count + own.count)
    }
    return (range, written)
  }

  /// The numbers of the names in the query that a symbol is called by, whole or by its last name.
  func asked(_ lower: Span<UInt8>, _ range: Range<Int>) -> [Int] {
    if asked.isEmpty { return [] }
    return asked.indices.filter {
      lower.extracting(range).isEqual(to: asked[$0].word) || lower.isEqual(to: asked[$0].word)
    }
  }

  /// Whether `name` is spelt as in the query, capitals included.
  func isWritten(_ name: Span<UInt8>, as number: Int) -> Bool { name.isEqual(to: asked[number].text) }

  /// Whether one of the names around `symbol` was named before it in the query.
  func hasQualifier(around symbol: ChunkList.Symbol, in chunks: borrowing ChunkList) -> Bool {
    if qualifiers.isEmpty { return false }
    for i in symbol.enclosing where qualifiers.contains(chunks.string(chunks.enclosing[i]).lowercased()) { return true }
    return false
  }

  var hasQualifiers: Bool { !qualifiers.isEmpty }

  /// Whether the name before the last in the query tells where that one lies: not what code calls the object that it is
  /// in.
  var namesOtherThanOwn: Bool { closest.map { !["self", "this", "super", "cls", "me", "base"].contains($0) } ?? false }

  /// Whether a part of the file's path, an extension taken off, is one of the names before it in the query.
  func hasQualifier(in file: CandidateFile) -> Bool {
    file.path.bytes.split(whereSeparator: { "/.".utf8.contains($0) }).contains {
      qualifiers.contains(String(decoding: $0, as: UTF8.self).lowercased())
    }
  }

  /// Whether the file's name, without extensions, is one of the names before it in the query.
  func hasQualifier(asStemOf file: CandidateFile) -> Bool {
    qualifiers.contains(String(decoding: file.path.bytes[file.stem], as: UTF8.self).lowercased())
  }

  /// Whether the directory that the file lies in is called as the name before it in the query: a package of Go.
  func hasQualifier(asDirectoryOf file: CandidateFile) -> Bool {
    guard let closest else { return false }
    let directory = file.path.parent.lastComponent.bytes
    return directory.count == closest.utf8.count && directory.map(\.asciiLowercased).elementsEqual(closest.utf8)
  }

  /// Whether the innermost name around `symbol` is the one before it in the query.
  func hasQualifier(closestTo symbol: ChunkList.Symbol, in chunks: borrowing ChunkList) -> Bool {
    guard let closest, let innermost = symbol.enclosing.last else { return false }
    let name = chunks.string(chunks.enclosing[innermost]).lowercased()
    return name == closest || name.split(whereSeparator: { ".:\\#".contains($0) }).last.map { $0 == closest } ?? false
  }

  /// Whether the file's name ends with the name before it in the query: `os.path` is `posixpath`.
  func hasQualifier(atEndOfStemOf file: CandidateFile) -> Bool {
    guard let closest, closest.utf8.count >= 4 else { return false }
    return String(decoding: file.path.bytes[file.stem], as: UTF8.self).lowercased().hasSuffix(closest)
  }

  /// How surely `name`, lower-cased, is one word of a query of two of which the other is the type or the file that
  /// defines it: 1, or less for what a type of another name holds in that file; else 0.
  func membership(
    of name: Span<UInt8>, _ symbol: ChunkList.Symbol, in chunks: borrowing ChunkList, _ file: CandidateFile
  ) -> Float {
    for member in members where name.isEqual(to: member.name) {
      if let innermost = symbol.enclosing.last,
        chunks.string(chunks.enclosing[innermost]).lowercased() == member.holder
      {
        return 1
      }
      let range = file.traits.contains(.index) ? file.innermostDirectory : file.stem
      if String(decoding: file.path.bytes[range], as: UTF8.self).lowercased() == member.holder {
        return symbol.enclosing.isEmpty ? 1 : 0.6
      }
    }
    return 0
  }

  /// What `name`, lower-cased, is to the query.
  func role(of name: Span<UInt8>) -> Role? {
    for action in actions where name.isEqual(to: action) { return .action }
    for action in actions where name.hasPrefix(action.span) { return .actionAndMore }
    for wanted in joined where name.isEqual(to: wanted) { return .joined }
    for wanted in single where name.isEqual(to: wanted) { return .single }
    return nil
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "#")
  }
}
