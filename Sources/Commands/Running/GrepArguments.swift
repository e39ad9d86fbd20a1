import CSystem
import Cairn
import Glibc
import LineSearch
import Patterns
import Primitives
import QueryLanguage
import Rendering

/// What the options of `cairn grep` come to.
struct GrepArguments {
  var search: LineSearchOptions
  var files: LineSearchFiles
  var print = LinePrintOptions()
  var showsStatistics = false
  /// Whether counts are of directories; nil where they are not summed up.
  var countsDirectories: Bool?
  /// Whether a pattern that is none of Rust's is one of Perl's.
  private(set) var usesPerlWhereNeeded = false

  private let arguments: ParsedArguments
  private var namesPaths = false

  init(_ arguments: ParsedArguments, directory: Path, _ terminal: Terminal) throws(CairnError) {
    self.arguments = arguments
    var operands = arguments.operands
    var sources = arguments.values(.grep(.pattern))
    for file in arguments.values(.grep(.patternFile)) { sources += try Self.patterns(in: file) }
    if sources.isEmpty, !arguments.has(.grep(.patternFile)) {
      guard !operands.isEmpty else {
        throw CairnError(.invalidArgument, "a pattern is missing: cairn grep PATTERN [PATH...]")
      }
      sources = [operands.removeFirst()]
    }
    if sources.isEmpty {
      throw CairnError(.invalidArgument, "the file of patterns holds none, so that nothing could match")
    }
    files = LineSearchFiles(directory: directory.filePath)
    search = LineSearchOptions(Pattern(sources))
    try readPattern()
    let hasReadInput = arguments.values(.grep(.patternFile)).contains([UInt8(ascii: "-")])
    files = try LineSearchFiles(arguments, paths: operands, directory: directory, prefersInput: !hasReadInput)
    namesPaths = !operands.isEmpty
    try readForm(terminal)
  }

  /// Reads standard input, if that is among what is searched: to its end, or as far as it can change what is shown.
  mutating func readInput(for pattern: CompiledPattern) throws(CairnError) {
    guard files.paths.contains(LineSearchFiles.inputPath) else { return }
    let run = LineSearchRun(pattern, search, threadCount: 1)
    let input = readAll(from: STDIN_FILENO, limit: 1 << 32) { run.isEnough($0) }
    guard let input else {
      throw CairnError(.inputOutput, "standard input could not be read, or is more than 4 GiB")
    }
    if !namesPaths, input.isEmpty, !arguments.has(.quiet) { StandardInput.tellThatItIsEmpty() }
    files.standardInput = input
  }

  /// Each is in place of lines, and the last one holds.
  private static let forms: Set<GrepOption> = [.count, .countMatches, .countBy, .filesWithMatches, .filesWithoutMatch]

  private static func saysForm(_ use: ParsedArguments.Use) -> Bool {
    if case .grep(let option) = use.option.meaning { return forms.contains(option) }
    return use.option.meaning == .json
  }

  private func has(_ option: GrepOption) -> Bool { arguments.has(.grep(option)) }

  /// The last of some options that exclude each other.
  private func last(_ options: Set<GrepOption>) -> GrepOption? {
    for use in arguments.uses.reversed() {
      if case .grep(let option) = use.option.meaning, options.contains(option) { return option }
    }
    return nil
  }

  private func number(_ option: GrepOption, _ spelling: String) throws(CairnError) -> Int? {
    guard let value = arguments.values(.grep(option)).last else { return nil }
    guard let number = UInt64(String(decoding: value, as: UTF8.self)) else {
      throw CairnError(.invalidArgument, "\(spelling) takes a number")
    }
    return Int(clamping: number)
  }

  private static func patterns(in file: [UInt8]) throws(CairnError) -> [[UInt8]] {
    let bytes: [UInt8]
    if file == [UInt8(ascii: "-")] {
      guard let all = readAll(from: STDIN_FILENO, limit: 64 << 20) else {
        throw CairnError(.inputOutput, "standard input could not be read, or is more than 64 MiB")
      }
      bytes = all
    } else {
      guard let all = readAll(file, limit: 64 << 20) else {
        throw CairnError(.notFound, "the file of patterns could not be read", path: Path(bytes: file))
      }
      bytes = all
    }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    if lines.last == [] { lines.removeLast() }
    return lines.map { $0.last == 0x0D ? Array($0.dropLast()) : $0 }
  }

