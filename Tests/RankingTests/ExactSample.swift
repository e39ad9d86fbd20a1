import Primitives

/// A query whose answer is known because its text stands in one file of a corpus, with the place that answers it.
struct ExactSample: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    /// A word, a name as code writes it, that one file holds as a whole word.
    case word, identifier
    /// The name of the one definition of that name, which other files use too: of one word, or of several.
    case definition
    case compoundDefinition = "compound definition"
    /// The name of a file and the one name of that spelling that is defined in it, as people ask for a module's
    /// function: `json loads`.
    case member
    /// The text of a string literal of at least four words, as it stands in the code.
    case message
    case quotedMessage = "quoted message"
    /// The same as a program prints it: holes filled, with what a log writes around it.
    case printedMessage = "printed message"
    /// A line of code whose words are all common, but not in this order.
    case codeLine = "line of code"
    /// A command line's option, a dotted or dashed key in quotation marks, a file with a line.
    case option, key
    case fileLine = "file and line"
  }

  var kind: Kind
  var query: String
  var file: String
  /// The lines of `file` that hold it, or that define it.
  var lines: Set<Int>
  /// The number of its draw. Those of even draws are looked at to mend the ranking, those of odd draws are only
  /// counted.
  var draw: Int
  var isForTuning: Bool { draw.isMultiple(of: 2) }
}

/// Draws samples from the files of a corpus with a plain scan of its own: nothing of the index is asked but which files
/// it holds.
struct ExactSampler {
  /// Where something stands: in how many files, and the lines of the last of them.
  private struct Occurrences {
    var fileCount = 0
    var lastFile = -1
    var lines: Set<Int> = []
    var spelling = ""

    mutating func add(file: Int, line: Int, spelling: String) {
      if lastFile != file {
        fileCount += 1
        lastFile = file
        lines = []
        self.spelling = spelling
      }
      lines.insert(line)
    }
  }

  private var files: [String] = []
  private var words: [String: Occurrences] = [:]
  private var definitions: [String: (count: Int, file: Int, line: Int, spelling: String)] = [:]
  private var options: [String: Occurrences] = [:]
  private var keys: [String: Occurrences] = [:]
  private var quotedKeys: Set<String> = []
  private var fileNames: Set<String> = []
  private var moduleNames: Set<String> = []
  private var literals: [(text: String, file: Int, line: Int)] = []
  /// The files of four words that follow each other: the number of the first, or -1 for several.
  private var runs: [UInt64: Int] = [:]
  private var lineCounts: [Int] = []
  /// Trimmed lines of code: how often each stands, and where last.
  private var codeLines: [String: (count: Int, file: Int, line: Int)] = [:]
  /// Names and words of few files, which a program may fill into a message.
  private var values: [String] = []

  /// - Parameter texts: the files' paths and bytes, in the order of their paths.
  init(_ texts: [(path: String, bytes: [UInt8])]) {
    for (path, bytes) in texts {
      files.append(path)
      fileNames.insert(path.split(separator: "/").last.map(String.init) ?? path)
      // A dotted key that names a module leads to the module's file (`xml.sax.expatreader`).
      var names = path.split(separator: "/").map(String.init)
      names[names.count - 1] = names[names.count - 1].split(separator: ".").first.map(String.init) ?? ""
      for first in names.indices { moduleNames.insert(names[first...].joined(separator: ".")) }
      scan(bytes, file: files.count - 1, kind: path.split(separator: ".").last.map { $0.lowercased() } ?? "")
    }
    values = words.values.filter { found in
      found.fileCount <= 3 && (5...20).contains(found.spelling.count) && found.spelling.first.map(\.isLetter) ?? false
    }
    .map(\.spelling).sorted()
  }

  // MARK: Drawing

