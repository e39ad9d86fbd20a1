package import Cairn
import Primitives

/// The address of a git repository that may be cloned: over https, ssh, git's own protocol or from a file, without a
/// password. Anything else git could be given, such as `ext::` and other helpers that run programs, is refused.
package struct GitAddress: Hashable, Sendable {
  enum Scheme: String, CaseIterable { case https, ssh, git, file }

  /// As it is stored and shown; it has no secret in it.
  package let text: String
  let scheme: Scheme

  /// Whether somebody means an address by `text`, be it one that can be used or not: it has a scheme, or is written as
  /// `host:path` and no such file is there.
  package static func isMeant(by text: String, isThere: (String) -> Bool) -> Bool {
    if text.contains("://") || text.contains("::") { return true }
    guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/"), colon != text.startIndex else {
      return false
    }
    return !isThere(text)
  }

  /// Throws `.invalidArgument` for what is not such an address. No message repeats what may be a secret.
  package init(_ text: String) throws(CairnError) {
    func mistake(_ message: String) -> CairnError { CairnError(.invalidArgument, message) }
    guard text.utf8.count <= 4_096,
      text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace }),
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .format })
    else { throw mistake("an address has no blanks and no control characters, and at most 4,096 bytes") }
    guard !text.hasPrefix("-") else { throw mistake("an address does not begin with a dash") }
    let parts: (scheme: Scheme, user: Substring, host: Substring)
    if let mark = text.firstRange(of: "://") {
      let name = text[..<mark.lowerBound].lowercased()
      guard let scheme = Scheme(rawValue: name) else {
        throw mistake(
          name == "http"
            ? "an address over http is not protected on its way: write it with https"
            : "a repository is cloned over https, ssh, git or from a file, and from nowhere else")
      }
      let authority = text[mark.upperBound...].prefix { $0 != "/" }
      let at = authority.lastIndex(of: "@")
      parts = (
        scheme, at.map { authority[..<$0] } ?? "", at.map { authority[authority.index(after: $0)...] } ?? authority
      )
      if scheme == .file, !authority.isEmpty || !text[mark.upperBound...].hasPrefix("/") {
        throw mistake("an address of a file is written file:///directory")
      }
    } else {
      // `user@host:path`, as ssh has it.
      guard !text.contains("::"), let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") else {
        throw mistake("this is no address of a repository: write https://host/path, ssh://host/path or host:path")
      }
      let authority = text[..<colon]
      let at = authority.lastIndex(of: "@")
      parts = (
        .ssh, at.map { authority[..<$0] } ?? "", at.map { authority[authority.index(after: $0)...] } ?? authority
      )
      if at == nil, text[colon...].contains("@") {
        throw mistake(
          "the address has a name and what looks like a password before the @: write user@host:path, and use a key")
      }
    }
    guard parts.scheme == .ssh || parts.user.isEmpty, !parts.user.contains(":") else {
      throw mistake(
        "the address has a name or a password in it, which would be kept in a file and shown: write it without, and "
          + "use ssh with a key, or ~/.netrc")
    }
    guard parts.scheme == .file || !parts.host.isEmpty, !parts.host.hasPrefix("-"), !parts.user.hasPrefix("-") else {
      throw mistake("the address names no host")
    }
    guard !text.contains("?"), !text.contains("#") else {
      throw mistake("an address of a repository has no ? and no #")
    }
    self.text = text
    scheme = parts.scheme
  }

  /// The last component of its path, without `.git`.
  package var lastComponent: [UInt8] {
    var bytes = Array(text.utf8)
    while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    let start = bytes.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }.map { $0 + 1 } ?? 0
    bytes = Array(bytes[start...])
    if bytes.count > 4, bytes.suffix(4).elementsEqual(".git".utf8) { bytes.removeLast(4) }
    return bytes
  }
}