  private mutating func readPattern() throws(CairnError) {
    switch last([.ignoreCase, .caseSensitive, .smartCase]) {
    case .ignoreCase: search.pattern.caseFolding = .ignored
    case .smartCase: search.pattern.caseFolding = .smart
    default: break
    }
    switch last([.word, .line]) {
    case .word: search.pattern.boundary = .word
    case .line: search.pattern.boundary = .line
    default: break
    }
    search.pattern.isFixed = has(.fixed)
    search.pattern.isPerl = has(.perl)
    if last([.perl, .engine]) == .engine {
      switch arguments.text(.engine) {
      case "default": search.pattern.isPerl = false
      case "pcre2": search.pattern.isPerl = true
      case "auto": (search.pattern.isPerl, usesPerlWhereNeeded) = (false, true)
      default: throw CairnError(.invalidArgument, "--engine takes default, pcre2 or auto")
      }
    }
    search.pattern.isMultiline = has(.multiline)
    search.pattern.dotMatchesAll = has(.multilineDotAll)
    search.pattern.crlf = has(.crlf)
    search.isInverted = has(.invert)
    search.isText = has(.text)
    search.searchesBinary = has(.binary) || arguments.uses.count { $0.option.meaning == .grep(.unrestricted) } > 2
    search.lineLimit = try number(.maximumCount, "--max-count")
    let context = try number(.context, "--context") ?? 0
    search.linesAfter = try number(.after, "--after-context") ?? context
    search.linesBefore = try number(.before, "--before-context") ?? context
    search.showsAll = has(.passThrough)
    search.replacement = arguments.values(.grep(.replace)).last
  }

  private mutating func readForm(_ terminal: Terminal) throws(CairnError) {
    let form = last(Self.forms)
    switch form {
    case .count: print.form = has(.onlyMatching) && !search.isInverted ? .matchCounts : .counts
    case .countMatches: print.form = search.isInverted ? .counts : .matchCounts
    case .countBy:
      print.form = .none
      switch arguments.text(.countBy) {
      case "directory", "dir": countsDirectories = true
      case "file": countsDirectories = false
      default: throw CairnError(.invalidArgument, "--count-by takes file or directory")
      }
    case .filesWithMatches: print.form = .filesFound
    case .filesWithoutMatch: print.form = .filesWithout
    default: break
    }
    if arguments.uses.last(where: Self.saysForm)?.option.meaning == .json { print.form = .json }
    let isQuiet = arguments.has(.quiet)
    if isQuiet, print.form == .lines || print.form == .counts || print.form == .matchCounts { print.form = .none }
    print.isVimgrep = has(.vimgrep)
    print.isOnlyMatching = has(.onlyMatching)
    print.hasColor = (terminal.usesColor || has(.pretty)) && print.form != .json
    print.isForTerminal = terminal.outputIsTerminal
    print.showsColumns = has(.column) || print.isVimgrep
    print.endsPathInNUL = has(.null)
    print.columnLimit = try number(.maximumColumns, "--max-columns").flatMap { $0 == 0 ? nil : $0 }
    print.previewsLongLines = has(.columnPreview)
    print.showsOffsets = has(.byteOffset)
    print.contextSeparator =
      switch last([.contextSeparator, .noContextSeparator]) {
      case .contextSeparator: Self.unescaped(arguments.values(.grep(.contextSeparator)).last ?? [])
      case .noContextSeparator: nil
      default: print.contextSeparator
      }
    if let text = arguments.values(.grep(.matchSeparator)).last { print.separatorOfFields = Self.unescaped(text) }
    if let text = arguments.values(.grep(.contextFieldSeparator)).last {
      print.contextSeparatorOfFields = Self.unescaped(text)
    }
    print.trims = has(.trim)
    print.crlf = has(.crlf)
    print.includesZero = has(.includeZero)
    print.hasContext = search.linesBefore > 0 || search.linesAfter > 0
    if search.showsAll { print.hasContext = false }
    let isTerminal = terminal.outputIsTerminal
    switch last([.heading, .noHeading, .pretty]) {
    case .heading, .pretty: print.hasHeading = true
    case .noHeading: print.hasHeading = false
    default: print.hasHeading = isTerminal
    }
    if print.isVimgrep { print.hasHeading = false }
    switch last([.lineNumber, .noLineNumber, .pretty]) {
    case .lineNumber, .pretty: print.showsNumbers = true
    case .noLineNumber: print.showsNumbers = false
    default: print.showsNumbers = isTerminal || print.showsColumns
    }
    showsStatistics = has(.statistics)
    let wantsLines = print.form == .lines || print.form == .json
    search.wantsLines = wantsLines
    search.needsAllFiles = print.form == .filesWithout || print.includesZero
    search.wantsNumbers = wantsLines && (print.showsNumbers || print.form == .json)
    search.isExistence =
      !showsStatistics && (print.form == .filesFound || print.form == .filesWithout || (isQuiet && print.form == .none))
    if !wantsLines { (search.linesBefore, search.linesAfter, search.showsAll) = (0, 0, false) }
    search.wantsMatches =
      print.form == .matchCounts || print.form == .json || showsStatistics
      || wantsLines
        && (print.hasColor || print.showsColumns || print.isOnlyMatching || search.replacement != nil)
  }

  /// Whether the path of a file is before its lines, where so many files may be searched.
  func showsPath(areMany: Bool) -> Bool {
    switch last([.withPath, .withoutPath]) {
    case .withPath: true
    case .withoutPath: false
    default: areMany || print.isVimgrep
    }
  }
}

extension ParsedArguments {
  /// The last value of an option, as text.
  fileprivate func text(_ option: GrepOption) -> String {
    String(decoding: values(.grep(option)).last ?? [], as: UTF8.self)
  }
}

