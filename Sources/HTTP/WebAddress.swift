package import Primitives

/// An `http` or `https` URL, parsed strictly, so that what is checked here is what is asked for.
package struct WebAddress: Hashable, Sendable {
  package let isEncrypted: Bool
  /// In lower case; an IPv6 address keeps its brackets.
  package let host: String
  package let port: Int
  /// The path and what follows it; begins with `/`.
  package var target: String

  /// Throws `.invalidArgument` for anything else than an absolute http or https URL, and for one that holds a name or a
  /// password: those would end up in logs and messages.
  package init(_ text: String) throws(Failure) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
      throw Self.refusal("the address of an endpoint holds a space or another character that no URL has")
    }
    let rest: Substring
    if text.lowercased().hasPrefix("https://") {
      isEncrypted = true
      rest = text.dropFirst(8)
    } else if text.lowercased().hasPrefix("http://") {
      isEncrypted = false
      rest = text.dropFirst(7)
    } else {
      throw Self.refusal(
        "the address of an endpoint begins with http:// or https://, such as http://localhost:11434/v1")
    }
    let authority = rest.prefix { !"/?#".contains($0) }
    guard !authority.contains("@") else {
      throw Self.refusal("the address of an endpoint must hold no name and no password; keys come from the environment")
    }
    let target = rest.dropFirst(authority.count).prefix { $0 != "#" }
    self.target = target.hasPrefix("/") ? String(target) : "/" + target

    let (name, digits) = Self.split(authority)
    guard !name.isEmpty, name.hasPrefix("[") == name.hasSuffix("]"), !name.contains("%") else {
      throw Self.refusal("the address of an endpoint names no host")
    }
    host = name.lowercased()
    if let digits {
      guard let port = Int(digits), (1...65_535).contains(port), digits.allSatisfy(\.isNumber) else {
        throw Self.refusal("the address of an endpoint has a port that is none")
      }
      self.port = port
    } else {
      port = isEncrypted ? 443 : 80
    }
  }

  /// The host and the text of the port behind it. The colons of an IPv6 address stand in brackets.
  private static func split(_ authority: Substring) -> (host: String, port: String?) {
    let end = authority.firstIndex(of: "]") ?? authority.startIndex
    guard let colon = authority[end...].firstIndex(of: ":") else { return (String(authority), nil) }
    return (String(authority[..<colon]), String(authority[authority.index(after: colon)...]))
  }

  private static func refusal(_ message: String) -> Failure { Failure(.invalidArgument, message) }

  /// Whether the host is this machine, by its address or by the name that every machine gives itself.
  package var isThisMachine: Bool {
    host == "localhost" || host == "[::1]" || host.hasSuffix(".localhost")
      || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
  }

  /// Scheme, host and port are the same: what may be sent to one may be sent to the other.
  package func isSameOrigin(as other: WebAddress) -> Bool {
    isEncrypted == other.isEncrypted && host == other.host && port == other.port
  }

  /// The host, with its port where that is not the usual one. For messages.
  package var hostAndPort: String { port == (isEncrypted ? 443 : 80) ? host : "\(host):\(port)" }
}

extension WebAddress: CustomStringConvertible {
  package var description: String { (isEncrypted ? "https://" : "http://") + hostAndPort + target }
}

extension WebAddress {
  /// The address that `reference` means on a page of this one: absolute, `//host/path`, `/path`, `?query` or `name`.
  package func resolving(_ reference: String) throws(Failure) -> WebAddress {
    if reference.contains("://") { return try WebAddress(reference) }
    let scheme = isEncrypted ? "https:" : "http:"
    if reference.hasPrefix("//") { return try WebAddress(scheme + reference) }
    let path = target.prefix { $0 != "?" }
    let full: String
    if reference.hasPrefix("/") {
      full = reference
    } else if reference.hasPrefix("?") || reference.isEmpty {
      full = path + reference
    } else {
      full = path.prefix(upTo: path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.endIndex) + reference
    }
    return try WebAddress("\(scheme)//\(hostAndPort)\(full)")
  }

  /// The address of `component` below this one: `http://host/v1` and `chat/completions` give
  /// `http://host/v1/chat/completions`. What already ends so is left as it is. A query stays behind it.
  package func appending(_ component: String) -> WebAddress {
    let query = target.drop { $0 != "?" }
    var path = target.dropLast(query.count)
    while path.hasSuffix("/") { path.removeLast() }
    var longer = self
    longer.target = (path.hasSuffix("/" + component) ? String(path) : "\(path)/\(component)") + query
    return longer
  }
  /// The address without slashes and without `suffix` at the end of its path, for a base address that someone wrote
  /// out.
  package func withoutSuffix(_ suffix: String) -> WebAddress {
    var shorter = self
    while shorter.target.count > 1, shorter.target.hasSuffix("/") { shorter.target.removeLast() }
    if shorter.target.hasSuffix(suffix) { shorter.target.removeLast(suffix.count) }
    if shorter.target.isEmpty { shorter.target = "/" }
    return shorter
  }
}
