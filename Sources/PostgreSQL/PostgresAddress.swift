import CPostgres
package import Primitives

/// Where a database is, and as whom: what a `postgres://` URL says. It never holds a password: those come from
/// `PGPASSWORD`, or from the password file (`PGPASSFILE`, `~/.pgpass`), which libpq reads itself.
package struct PostgresAddress: Hashable, Sendable, CustomStringConvertible {
  /// The parameters of the connection by libpq's names, sorted.
  let parameters: [Parameter]

  struct Parameter: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// Throws `.invalidArgument` for what libpq cannot read, and for a URL with a password in it: command lines are seen
  /// by every user of a machine, and files with settings are copied. Throws `.missingLibrary` without libpq.
  package init(_ text: String) throws(Failure) {
    try PostgresLibrary.load()
    guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
      throw Failure(
        .invalidArgument, "the address of a PostgreSQL server begins with postgres://: postgres://user@host/database")
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw Failure(.invalidArgument, "the address of the PostgreSQL server holds a space or a control character")
    }
    var parameters: [Parameter] = []
    var message: UnsafeMutablePointer<CChar>?
    guard let options = unsafe cpostgres_parse(text, &message) else {
      // What libpq says of an address may quote it, with a password in it.
      if let message = unsafe message { unsafe cpostgres_free(message) }
      throw Failure(
        .invalidArgument,
        "the address of the PostgreSQL server cannot be read; write postgres://user@host:port/database")
    }
    defer { unsafe cpostgres_free_options(options) }
    var option = unsafe options
    while let keyword = unsafe option.pointee.keyword {
      let name = unsafe String(cString: keyword)
      if let value = unsafe option.pointee.value {
        if name == "password" || name == "sslpassword" {
          throw Failure(
            .invalidArgument,
            "the address of the PostgreSQL server holds a password, which other users of this machine could see: take "
              + "it out, and put it into the variable PGPASSWORD, or into the file ~/.pgpass (host:port:database:user:"
              + "password, mode 0600)")
        }
        parameters.append(Parameter(name: name, value: unsafe String(cString: value)))
      }
      unsafe option += 1
    }
    self.parameters = parameters.sorted { $0.name < $1.name }
  }

  subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

  /// Whether every host of it is this machine.
  var isLocal: Bool {
    let hosts = (self["host"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
    return hosts.allSatisfy {
      $0.isEmpty || $0.hasPrefix("/") || $0.hasPrefix("@") || Self.loopback.contains(String($0))
    }
  }
  private static let loopback: Set<String> = ["localhost", "127.0.0.1", "::1"]

  /// As a person writes it, without what might be secret.
  package var description: String {
    let host = self["host"] ?? "local socket"
    let port = self["port"].map { ":\($0)" } ?? ""
    return "postgres://" + (self["user"].map { "\($0)@" } ?? "") + host + port + (self["dbname"].map { "/\($0)" } ?? "")
  }
}

/// libpq, loaded when it is first needed.
enum PostgresLibrary {
  /// Throws `.missingLibrary` where it is not installed, or too old.
  static func load() throws(Failure) {
    var reason = [CChar](repeating: 0, count: 256)
    let isLoaded = unsafe reason.withUnsafeMutableBufferPointer { unsafe cpostgres_load($0.baseAddress, $0.count) } == 0
    if isLoaded { return }
    throw Failure(
      .missingLibrary,
      "a PostgreSQL store needs libpq, which is not installed: on Debian and Ubuntu, `apt-get install libpq5`",
      cause: String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
}
