package import Answering
import Inspection
package import Primitives
import Retrieval
import Settings

// What goes to a chat model, and what its answer is held against.

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

  /// The chat model that answers from `passages`, at the address `endpoint`. Throws where a project's settings would
  /// send more than the user's own do, and as `ChatServer.model` does.
  package func chatModel(
    at endpoint: String, _ named: String?, for passages: [Passage]
  ) throws(Failure) -> ChatModel {
    try settings.checkProjectWidensNothing(environment)
    let variable = settings.text(.llmKeyVariable)
    let server = ChatServer(
      address: endpoint, keyVariable: variable, key: environment.bytes(of: variable),
      codeModel: settings.text(.codeLLMModel), generalModel: settings.text(.generalLLMModel),
      requestsPerMinute: settings.integer(.requestsPerMinute),
      timeLimit: .seconds(settings.integer(.requestTimeoutSeconds)))
    return try server.model(named, for: passages)
  }

  /// The places that an answer cites, in their order, each with what is true of it and the file that it names, if it
  /// names one.
  package func citations(
    in answer: String, of passages: [Passage], _ names: PassageNames
  ) -> [(citation: Citation, verdict: CitationVerdict, file: FilePath?)] {
    var files: [String: [String]] = [:]
    for path in Set(passages.map(\.path)) { files[path] = names.path(named: path).flatMap { lines(of: $0) } }
    let check = CitationCheck(passages) { [files] in files[$0] }
    return CitationScanner(knownPaths: passages.map(\.path)).citations(in: answer).map {
      ($0, check.verdict(on: $0), names.path(named: $0.path))
    }
  }
}