extension GrepArguments {
  /// `\n`, `\t`, `\0`, `\\` and `\x7F` in a separator stand for what they do in programs.
  private static func unescaped(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.first else {
        bytes.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "0"): bytes.append(0)
      case UInt8(ascii: "\\"): bytes.append(byte)
      case UInt8(ascii: "x"):
        guard let code = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16), rest.count > 2
        else {
          bytes.append(byte)
          continue
        }
        bytes.append(code)
        rest.removeFirst(2)
      default:
        bytes.append(byte)
        continue
      }
      rest.removeFirst()
    }
    return bytes
  }
}

extension LineSearchFiles {
  /// What the options of `cairn grep` and `cairn files` say of the files that are searched.
  ///
  /// - Parameters:
  ///   - prefersInput: whether that is searched where no path is named, and it is a pipe or a file.
  init(
    _ arguments: ParsedArguments, paths: [[UInt8]], directory: Path, prefersInput: Bool = false
  ) throws(CairnError) {
    self.init(directory: directory.filePath)
    self.paths = paths
    let folds = arguments.has(.grep(.foldsGlobCase))
    for use in arguments.uses {
      switch use.option.meaning {
      case .grep(.glob): globs.append((use.value, folds))
      case .grep(.globFoldingCase): globs.append((use.value, true))
      default: break
      }
    }
    let unrestricted = arguments.uses.count { $0.option.meaning == .grep(.unrestricted) }
    includesHidden = arguments.has(.grep(.hidden)) || unrestricted > 1
    obeysIgnoreFiles = !arguments.has(.grep(.noIgnore)) && unrestricted == 0
    followsLinks = arguments.has(.grep(.follow))
    languages = Self.filter(try arguments.languages(.grep(.language), "--lang"))
    excludedLanguages = Self.filter(try arguments.languages(.grep(.excludedLanguage), "--not-lang"))
    try readLimits(arguments)
    if let root = arguments.values(.root).last {
      globRoot = root
      self.paths = paths.isEmpty ? [root] : paths.map { Self.path($0, in: root) }
    } else if prefersInput, paths.isEmpty, StandardInput.isReadable {
      self.paths = [Self.inputPath]
      if !arguments.has(.quiet) { StandardInput.tellWhereItIsAwaited() }
    }
  }

  fileprivate static let inputPath = [UInt8(ascii: "-")]

  private static func path(_ path: [UInt8], in root: [UInt8]) -> [UInt8] {
    if path.first == UInt8(ascii: "/") || path == inputPath { return path }
    return root.last == UInt8(ascii: "/") ? root + path : root + [UInt8(ascii: "/")] + path
  }

  private mutating func readLimits(_ arguments: ParsedArguments) throws(CairnError) {
    if arguments.has(.grep(.maximumDepth)) {
      guard let limit = UInt64(arguments.text(.maximumDepth)) else {
        throw CairnError(.invalidArgument, "--max-depth takes a number")
      }
      depthLimit = Int(clamping: limit)
    }
    if arguments.has(.grep(.maximumFileSize)) {
      guard let limit = Self.byteCount(arguments.text(.maximumFileSize)) else {
        throw CairnError(.invalidArgument, "--max-filesize takes a number of bytes, or 10K, 10M, 10G")
      }
      byteCountLimit = limit
    }
    guard let use = arguments.uses.last(where: { [.grep(.sort), .grep(.reverseSort)].contains($0.option.meaning) })
    else { return }
    isReversed = use.option.meaning == .grep(.reverseSort)
    switch String(decoding: use.value, as: UTF8.self) {
    case "path": order = .paths
    case "none": (order, isReversed) = (.paths, false)
    case "modified": order = .times
    default:
      throw CairnError(
        .invalidArgument, "\(use.spelling) takes path or modified; files come in the order of their paths")
    }
  }

  private static func byteCount(_ text: String) -> Int? {
    let shift = ["K": 10, "M": 20, "G": 30][text.suffix(1).uppercased()]
    guard let number = Int(shift == nil ? text[...] : text.dropLast()), number >= 0 else { return nil }
    let (count, isOver) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    return isOver ? .max : count
  }

  private static func filter(_ names: [String]) -> LanguageFilter? {
    names.isEmpty ? nil : LanguageFilter(names: names)
  }
}

/// What `cairn grep` reads where no path is named.
private enum StandardInput {
  /// Whether it is a pipe, a socket or a file, and no terminal and nothing.
  static var isReadable: Bool {
    var status = stat()
    guard unsafe fstat(STDIN_FILENO, &status) == 0 else { return false }
    return [S_IFREG, S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  /// Says what is awaited, if it does not come within two seconds: a program may have been started with a pipe that
  /// nobody writes to. Who sits at a terminal knows it.
  static func tellWhereItIsAwaited() {
    if isatty(STDERR_FILENO) != 0 { return }
    var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&wait, 1, 2_000) == 0 else { return }
    tell("cairn: note: standard input is a pipe and is searched; \(advice)")
  }

  static func tellThatItIsEmpty() { tell("cairn: note: standard input, which was searched, is empty; \(advice)") }

  private static let advice = "name a path, such as . for the current directory, to search files"
}
