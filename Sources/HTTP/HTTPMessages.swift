/// What is sent to a server.
package struct HTTPRequest: Hashable, Sendable {
  package var method = "GET"
  /// `http` or `https`.
  package var url: String
  package var headers: [HTTPHeader] = []
  package var body: [UInt8]?
  /// The longest silence to bear, from connecting to the last byte of the answer.
  package var idleTimeLimit: Duration = .seconds(30)
  /// Whether only what the receiver of the body takes for content ends a silence. Else every byte does, so that a
  /// server which sends empty lines is waited for as long as it does.
  package var limitsContent = false
  /// Which setting a message names that allows more; nil where none does.
  package var timeLimitSetting: String? = "request_timeout_s"
  /// The longest time for everything together; nil is without limit.
  package var timeLimit: Duration? = .seconds(120)
  /// An answer with more bytes is refused.
  package var bodyLimit = 256 << 20

  package init(_ method: String = "GET", _ url: String) {
    self.method = method
    self.url = url
  }
}

package struct HTTPHeader: Hashable, Sendable {
  package var name: String
  package var value: String
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What a server answered, whatever its status.
package struct HTTPResponse: Hashable, Sendable {
  package var status: Int
  package var headers: [HTTPHeader]
  package var body: [UInt8]

  package init(status: Int, headers: [HTTPHeader], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of that name, in any case of letters.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
