import Disk
import Primitives
import Settings

/// A YAML file as a flat list of values. What configuration files have no use for and attacks do (aliases, keys that
/// are no words, deep nesting, huge texts) is an error that names the line.
enum YamlDocument {
  static let sizeLimit = 256 << 10
  static let depthLimit = 32
  static let valueLimit = 10_000
  static let nameByteLimit = 200

  /// The values of the file at `path`, in its order. Throws `invalid-configuration` with the line of a mistake.
  static func values(of path: FilePath) throws(Failure) -> [ForeignValue] {
    let bytes = try readFile(path, limit: sizeLimit).bytes
    do throws(Failure) { return try values(in: bytes) } catch {
      var failure = error
      failure.path = path
      throw failure
    }
  }

  static func values(in bytes: [UInt8]) throws(Failure) -> [ForeignValue] {
    let events = try YamlEvents(of: bytes)
    var builder = YamlBuilder()
    while true {
      let (event, line) = try events.next()
      if event == .end { return builder.values }
      try builder.take(event, line)
      guard builder.values.count <= valueLimit else {
        throw Failure(.invalidConfiguration, "line \(line): more than \(valueLimit) values, too many for settings")
      }
    }
  }
}

/// Puts the names around each value together.
private struct YamlBuilder {
  private enum Frame {
    /// A mapping, with the name whose value comes next.
    case mapping(name: String?)
    /// A list, with its scalar elements so far and the line it began on.
    case sequence(elements: [String], line: Int)
  }
  private(set) var values: [ForeignValue] = []
  private var frames: [Frame] = []
  private var documentCount = 0
  /// Of each open mapping, how many values there were before it and the line it began on.
  private var mappingStarts: [(count: Int, line: Int)] = []

  mutating func take(_ event: YamlEvent, _ line: Int) throws(Failure) {
    switch event {
    case .documentStart:
      documentCount += 1
      guard documentCount == 1 else { throw mistake(line, "a second document begins; a configuration is one document") }
    case .alias: throw mistake(line, "aliases (*name) are not read; write the value out")
    case .scalar(let text, let isPlain): try take(text, isPlain: isPlain, line)
    case .mappingStart:
      try open(.mapping(name: nil), line)
      mappingStarts.append((values.count, line))
    case .sequenceStart: try open(.sequence(elements: [], line: line), line)
    case .mappingEnd, .sequenceEnd: close(line)
    case .end: break
    }
  }

  private mutating func take(_ text: String, isPlain: Bool, _ line: Int) throws(Failure) {
    guard let frame = frames.last else { throw mistake(line, "this is a text and no list of settings") }
    // A plain `null` says that there is no value.
    let isMissing = isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
    switch frame {
    case .mapping(name: nil):
      guard text.utf8.count <= YamlDocument.nameByteLimit else { throw mistake(line, "a name is too long") }
      frames[frames.count - 1] = .mapping(name: text)
    case .mapping:
      values.append(ForeignValue(key: key, texts: isMissing ? [] : [text], line: line))
      finishValue()
    case .sequence(var elements, let start):
      elements.append(text)
      frames[frames.count - 1] = .sequence(elements: elements, line: start)
    }
  }

  private mutating func open(_ frame: Frame, _ line: Int) throws(Failure) {
    if case .mapping(name: nil)? = frames.last { throw mistake(line, "a name must be a word") }
    if frames.isEmpty, case .sequence = frame { throw mistake(line, "this is a list of values, not of settings") }
    guard frames.count < YamlDocument.depthLimit else {
      throw mistake(line, "nested more than \(YamlDocument.depthLimit) deep")
    }
    frames.append(frame)
  }

  private mutating func close(_ line: Int) {
    guard let frame = frames.popLast() else { return }
    if case .mapping = frame, let start = mappingStarts.popLast(), start.count == values.count, !frames.isEmpty {
      // A mapping of nothing is a setting too.
      values.append(ForeignValue(key: key, texts: [], line: start.line))
    }
    // A list of mappings has given its values already.
    if case .sequence(let elements, let start) = frame, !elements.isEmpty || values.last?.key.hasPrefix(key) != true {
      values.append(ForeignValue(key: key, texts: elements, line: start))
    }
    finishValue()
  }

  private mutating func finishValue() {
    if case .mapping? = frames.last { frames[frames.count - 1] = .mapping(name: nil) }
  }

  private var key: String {
    frames.compactMap { if case .mapping(let name) = $0 { name } else { nil } }.joined(separator: ".")
  }

  private func mistake(_ line: Int, _ message: String) -> Failure {
    Failure(.invalidConfiguration, "line \(line): " + message)
  }
}