  /// At most `limit` samples of `kind`, the same for the same files.
  func draw(_ kind: ExactSample.Kind, limit: Int) -> [ExactSample] {
    switch kind {
    case .word: drawWords(kind, limit) { $0.allSatisfy(\.isLetter) && !Self.isCamel($0) && $0.count >= 4 }
    case .identifier:
      drawWords(kind, limit) { name in
        name.count >= 5 && !(name.first?.isNumber ?? true)
          && (Self.isCamel(name) || name.trimmed("_").contains("_")) && name.contains { $0.isLetter }
      }
    case .definition: drawDefinitions(kind, limit) { $0.allSatisfy(\.isLetter) && !Self.isCamel($0) }
    case .compoundDefinition: drawDefinitions(kind, limit) { Self.isCamel($0) || $0.trimmed("_").contains("_") }
    case .member:
      drawDefinitions(kind, .max) { $0.allSatisfy(\.isLetter) }.compactMap { sample in
        let stem = sample.file.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
        guard stem.count >= 3, stem.allSatisfy(\.isLetter), stem.lowercased() != sample.query.lowercased() else {
          return nil
        }
        var member = sample
        member.query = "\(stem) \(sample.query)"
        return member
      }.prefix(limit).map { $0 }
    case .message: drawMessages(kind, limit) { text, _ in text.contains(where: Self.isHole) ? nil : text }
    case .quotedMessage:
      drawMessages(kind, limit) { text, _ in text.contains(where: Self.isHole) ? nil : "\"\(text)\"" }
    case .printedMessage:
      drawMessages(kind, limit) { text, number in
        text.contains(where: Self.isHole) ? printed(text, number) : nil
      }
    case .codeLine: drawCodeLines(limit)
    case .option: drawOccurrences(options, kind, limit)
    case .key:
      drawOccurrences(
        keys.filter { key, _ in
          quotedKeys.contains(key) && !fileNames.contains(key) && !moduleNames.contains(key)
        }, kind, limit)
    case .fileLine: drawLines(limit)
    }
  }

  private func random(_ kind: ExactSample.Kind) -> SeededRandom {
    SeededRandom(seed: 20_261_128 + UInt64(ExactSample.Kind.allCases.firstIndex(of: kind) ?? 0))
  }

  private func drawWords(_ kind: ExactSample.Kind, _ limit: Int, where isWanted: (String) -> Bool) -> [ExactSample] {
    var random = random(kind)
    let known = words.values.filter { $0.fileCount == 1 && isWanted($0.spelling) }
      .sorted { $0.spelling < $1.spelling }.shuffled(using: &random)
    return known.prefix(limit).enumerated().map { i, found in
      ExactSample(kind: kind, query: found.spelling, file: files[found.lastFile], lines: found.lines, draw: i)
    }
  }

  private func drawDefinitions(
    _ kind: ExactSample.Kind, _ limit: Int, where isWanted: (String) -> Bool
  ) -> [ExactSample] {
    var random = random(kind)
    let known = definitions.filter { name, found in
      found.count == 1 && isWanted(found.spelling) && name.count >= 3 && (words[name]?.fileCount ?? 0) >= 2
    }
    .map(\.value).sorted { $0.spelling < $1.spelling }.shuffled(using: &random)
    return known.prefix(limit).enumerated().map { i, found in
      ExactSample(kind: kind, query: found.spelling, file: files[found.file], lines: [found.line], draw: i)
    }
  }

  private func drawMessages(
    _ kind: ExactSample.Kind, _ limit: Int, _ query: (_ text: String, _ number: Int) -> String?
  ) -> [ExactSample] {
    var random = random(kind)
    var samples: [ExactSample] = []
    var drawn: Set<String> = []
    for literal in literals.shuffled(using: &random) where samples.count < limit && drawn.insert(literal.text).inserted
    {
      guard let query = query(literal.text, samples.count), standsInOneFile(literal.text, literal.file) else {
        continue
      }
      samples.append(
        ExactSample(
          kind: kind, query: query, file: files[literal.file],
          lines: Set(literals.filter { $0.text == literal.text }.map(\.line)), draw: samples.count))
    }
    return samples
  }

  private func drawOccurrences(
    _ known: [String: Occurrences], _ kind: ExactSample.Kind, _ limit: Int
  ) -> [ExactSample] {
    var random = random(kind)
    let once = known.filter { $0.value.fileCount == 1 }.sorted { $0.key < $1.key }.shuffled(using: &random)
    return once.prefix(limit).enumerated().map { i, found in
      ExactSample(
        kind: kind, query: found.key, file: files[found.value.lastFile], lines: found.value.lines, draw: i)
    }
  }

