package import HTTP
package import Primitives

/// Where a Qdrant server is, and how long it is waited for.
package struct QdrantOptions: Hashable, Sendable {
  /// Where a server listens when nobody has configured it.
  package static let usualAddress = "http://localhost:6333"
  /// The variable that holds the key, unless another one is named.
  package static let usualKeyVariable = "QDRANT_API_KEY"

  /// `http://` or `https://`; a path in front of the interface's own is kept.
  package var address = Self.usualAddress
  /// The environment variable that holds the key. The usual one may be unset: a server may ask for none.
  package var keyVariable = Self.usualKeyVariable
  /// The longest silence to bear, and half of the longest time for one whole answer.
  package var timeLimit: Duration = .seconds(60)
  /// How many requests are sent at once.
  package var requestsInFlight = 4

  package init() {}

  /// The address as it is asked. Throws `.invalidArgument` for what is no URL or has a query.
  package func webAddress() throws(Failure) -> WebAddress {
    let parsed: WebAddress
    do throws(Failure) { parsed = try WebAddress(address) } catch {
      var failure = error
      failure.message = failure.message.replacing("an endpoint", with: "the Qdrant server", maxReplacements: 1)
      throw failure
    }
    guard !parsed.target.contains("?") else {
      throw Failure(.invalidArgument, "the address of the Qdrant server must have no query: \(parsed.hostAndPort)")
    }
    return parsed.withoutSuffix("/dashboard")
  }

  /// The key; nil where there is none. Throws `.unauthorized` where a variable that somebody named is not set.
  package func key(in environment: [String: [UInt8]]) throws(Failure) -> EndpointKey? {
    if keyVariable == Self.usualKeyVariable, environment[keyVariable] ?? [] == [] { return nil }
    return try EndpointKey(variable: keyVariable, environment: environment)
  }
}
