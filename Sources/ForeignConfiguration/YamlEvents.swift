import CYaml
import Primitives
import Settings

/// One step of a YAML text, as the parser gives it.
enum YamlEvent: Hashable {
  case scalar(String, isPlain: Bool)
  case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  case documentStart
  case alias
  case end
}

/// Takes a YAML text apart with libyaml's event parser. Holds the parser, whose address must not change.
@safe struct YamlEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// The text must stay where it is as long as the parser reads it.
  private let text: UnsafeMutableBufferPointer<UInt8>

  init(of bytes: [UInt8]) throws(Failure) {
    unsafe parser = .allocate(capacity: 1)
    unsafe text = .allocate(capacity: max(1, bytes.count))
    unsafe text.initialize(repeating: 0)
    for i in bytes.indices { unsafe text[i] = bytes[i] }
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      throw Failure(.inputOutput, "there is no memory for the YAML parser")
    }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  /// The next event and its line, from 1. Throws with line and column where the text is not YAML.
  func next() throws(Failure) -> (event: YamlEvent, line: Int) {
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw mistake() }
      defer { unsafe yaml_event_delete(&event) }
      let line = unsafe event.start_mark.line + 1
      switch unsafe event.type {
      case YAML_SCALAR_EVENT:
        let scalar = unsafe event.data.scalar
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
        return (unsafe .scalar(String(decoding: bytes, as: UTF8.self), isPlain: isPlain), Int(line))
      case YAML_SEQUENCE_START_EVENT: return (.sequenceStart, Int(line))
      case YAML_SEQUENCE_END_EVENT: return (.sequenceEnd, Int(line))
      case YAML_MAPPING_START_EVENT: return (.mappingStart, Int(line))
      case YAML_MAPPING_END_EVENT: return (.mappingEnd, Int(line))
      case YAML_DOCUMENT_START_EVENT: return (.documentStart, Int(line))
      case YAML_ALIAS_EVENT: return (.alias, Int(line))
      case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return (.end, Int(line))
      default: continue
      }
    }
  }

  /// What the parser says, and where: bytes that are not UTF-8 have an offset, everything else a line and a column.
  private func mistake() -> Failure {
    let problem = unsafe parser.pointee.problem
    let cause = unsafe problem.map { unsafe String(cString: $0) }
    let location: String
    if unsafe parser.pointee.error == YAML_READER_ERROR {
      let offset = unsafe min(parser.pointee.problem_offset, text.count)
      let lines = unsafe text.prefix(offset).count { $0 == UInt8(ascii: "\n") }
      location = "line \(lines + 1)"
    } else {
      let mark = unsafe parser.pointee.problem_mark
      location = "line \(mark.line + 1), column \(mark.column + 1)"
    }
    return Failure(.invalidConfiguration, "\(location): this is not valid YAML", cause: cause)
  }
}