  private func drawLines(_ limit: Int) -> [ExactSample] {
    var random = random(.fileLine)
    return (0..<(files.isEmpty ? 0 : limit)).map { i in
      let file = Int.random(in: files.indices, using: &random)
      let line = Int.random(in: 1...max(1, lineCounts[file]), using: &random)
      let query = i % 3 == 0 ? "\(files[file]):\(line):5" : "\(files[file]):\(line)"
      return ExactSample(kind: .fileLine, query: query, file: files[file], lines: [line], draw: i)
    }
  }

  private func drawCodeLines(_ limit: Int) -> [ExactSample] {
    var random = random(.codeLine)
    let least = max(4, files.count / 60)
    let known = codeLines.filter { text, found in
      guard found.count == 1, (12...120).contains(text.utf8.count) else { return false }
      let words = Self.words(in: Array(text.utf8)).map { $0.lowercased() }
      return words.count >= 4 && Set(words).count >= 3 && words.allSatisfy { (self.words[$0]?.fileCount ?? 0) >= least }
    }
    .sorted { $0.key < $1.key }.shuffled(using: &random)
    return known.lazy.filter { standsInOneFile($0.key, $0.value.file) }.prefix(limit).enumerated().map { i, found in
      ExactSample(
        kind: .codeLine, query: found.key, file: files[found.value.file], lines: [found.value.line], draw: i)
    }
  }

  /// Whether four words of `text` without a hole between them follow each other in `file` alone.
  private func standsInOneFile(_ text: String, _ file: Int) -> Bool {
    for part in text.split(whereSeparator: Self.isHole) {
      let hashes = Self.words(in: Array(part.utf8)).map { Self.hash($0.lowercased()) }
      for start in hashes.indices.dropLast(3) where runs[Self.hash(hashes[start..<(start + 4)])] == file { return true }
    }
    return false
  }

  // MARK: Scanning

