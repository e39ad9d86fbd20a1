/// What embedding at an endpoint took.
package struct RemoteReport: Hashable, Sendable {
  /// With those that failed.
  package var requestCount: Int
  package var retryCount: Int
  package var textCount: Int
  /// Texts whose end was not embedded, because it was too long for the model.
  package var cutTextCount: Int
  package var sentByteCount: Int
  package var receivedByteCount: Int
}
