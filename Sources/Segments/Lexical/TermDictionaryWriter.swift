/// Writes the distinct byte strings of all terms in their order, each with the posting lists of its fields, in blocks
/// of 32 strings whose lists follow at once.
///
/// | bytes of a block | what |
/// |---|---|
/// | varint | the byte count of the entries |
/// | ... | the entries |
/// | ... | the posting lists that the entries speak of, in their order (`PostingWriter`) |
///
/// | bytes of an entry | what |
/// |---|---|
/// | ... | the string (`FrontCoding`); the first of a block shares nothing |
/// | 1 | 2 low bits: form of the word's list; 2 bits: form of the definition's list (below); 4 bits: detail |
/// | for the word | form 1: varint chunk number; form 2: if detail is 0, varint number of postings, varint byte count |
/// | for the definition | form 1: varint chunk number; form 2: varint number of postings, varint byte count |
///
/// Form 0 is no list, 1 a list of one posting that is here (its frequency code is the detail for a word, 0 for a
/// definition), 2 a list behind the entries, 3 a definition in the one chunk that form 1 gives for the word. The detail
/// of a list of 2 to 15 postings of a word is their number, and so many varints are its bytes.
///
/// | bytes of the index, for each block | what |
/// |---|---|
/// | 8 | the first 8 bytes of its first string, filled with zeros, as a big-endian number (written little endian) |
/// | 8 | u64: where the block begins |
struct TermDictionaryWriter {
  static let blockSize = 32
  static let indexEntryByteCount = 16

  enum Form {
    static let none: UInt8 = 0
    static let one: UInt8 = 1
    static let list: UInt8 = 2
    static let same: UInt8 = 3
  }

  /// Bytes to be appended to the section; the caller takes them whenever it likes.
  var output: [UInt8] { blocks.output }
  private var blocks = EntryBlockWriter()
  private(set) var index: [UInt8] = []
  /// Distinct strings so far.
  private(set) var count = 0
  private var previous: [UInt8] = []
  private var postings = PostingWriter()

  init() {}

  /// Adds a string, which sorts after the one added last, with its two lists, of which one may be empty.
  mutating func add(
    _ string: Span<UInt8>, words: PostingRun, definitions: PostingRun, lengths: [UInt8]
  ) {
    if count % Self.blockSize == 0 {
      blocks.finishBlock()
      previous.removeAll(keepingCapacity: true)
      index.append(number: Self.key(string))
      index.append(number: UInt64(blocks.offset))
    }
    FrontCoding.append(string, after: previous, to: &blocks.entries)
    previous.removeAll(keepingCapacity: true)
    previous.append(string)
    count += 1

    let wordForm = words.count == 0 ? Form.none : words.count == 1 ? Form.one : Form.list
    var definitionForm = definitions.count == 0 ? Form.none : Form.list
    if definitions.count == 1, definitions.codes[0] == 0 {
      definitionForm = wordForm == Form.one && words.chunks[0] == definitions.chunks[0] ? Form.same : Form.one
    }
    let detail = wordForm == Form.one ? words.codes[0] : words.count <= 15 ? UInt8(words.count) : 0
    blocks.entries.append(wordForm | definitionForm << 2 | detail << 4)
    append(words, form: wordForm, isCountKnown: detail != 0, lengths: lengths)
    append(definitions, form: definitionForm, isCountKnown: false, lengths: lengths)
  }

  private mutating func append(_ run: PostingRun, form: UInt8, isCountKnown: Bool, lengths: [UInt8]) {
    if form == Form.one {
      blocks.entries.append(varint: Int(run.chunks[0]))
    } else if form == Form.list {
      let start = blocks.lists.count
      postings.append(chunks: run.chunks, codes: run.codes, lengths: lengths.span, to: &blocks.lists)
      if isCountKnown { return }
      blocks.entries.append(varint: run.count)
      blocks.entries.append(varint: blocks.lists.count - start)
    }
  }

  /// The bytes since the last call.
  mutating func take() -> [UInt8] { blocks.take() }

  /// Ends the last block.
  mutating func finish() { blocks.finishBlock() }

  /// What the index knows of a string: strings in order have keys in order.
  static func key(_ string: Span<UInt8>) -> UInt64 {
    var key: UInt64 = 0
    for i in 0..<8 { key = key << 8 | (i < string.count ? UInt64(string[i]) : 0) }
    return key
  }
}