  private mutating func scan(_ bytes: [UInt8], file: Int, kind: String) {
    var previous: [UInt64] = []
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let found = Self.words(in: Array(line))
      for word in found {
        let lower = word.lowercased()
        words[lower, default: Occurrences()].add(file: file, line: number, spelling: word)
        previous.append(Self.hash(lower))
        if previous.count < 4 { continue }
        previous.removeFirst(previous.count - 4)
        let run = Self.hash(previous[...])
        if let known = runs[run], known != file { runs[run] = -1 } else { runs[run] = file }
      }
      if line.count > 400 { continue }
      let text = String(decoding: line, as: UTF8.self)
      let trimmed = text.trimmed(" \t\r")
      if Self.codeKinds.contains(kind), trimmed.utf8.count >= 12, !"#/*-\"".contains(trimmed.first ?? "#") {
        codeLines[trimmed] = ((codeLines[trimmed]?.count ?? 0) + 1, file, number)
      }
      scanOptionsAndLiterals(trimmed, file: file, line: number, isCode: Self.codeKinds.contains(kind))
      guard let name = Self.definedName(in: trimmed, kind: kind) else { continue }
      let lower = name.lowercased()
      let known = definitions[lower]
      definitions[lower] = (
        (known?.count ?? 0) + (Self.isDefinition(trimmed, kind: kind) ? 1 : 2), file, number, name
      )
    }
    lineCounts.append(max(1, bytes.last == UInt8(ascii: "\n") ? number - 1 : number))
  }

  private mutating func scanOptionsAndLiterals(_ line: String, file: Int, line number: Int, isCode: Bool) {
    for token in line.split(whereSeparator: { " \t\"'`(),=[]<>:;|{}".contains($0) }) {
      guard token.hasPrefix("--"), token.count >= 6, token.dropFirst(2).contains("-"), token.last != "-",
        token.dropFirst(2).first?.isLowercase ?? false,
        token.dropFirst(2).allSatisfy({ $0.isASCII && ($0.isLowercase || $0 == "-") })
      else { continue }
      options[String(token), default: Occurrences()].add(file: file, line: number, spelling: String(token))
    }
    for token in line.split(whereSeparator: { " \t\"'`(),=[]<>:;|{}@/".contains($0) }) {
      var token = token
      while let last = token.last, last == "." { token = token.dropLast() }
      if Self.isKey(String(token)) {
        keys[String(token), default: Occurrences()].add(file: file, line: number, spelling: String(token))
      }
    }
    guard isCode, !line.hasPrefix("\"\"\""), !line.hasPrefix("'''") else { return }
    for quote in ["\"", "'"] as [Character] where line.contains(quote) {
      let parts = line.split(separator: quote, omittingEmptySubsequences: false)
      if parts.count.isMultiple(of: 2) { continue }
      for i in stride(from: 1, to: parts.count, by: 2) {
        let text = String(parts[i])
        if Self.isKey(text) { quotedKeys.insert(text) }
        guard text.count >= 15, text.count <= 160, !text.contains("\\"), !text.contains("\""),
          text.allSatisfy(\.isASCII),
          Self.wordCount(of: text) >= 4, text.first.map({ $0.isLetter || Self.isHole($0) }) ?? false
        else { continue }
        literals.append((text, file, number))
      }
    }
  }

  private static func isKey(_ text: String) -> Bool {
    text.count >= 5 && text.count <= 50 && text.contains { ".-".contains($0) }
      && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || "._-".contains($0)) }
      && text.split { ".-_".contains($0) }.count >= 2 && (text.first?.isLetter ?? false)
      && (text.last?.isLetter ?? false)
  }

  private static let codeKinds: Set = [
    "py", "go", "rs", "rb", "php", "js", "ts", "hpp", "ipp", "cpp", "lua", "java",
  ]

  /// Runs of ASCII letters, digits and `_`; those beside letters beyond ASCII are left out.
  private static func words(in line: [UInt8]) -> [String] {
    var found: [String] = []
    var start = 0
    var isPlain = true
    for i in 0...line.count {
      let byte = i < line.count ? line[i] : 0x20
      let isOfWord =
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
        || byte >= 0x80
      if isOfWord {
        if byte >= 0x80 { isPlain = false }
        continue
      }
      if isPlain, i - start >= 1, i - start <= 60 { found.append(String(decoding: line[start..<i], as: UTF8.self)) }
      start = i + 1
      isPlain = true
    }
    return found
  }

  private static func wordCount(of text: String) -> Int {
    text.split(whereSeparator: isHole).reduce(0) { most, part in
      max(
        most, part.split(separator: " ").count { $0.count > 1 && $0.allSatisfy { $0.isLetter || ",.:;'".contains($0) } }
      )
    }
  }

  private static func isCamel(_ name: String) -> Bool {
    name.dropFirst().contains(where: \.isUppercase) && name.contains(where: \.isLowercase)
  }

  /// FNV-1a.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
  private static func hash(_ numbers: ArraySlice<UInt64>) -> UInt64 {
    numbers.reduce(7) { ($0 ^ $1) &* 0x9E37_79B9_7F4A_7C15 &+ ($0 >> 29) }
  }

  // MARK: Holes

  private static func isHole(_ character: Character) -> Bool { "%{}#$".contains(character) }

  /// `text` as a program would print it, with what logs and interpreters write before it.
  private func printed(_ text: String, _ number: Int) -> String {
    func name(_ step: Int) -> String {
      self.values.isEmpty
        ? "frobnicate" : self.values[(number &* 7919 &+ step &* 104_729) % self.values.count]
    }
    let values = [
      "42", "config.yaml", name(1), "/var/tmp/x1", "'\(name(2))'", "10.0.0.7", name(3), files[number % files.count],
      "\"\(name(4))\"",
    ]
    var filled = ""
    var value = number
    var rest = text[...]
    while let next = rest.first {
      rest = rest.dropFirst()
      if "#$".contains(next), rest.first == "{" { continue }
      if next == "{", let end = rest.firstIndex(of: "}") {
        rest = rest[rest.index(after: end)...]
      } else if next == "%", let end = rest.firstIndex(where: { $0.isLetter }) {
        // `%(name)s` has its letter behind the bracket.
        var end = end
        if rest.first == "(", let close = rest.firstIndex(of: ")") { end = rest.index(after: close) }
        rest = end < rest.endIndex ? rest[rest.index(after: end)...] : ""
      } else {
        filled.append(next)
        continue
      }
      filled += values[value % values.count]
      value += 1
    }
    let before = ["", "ERROR: ", "2026-03-01 12:00:01,123 WARNING [main] ", "RuntimeError: ", "[worker-3] fatal: "]
    return before[number % before.count] + filled
  }

  // MARK: Definitions

  /// Whether a line is a definition that is drawn; another that `definedName` knows only makes a name's one definition
  /// doubtful.
  private static func isDefinition(_ line: String, kind: String) -> Bool { name(behindKeywordOf: line, kind) != nil }

  private static func definedName(in line: String, kind: String) -> String? {
    if let name = name(behindKeywordOf: line, kind) { return name }
    // Methods without a keyword, and assignments.
    let isBraced = ["js", "ts", "java", "hpp", "ipp", "cpp", "php"].contains(kind)
    if isBraced, line.hasSuffix("{") || line.hasSuffix(")"), let open = line.firstIndex(of: "("),
      let name = words(in: Array(line[..<open].utf8)).last, line[..<open].hasSuffix(name)
    {
      return ["if", "for", "while", "switch", "catch", "return"].contains(name) ? nil : name
    }
    if let equals = line.firstIndex(of: "=") {
      let left = line[..<equals].trimmed(" :")
      if let name = words(in: Array(left.utf8)).last, left.hasSuffix(name) { return name }
    }
    if isBraced, let colon = line.firstIndex(of: ":"), let name = words(in: Array(line[..<colon].utf8)).first {
      return line.hasPrefix(name + ":") ? name : nil
    }
    return nil
  }

  private static func name(behindKeywordOf line: String, _ kind: String) -> String? {
    guard let (modifiers, keywords) = grammar[kind] else { return nil }
    var rest = line[...]
    while let modifier = modifiers.first(where: { rest.hasPrefix($0) }) { rest = rest.dropFirst(modifier.count) }
    guard let keyword = keywords.first(where: { rest.hasPrefix($0) }) else { return nil }
    rest = rest.dropFirst(keyword.count)
    if kind == "go", rest.first == "(", let close = rest.firstIndex(of: ")") {
      rest = rest[rest.index(after: close)...].drop { $0 == " " }
    }
    if kind == "rb", rest.hasPrefix("self.") { rest = rest.dropFirst(5) }
    if kind == "rb", keyword != "def ", rest.contains("::") { return nil }
    let head = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_.:".contains($0)) }
    guard let name = head.split(whereSeparator: { ".:".contains($0) }).last else { return nil }
    if kind != "lua", head.contains(".") { return nil }
    let after = rest.dropFirst(head.count).trimmed(" ")
    if kind == "hpp" || kind == "ipp", !(after.isEmpty || after == "{" || after.hasPrefix(":")) { return nil }
    if head.hasSuffix(":"), kind != "py" { return nil }
    return String(name)
  }

  private static let grammar: [String: (modifiers: [String], keywords: [String])] = [
    "py": (["async "], ["def ", "class "]),
    "go": ([], ["func ", "type "]),
    "rs": (["pub ", "pub(crate) ", "async ", "unsafe ", "const "], ["fn ", "struct ", "enum ", "trait "]),
    "rb": ([], ["def ", "class ", "module "]),
    "php": (
      ["public ", "private ", "protected ", "static ", "final ", "abstract "],
      ["function ", "class ", "interface ", "trait "]
    ),
    "js": (["export ", "default ", "async "], ["function ", "class "]),
    "ts": (["export ", "default ", "declare ", "async "], ["function ", "class ", "interface ", "type "]),
    "lua": (["local "], ["function "]),
    "java": (
      ["public ", "private ", "protected ", "static ", "final ", "abstract "], ["class ", "interface ", "enum "]
    ),
    "hpp": ([], ["class ", "struct "]), "ipp": ([], ["class ", "struct "]),
  ]
}

extension StringProtocol {
  /// Without the characters of `set` at both ends.
  fileprivate func trimmed(_ set: String) -> String {
    var text = Substring(self)
    while let first = text.first, set.contains(first) { text = text.dropFirst() }
    while let last = text.last, set.contains(last) { text = text.dropLast() }
    return String(text)
  }
}
