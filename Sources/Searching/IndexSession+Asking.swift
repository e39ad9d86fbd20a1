package import Answering
package import HTTP
import Inspection
package import Primitives
import Retrieval
import Settings

// What goes to a chat model, and what its answer is held against.

/// What was retrieved for a question, as a model is told it.
package struct PackedContext: Sendable {
  package let prompt: AnswerPrompt
  let names: PassageNames

  /// Packs the best of `found`, the best first, into a prompt of about `tokenLimit` tokens.
  package init(
    _ found: [(path: FilePath, language: String, firstLine: Int, lines: [String])], for question: String,
    tokenLimit: Int
  ) {
    let names = PassageNames(found.map(\.path))
    let passages = found.map {
      Passage(
        path: names.name(of: $0.path) ?? "", language: $0.language,
        isProse: Language.named($0.language).map { $0.kind == .prose } ?? false, firstLine: $0.firstLine,
        lines: $0.lines)
    }
    let rules = AnswerPrompt(question: question, passages: []).tokenCount
    prompt = AnswerPrompt(
      question: question, passages: ContextPacking.pack(passages, tokenLimit: tokenLimit - rules))
    self.names = names
  }

  /// What the prompt shows, with the paths in place of the names that it has there.
  package var excerpts: [(path: FilePath, language: String, lines: ClosedRange<Int>, text: [String])] {
    prompt.passages.map { (names.path(named: $0.path) ?? FilePath($0.path), $0.language, $0.lineRange, $0.lines) }
  }
}

extension IndexSession {
  /// Whether the file is not to be sent: it holds a secret, or cannot be read now. One with a secret is in an index
  /// only if somebody wanted it there, and wanting it found is not wanting it sent.
  package func holdsSecret(_ path: FilePath) -> Bool {
    var reader = SourceReader(tree)
    return holdsSecret(path, &reader)
  }

  /// The same of what `reader` has read, or reads.
  func holdsSecret(_ path: FilePath, _ reader: inout SourceReader) -> Bool {
    // What is in a shared index was examined when it was indexed, and may be in no directory here.
    guard let bytes = reader.bytes(of: path) else { return shared == nil }
    return ContentInspector().holdsSecret(bytes.span, path: path)
  }

  /// The lines of the file as it is now, whole: of a long one a model sees a part. Nil if it cannot be read.
  package func lines(of path: FilePath) -> [String]? {
    var reader = SourceReader(tree)
    guard let text = reader.text(of: path) else { return nil }
    return (0..<text.lineCount).map { text.line($0 + 1, limit: 1 << 32) }
  }

  /// The chat model that answers from `context`, at the address that is set, and where it is. Throws where a project's
  /// settings would send more than the user's own do, and as `ChatServer.model` does.
  package func chatModel(
    _ named: String?, for context: PackedContext
  ) throws(Failure) -> (model: ChatModel, address: WebAddress) {
    try settings.checkProjectWidensNothing(environment)
    let variable = settings.text(.llmKeyVariable)
    let endpoint = settings.text(.llmEndpoint)
    let server = ChatServer(
      address: endpoint, keyVariable: variable, key: environment.bytes(of: variable),
      codeModel: settings.text(.codeLLMModel), generalModel: settings.text(.generalLLMModel),
      requestsPerMinute: settings.integer(.requestsPerMinute),
      timeLimit: .seconds(settings.integer(.requestTimeoutSeconds)))
    return (try server.model(named, for: context.prompt.passages), try WebAddress(endpoint))
  }

  /// The places that an answer cites, in their order, each with what is true of it and the file that it names, if it
  /// names one.
  package func citations(
    in answer: String, of context: PackedContext
  ) -> [(citation: Citation, verdict: CitationVerdict, file: FilePath?)] {
    let (passages, names) = (context.prompt.passages, context.names)
    var files: [String: [String]] = [:]
    for path in Set(passages.map(\.path)) { files[path] = names.path(named: path).flatMap { lines(of: $0) } }
    let check = CitationCheck(passages) { [files] in files[$0] }
    return CitationScanner(knownPaths: passages.map(\.path)).citations(in: answer).map {
      ($0, check.verdict(on: $0), names.path(named: $0.path))
    }
  }
}
