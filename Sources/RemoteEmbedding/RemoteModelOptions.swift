package import HTTP
package import Primitives

/// Which model at which endpoint, and how it is asked.
package struct RemoteModelOptions: Hashable, Sendable {
  /// The base address of an OpenAI-compatible API, such as `https://api.openai.com/v1`; with `/embeddings` at its end
  /// or not.
  package var endpoint: String
  /// As the endpoint calls it: `text-embedding-3-small`, `nomic-embed-text`.
  package var model: String
  /// The environment variable that holds the key; empty if the endpoint asks for none.
  package var keyVariable = ""
  /// Asked of the endpoint where the model has several sizes; nil takes what the model gives.
  package var requestedDimensions: Int?
  /// Put before a query and before a document, for models that were trained so.
  package var queryPrefix = ""
  package var documentPrefix = ""
  /// A longer text is cut; in estimated tokens. Endpoints differ: a text that one refuses is cut further.
  package var textTokenLimit = 8000
  /// The most texts, and the most estimated tokens, in one request.
  package var batchTextCount = 64
  package var batchTokenCount = 60_000
  package var requestsInFlight = 4
  /// 0 is no limit.
  package var requestsPerMinute = 0
  package var tokensPerMinute = 0
  /// The longest silence of the endpoint; a whole answer may take twice as long.
  package var timeLimit = Duration.seconds(60)

  package init(endpoint: String, model: String) {
    self.endpoint = endpoint
    self.model = model
  }

  package func address() throws(Failure) -> WebAddress {
    try WebAddress(endpoint).withoutSuffix("/embeddings")
  }

  /// What the model is called in an index: with the endpoint's host, since any other may give it another meaning.
  package func modelName() throws(Failure) -> String { modelName(at: try address()) }

  func modelName(at address: WebAddress) -> String { "\(model)@\(address.hostAndPort)" }

  /// What a user must know before the first request: where what goes.
  package func statementOfWhatLeaves() throws(Failure) -> String {
    let address = try address()
    let host = address.hostAndPort
    if address.isThisMachine {
      return "the text of every indexed chunk with the end of its path, and every query, go to \(host), a server on "
        + "this machine, for the model \(model)"
    }
    var statement =
      "the text of every indexed chunk with the end of its path, and every query, leave this machine for \(host), for "
      + "the model \(model)"
    if !keyVariable.isEmpty { statement += ", with the key in \(keyVariable)" }
    if !address.isEncrypted { statement += "; NOT ENCRYPTED: anyone on the way can read it" }
    return statement
  }
}
