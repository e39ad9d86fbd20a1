import CPostgres
package import Primitives

extension Failure {
  /// What a connection that fails comes to. What libpq says has no password in it.
  init(connection said: String, to address: PostgresAddress, wantsPassword: Bool) {
    let lines = said.split(separator: "\n").map { $0.trimmingSpace() }.filter { !$0.isEmpty }
    let cause = lines.isEmpty ? nil : lines.joined(separator: "; ")
    if wantsPassword || said.contains("password authentication failed") {
      self.init(
        .storeRefused,
        "\(address) wants a password: put it into the variable PGPASSWORD, or into the file ~/.pgpass "
          + "(host:port:database:user:password, mode 0600)", cause: cause)
    } else if said.contains("FATAL") && (said.contains("role \"") || said.contains("pg_hba.conf")) {
      self.init(
        .storeRefused, "\(address) refuses the user: check the user's name, and pg_hba.conf of the server", cause: cause
      )
    } else if said.contains("FATAL") && said.contains("database \"") && said.contains("does not exist") {
      self.init(
        .storeRefused, "\(address) has no such database: have its owner make it (createdb)", cause: cause)
    } else {
      self.init(
        .storeUnavailable,
        "nothing answers at \(address), or the connection was lost: check the address, and that the "
          + "server runs", cause: cause)
    }
  }

  /// What the server said of a statement, by its SQLSTATE.
  init(postgres result: PostgresResult, from address: PostgresAddress) {
    let state = result.field(Int(CPOSTGRES_SQLSTATE)) ?? ""
    let said = result.field(Int(CPOSTGRES_PRIMARY)) ?? "no reason given"
    let hint = result.field(Int(CPOSTGRES_HINT)).map { " (\($0))" } ?? ""
    let cause = "SQLSTATE \(state)"
    switch state.prefix(2) {
    case "08": self.init(.storeUnavailable, "\(address) was lost: \(said)", cause: cause)
    case "57" where state == "57014": self.init(.timedOut, "\(address) ended the statement: \(said)", cause: cause)
    // The session was ended, since it was idle in the middle of a transaction.
    case "25" where state == "25P03":
      self.init(.storeUnavailable, "\(address) has ended the session: \(said)", cause: cause)
    // Shut down, restarting, or not yet up.
    case "57": self.init(.storeUnavailable, "\(address) does not take statements now: \(said)", cause: cause)
    case "28": self.init(.storeRefused, "\(address) refuses the user: \(said)", cause: cause)
    case "42" where state == "42501":
      self.init(.storeRefused, "the user of \(address) lacks a right: \(said)\(hint)", cause: cause)
    case "40", "55":
      // A deadlock or a serialisation failure: the same again may succeed.
      self.init(.storeBusy, "\(address) could not do it now: \(said)", cause: cause)
    case "53":
      self.init(
        state == "53100" ? .diskFull : .storeBusy, "\(address) has not enough of something: \(said)\(hint)",
        cause: cause)
    default: self.init(.storeError, "\(address) did not do what was asked: \(said)\(hint)", cause: cause)
    }
  }

  /// The SQLSTATE of what a server said.
  package var postgresState: Substring? {
    guard let cause, cause.hasPrefix("SQLSTATE ") else { return nil }
    return cause.dropFirst(9)
  }
}

extension Failure.Code {
  /// It may do the same a moment later.
  package static let storeBusy = Self(rawValue: "store-busy")
  package static let storeError = Self(rawValue: "store-error")
}

extension Substring {
  fileprivate func trimmingSpace() -> Substring {
    var text = self
    while text.first == " " || text.first == "\t" { text = text.dropFirst() }
    return text
  }
}
