import Glibc
import Primitives

/// Files that programs keep a login in now and then: settings of package managers, variables of a directory, of
/// Terraform, of Docker and Kubernetes. Unlike a file that `SecretName` knows, each is a secret only where it holds
/// one.
enum LoginFile {
  /// Whether the file at `path` is such a file and holds a login that is no reference to a variable and no gap to be
  /// filled in.
  static func isIn(_ content: Span<UInt8>, path: FilePath) -> Bool {
    let name = path.lastComponent.bytes
    guard let form = Self.form(name, path) else { return false }
    if case .kubernetes(isOwn: false) = form, !mayHoldKey(content) { return false }
    let bytes = FirstBytes(content, limit: 256_000).bytes
    switch form {
    case .lines(let lines): return bytes.split(separator: .newline).contains { lines.isLogin($0) }
    case .fields(let fields): return fields.areIn(bytes)
    case .appleKey: return !bytes.starts(with: "pico-8 cartridge".utf8)
    case .kubernetes(let isOwn):
      return holdsKey(bytes)
        || isOwn && bytes.split(separator: .newline).contains { kubernetesLines.isLogin($0) }
    }
  }

  private enum Form {
    case lines(Lines)
    case fields(Fields)
    /// Apple's keys share their extension with games of PICO-8.
    case appleKey
    /// - Parameter isOwn: it is `.kube/config`, and not one that may be one.
    case kubernetes(isOwn: Bool)
  }

  private static func form(_ name: [UInt8], _ path: FilePath) -> Form? {
    if let lines = named[name] { return .lines(lines) }
    if let fields = withFields[name] { return .fields(fields) }
    if name.suffix(3).elementsEqual(".p8".utf8) { return .appleKey }
    if name.suffix(7).elementsEqual(".tfvars".utf8) || name.suffix(12).elementsEqual(".tfvars.json".utf8) {
      return SecretName.isTemplate(name.span) ? nil : .lines(terraform)
    }
    if name == dockerName || name.elementsEqual(".dockerconfigjson".utf8) { return .fields(docker) }
    if name.elementsEqual("config".utf8), path.parent.lastComponent.bytes.elementsEqual(".kube".utf8) {
      return .kubernetes(isOwn: true)
    }
    if name.elementsEqual("auth.json".utf8), path.parent.lastComponent.bytes.elementsEqual(".composer".utf8) {
      return .fields(composer)
    }
    if name.elementsEqual("settings.xml".utf8), path.parent.lastComponent.bytes.elementsEqual(".m2".utf8) {
      return .lines(maven)
    }
    if name.starts(with: "wg".utf8), name.suffix(5).elementsEqual(".conf".utf8) { return .lines(wireGuard) }
    if name.elementsEqual("kubeconfig".utf8) || name.suffix(5).elementsEqual(".yaml".utf8)
      || name.suffix(4).elementsEqual(".yml".utf8) || name.suffix(5).elementsEqual(".conf".utf8)
      || name.suffix(11).elementsEqual(".kubeconfig".utf8)
    {
      return .kubernetes(isOwn: false)
    }
    return nil
  }

  /// How a line of one kind of file says a name and a value.
  private struct Lines {
    /// One of them is part of the name, whatever its case.
    var names: [[UInt8]]
    /// What stands between name and value.
    var separators: [UInt8]
    /// A value without quotes is an expression.
    var isQuoted = false

    init(_ names: [String], _ separators: String, isQuoted: Bool = false) {
      self.names = names.map { Array($0.utf8) }
      self.separators = Array(separators.utf8)
      self.isQuoted = isQuoted
    }

    func isLogin(_ line: ArraySlice<UInt8>) -> Bool {
      guard let end = line.firstIndex(where: separators.contains) else { return false }
      let name = Array(line[..<end]).asciiLowercased
      let first = name.first { $0 != .space && $0 != .tab }
      guard first != UInt8(ascii: "#"), first != UInt8(ascii: ";"),
        names.contains(where: { name[...].firstRange(of: $0) != nil })
      else { return false }
      var value = line[(end + 1)...].drop { $0 == .space || $0 == .tab }
      let quote = value.first
      let hasQuote = quote == .doubleQuote || quote == UInt8(ascii: "'")
      if isQuoted, !hasQuote { return false }
      if hasQuote { value = value.dropFirst() }
      let text = value.prefix { byte in
        hasQuote
          ? byte != quote : byte != .space && byte != .tab && byte != .carriageReturn && byte != UInt8(ascii: ",")
      }
      return LoginFile.isValue(text)
    }
  }

