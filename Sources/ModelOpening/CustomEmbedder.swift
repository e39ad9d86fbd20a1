package import Embedding
package import Primitives

/// An embedder that a program brings, as the rooms take it. Nothing is believed unchecked: each call must give a vector
/// for each text, of as many finite numbers as was said, and vectors are brought to unit length here.
///
/// Throws `embedderFailed` for an error that the program's functions throw and for everything else they give. They are
/// called on the calling thread, but for a query that may be over before its vector is there.
package struct CustomEmbedder: BatchEmbedder {
  /// What the program says of it and has implemented.
  package struct Definition: Sendable {
    package var name: String
    package var version: String
    package var dimensions: Int
    /// The most texts in one call.
    package var batchSize: Int
    package var documents: @Sendable ([String]) throws -> [[Float]]
    package var query: @Sendable (String) throws -> [Float]

    package init(
      name: String, version: String, dimensions: Int, batchSize: Int,
      documents: @escaping @Sendable ([String]) throws -> [[Float]],
      query: @escaping @Sendable (String) throws -> [Float]
    ) {
      self.name = name
      self.version = version
      self.dimensions = dimensions
      self.batchSize = batchSize
      self.documents = documents
      self.query = query
    }
  }

  /// What a segment can hold.
  private static let mostDimensions = 65_536
  /// A name is part of messages and of an index' identity.
  private static let mostNameBytes = 100

  private let definition: Definition
  package let identity: ModelIdentity

  package var name: String { definition.name }
  package var choice: ModelChoice { .custom(name) }
  package var gatheredTextCount: Int { definition.batchSize }

  /// Throws `invalidArgument` for a definition that cannot be told from another, or has no dimensions.
  package init(_ definition: Definition) throws(Failure) {
    try Self.check("name", definition.name)
    try Self.check("version", definition.version)
    let name = definition.name.lowercased()
    guard name != ModelChoice.builtIn.text, !ModelIdentity.isBuiltIn(name) else {
      throw Failure(
        .invalidArgument, "the embedder is called \(definition.name), as the built-in model is: give it another name")
    }
    guard !name.contains("@") else {
      throw Failure(
        .invalidArgument,
        "the embedder is called \(definition.name), and @ stands before the server of a model: leave it out of the name"
      )
    }
    guard (1...Self.mostDimensions).contains(definition.dimensions) else {
      throw Failure(
        .invalidArgument,
        "the embedder \(definition.name) says that its vectors have \(definition.dimensions) dimensions: give it from "
          + "1 to \(Self.mostDimensions)")
    }
    guard definition.batchSize > 0 else {
      throw Failure(
        .invalidArgument,
        "the embedder \(definition.name) takes \(definition.batchSize) texts in a call: let it take 1 or more")
    }
    self.definition = definition
    identity = .custom(name: definition.name, version: definition.version, dimensions: definition.dimensions)
  }

  private static func check(_ what: String, _ text: String) throws(Failure) {
    if text.allSatisfy(\.isWhitespace) {
      throw Failure(
        .invalidArgument, "the embedder has no \(what), by which its vectors are told from others: give it one")
    }
    guard text.utf8.count <= mostNameBytes, !text.unicodeScalars.contains(where: \.isUnseen) else {
      throw Failure(
        .invalidArgument,
        "the \(what) of the embedder must be at most \(mostNameBytes) bytes of characters that can be seen: "
          + visibleName(String(text.prefix(mostNameBytes))))
    }
  }

  // MARK: Vectors

  package func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
    var vectors: [Float] = []
    vectors.reserveCapacity(documents.count * identity.dimensions)
    let callCount = (documents.count + definition.batchSize - 1) / definition.batchSize
    for call in 0..<callCount {
      // All calls about as large as each other: a last one with a single text costs as much as a full one.
      let range = documents.count * call / callCount..<documents.count * (call + 1) / callCount
      let texts = documents[range].map(\.text)
      let made = try answer { try definition.documents(texts) }
      guard made.count == texts.count else {
        throw failure("gave \(made.count) vectors for \(texts.count) texts: it must give one for each, in their order")
      }
      for vector in made { vectors += try unit(vector) }
    }
    return vectors
  }

  package func embed(query: String) throws(Failure) -> [Float] {
    if query.allSatisfy(\.isWhitespace) { return [Float](repeating: 0, count: identity.dimensions) }
    return try unit(answer { try definition.query(query) })
  }

  /// Waits no longer than `context` lasts: what the program's function gives after that is dropped.
  package func embed(query: String, context: SearchContext) throws(Failure) -> [Float] {
    try onBlockingThread(until: context) { Result { () throws(Failure) in try embed(query: query) } }
  }

  /// In double precision, in which the square of no float is too large or too small.
  private func unit(_ vector: [Float]) throws(Failure) -> [Float] {
    guard vector.count == identity.dimensions else {
      throw failure(
        "gave a vector of \(vector.count) numbers where it promised \(identity.dimensions) dimensions: every vector "
          + "must have as many")
    }
    let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard square.isFinite else {
      let component = vector.firstIndex { !$0.isFinite } ?? 0
      throw failure(
        "gave \(vector[component]) as number \(component) of a vector: all must be finite; give zeros for a text that "
          + "it cannot embed")
    }
    if square == 0 { return vector }
    let factor = 1 / square.squareRoot()
    return vector.map { Float(Double($0) * factor) }
  }

  // MARK: Failures

  /// As much as a line can show of what an error says of itself.
  private static let mostCauseCharacters = 500

  private func answer<Value>(_ body: () throws -> Value) throws(Failure) -> Value {
    do { return try body() } catch {
      var failure = failure("threw an error")
      failure.cause = visibleName(String(String(describing: error).prefix(Self.mostCauseCharacters)))
      throw failure
    }
  }

  private func failure(_ message: String) -> Failure { Failure(.embedderFailed, "the embedder \(name) \(message)") }

  /// Why the model of an index cannot be opened where nobody brought its embedder.
  package static let absence = Failure(
    .modelMissing, "it is the embedder of a program, which alone has it: search and index with that program")
}

extension Failure.Code {
  /// An embedder that a program brought threw an error, or gave something else than vectors.
  package static let embedderFailed = Self(rawValue: "embedder-failed")
}