  /// Whether `text` is a value itself.
  private static func isValue(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, first != UInt8(ascii: "$"), first != UInt8(ascii: "%"), first != UInt8(ascii: "<"),
      first != UInt8(ascii: "`"), first != UInt8(ascii: "{"), first != UInt8(ascii: "[")
    else { return false }
    let folded = Array(text).asciiLowercased
    // The place of a secret, a number or a switch.
    if first == .slash || first == .dot || first == UInt8(ascii: "~") || text.allSatisfy(\.isASCIIDigit) {
      return false
    }
    if switches.contains(folded) { return false }
    if folded[...].firstRange(of: gaps.scheme) != nil, !folded.contains(UInt8(ascii: "@")) { return false }
    return folded[...].firstRange(of: gaps.dollar) == nil
      && !gaps.words.contains { folded[...].firstRange(of: $0) != nil }
  }

  private static let switches: Set = Set(
    ["true", "false", "yes", "no", "on", "off", "none", "null", "nil"].map { Array($0.utf8) })
  private static let gaps = (
    dollar: Array("$(".utf8), scheme: Array("://".utf8),
    words: ["example", "changeme", "change-me", "change_me", "your", "placeholder", "redacted", "xxxx", "dummy"].map {
      Array($0.utf8)
    }
  )

  /// Members of JSON whose values are logins, in one line or in several: `"auth": "dXNlcjpwYXNz"`.
  private struct Fields {
    var names: [[UInt8]]
    /// What the file is no such file without.
    var mark: [UInt8]?

    init(_ names: [String], mark: String? = nil) {
      self.names = names.map { Array("\"\($0)\"".utf8) }
      self.mark = mark.map { Array("\"\($0)\"".utf8) }
    }

    func areIn(_ bytes: [UInt8]) -> Bool {
      if let mark, bytes[...].firstRange(of: mark) == nil { return false }
      for name in names {
        var rest = bytes[...]
        while let offset = rest.firstRange(of: name) {
          // A line that is commented out.
          let before = rest[..<offset.lowerBound].last { $0 != .space && $0 != .tab }
          rest = rest[offset.upperBound...].drop { $0 == .space || $0 == .tab || $0 == UInt8(ascii: ":") }
          guard before != .slash, rest.first == .doubleQuote else { continue }
          let text = rest.dropFirst().prefix { $0 != .doubleQuote }
          if text.count >= 4, LoginFile.isValue(text) { return true }
        }
      }
      return false
    }
  }

  /// Whether a private key in base 64 stands behind its mark: what it begins with says so.
  private static func holdsKey(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while let offset = rest.firstRange(of: kubernetesKey) {
      rest = rest[offset.upperBound...].drop { $0 == .space || $0 == .tab || $0 == .doubleQuote }
      let text = rest.prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "+") || $0 == .slash }
      if text.count >= 100, text.starts(with: armour) { return true }
    }
    return false
  }

  /// A look at every byte of what may be a kubeconfig, at the speed of memory.
  private static func mayHoldKey(_ content: Span<UInt8>) -> Bool {
    let mark = kubernetesKey
    return unsafe content.withUnsafeBufferPointer { (bytes) -> Bool in
      guard let base = bytes.baseAddress else { return false }
      var offset = mark.count - 1
      while offset < bytes.count,
        let found = unsafe memchr(base + offset, Int32(UInt8(ascii: ":")), bytes.count - offset)
      {
        offset = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
        if unsafe memcmp(base + (offset - mark.count), mark, mark.count) == 0 { return true }
      }
      return false
    }
  }

  private static let dockerName = Array("config.json".utf8)
  /// `-----BEGIN ` in base 64.
  private static let armour = Array("LS0tLS1CRUdJTi".utf8)
  private static let kubernetesKey = Array("client-key-data:".utf8)
  private static let kubernetesLines = Lines([" token", " password", " client-secret"], ":")
  private static let words = [
    "password", "passwd", "secret", "token", "api_key", "apikey", "access_key", "private_key", "credential",
  ]
  private static let docker = Fields(["auth", "identitytoken", "registrytoken"], mark: "auths")
  private static let composer = Fields(["password", "github.com", "gitlab.com", "token"])
  private static let maven = Lines(["<password", "<passphrase"], ">")
  private static let wireGuard = Lines(["privatekey", "presharedkey"], "=")
  private static let terraform = Lines(words, "=:", isQuoted: true)
  private static let named: [[UInt8]: Lines] = [
    Array(".npmrc".utf8): Lines(["_authtoken", "_auth", "_password"], "="),
    Array(".yarnrc.yml".utf8): Lines(["npmauthtoken", "npmauthident"], ":"),
    Array(".pypirc".utf8): Lines(["password"], "=:"),
    Array(".envrc".utf8): Lines(words, "="),
    Array("rclone.conf".utf8): Lines(["pass", "token", "secret"], "="),
  ]
  private static let withFields: [[UInt8]: Fields] = [
    Array("sftp-config.json".utf8): Fields(["password", "passphrase"]),
    Array("sftp.json".utf8): Fields(["password", "passphrase"]),
    Array(".ftpconfig".utf8): Fields(["pass", "passphrase"]), Array("kaggle.json".utf8): Fields(["key"]),
  ]
}
